// `npm run bench -- --lint`: the gate against the usual ways, on files of this machine; with a base, with its cache, and over growing sizes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../catalogue.ts';
import { type BenchImage, changedImage, shareImage } from './lint-images.ts';
import { type Measured, measured } from './measure.ts';

/** The last is measured against the one before: twice the size. */
const SIZES = [0.25, 0.5, 1];
const MEMORY_MAX = 450;

/**
 * In each round all ways run one behind the other, so that a machine that has other work slows them alike.
 * @param share of the machine's files that the image holds
 * @param parts of `verify`, `base`, `cache`, `yara`, `archives`, `growth`; all of them when there is none
 */
export async function lintFigures(
  folder: string,
  { rounds, parts, share }: { readonly rounds: number; readonly parts: readonly string[]; readonly share: number },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const wants = (part: string) => parts.length === 0 || parts.includes(part);
  const image = await shareImage(folder, share);
  const changed = changedImage(folder, image, share);
  console.log(`image: ${image.files} files, ${gigabytes(image.bytes)} of content in a WIM of ${gigabytes(image.stored)}`);
  const plain = ['--no-archives', '--no-cache'];
  const fullLint = (memory: boolean) => lintOf(folder, image.path, plain, memory);
  const ways: readonly Way[] = [
    { part: 'verify', what: 'full lint / wimlib-imagex verify', limit: 1, run: () => measured(['wimlib-imagex', 'verify', image.path]) },
    {
      part: 'base',
      what: 'lint with --base, 1 % changed / full lint',
      limit: 0.2,
      ofFull: true,
      run: (memory) => lintOf(folder, changed, [...plain, '--base', image.path], memory),
    },
    {
      part: 'cache',
      what: 'lint with a warm cache / full lint',
      limit: 0.15,
      ofFull: true,
      run: (memory) => lintOf(folder, image.path, ['--no-archives'], memory),
    },
    { part: 'yara', what: 'full lint / extract + yara -r -N', limit: 0.25, run: () => extractAndScan(folder, image) },
  ];
  const chosen = ways.filter(({ part }) => wants(part));
  if (wants('cache')) {
    rmSync(join(folder, 'cache'), { recursive: true, force: true });
    await lintOf(folder, image.path, ['--no-archives']);
  }
  const full: Measured[] = [];
  const others = new Map(chosen.map((way) => [way, [] as Measured[]]));
  for (let round = 0; round < rounds && chosen.length > 0; round++) {
    full.push(await fullLint(false));
    for (const way of chosen) others.get(way)!.push(await way.run(false));
  }
  for (const way of chosen) print(way, full, others.get(way)!);
  if (chosen.length > 0) printPeak('full lint', (await fullLint(true)).megabytes);
  for (const way of chosen) if (way.ofFull) printPeak(way.what, (await way.run(true)).megabytes);
  if (wants('archives')) {
    const opened = await lintOf(folder, image.path, ['--no-cache'], true);
    const closed = await fullLint(true);
    console.log(
      `archives opened as well: ${opened.seconds.toFixed(1)} s in all, ${(opened.seconds - closed.seconds).toFixed(1)} s for them, ${opened.megabytes} MB`,
    );
  }
  if (wants('growth')) await growth(folder, rounds);
}

interface Way {
  readonly part: string;
  readonly what: string;
  readonly limit: number;
  /** The full lint is what it is a part of, not a part of it. */
  readonly ofFull?: true;
  readonly run: (memory: boolean) => Promise<Measured>;
}

/** The sizes run one behind the other in each round; of each the median counts. */
async function growth(folder: string, rounds: number): Promise<void> {
  const runs = new Map<BenchImage, Measured[]>();
  for (const share of SIZES) runs.set(await shareImage(folder, share), []);
  for (let round = 0; round < rounds; round++)
    for (const [image, measures] of runs) measures.push(await lintOf(folder, image.path, ['--no-cache', '--no-archives'], true));
  const peaks: number[] = [];
  for (const [image, measures] of runs) {
    const middle = (of: (run: Measured) => number) => median(measures.map(of));
    const cpu = middle((run) => run.cpu);
    peaks.push(middle((run) => run.megabytes));
    console.log(
      `${image.files} files, ${gigabytes(image.bytes)}: ${middle((run) => run.seconds).toFixed(1)} s, ${cpu.toFixed(1)} s of processor (${(cpu / (image.bytes / 1e9)).toFixed(2)} a GB), ${measures.map(({ megabytes }) => megabytes).join(', ')} MB`,
    );
  }
  const [half, whole] = peaks.slice(-2) as [number, number];
  printPeak('full lint', whole);
  console.log(`${judged(whole / half, 1.1)}  peak memory at twice the size: ${(whole / half).toFixed(2)} times as much, at most 1.10`);
}

/** Where the report of the last run lies. */
export function lintReport(folder: string): string {
  return join(folder, 'lint-report.json');
}

/** The gate as a user runs it; whatever its verdict is. */
export function lintOf(folder: string, path: string, words: readonly string[], memory = false): Promise<Measured> {
  const report = lintReport(folder);
  return measured(
    [process.execPath, join(repository, 'dist/cli/main.js'), 'lint', path, '--format', 'json', '--output', report, ...words],
    {
      cwd: folder,
      env: { XDG_CACHE_HOME: join(folder, 'cache') },
      codes: [0, 1, 2],
      memory,
    },
  );
}

/** The same signatures by the classic tool, over files on the disk; links are not followed, else it does not end. */
async function extractAndScan(folder: string, image: BenchImage): Promise<Measured> {
  const tree = join(folder, 'extracted');
  rmSync(tree, { recursive: true, force: true });
  const rules = join(repository, 'rules/yara');
  const named = readdirSync(rules).map((name) => `${name.replace(/\W/g, '_')}:${join(rules, name)}`);
  const extract = await measured(['wimlib-imagex', 'apply', image.path, '1', tree, '--no-acls', '--no-attributes']);
  const scan = await measured(['yara', '-r', '-N', ...named, tree]);
  rmSync(tree, { recursive: true, force: true });
  // What the disk has still to do for it is not to slow the next one down.
  spawnSync('sync');
  return {
    seconds: extract.seconds + scan.seconds,
    cpu: extract.cpu + scan.cpu,
    megabytes: 0,
    code: scan.code,
  };
}

function print({ what, limit, ofFull }: Way, full: readonly Measured[], other: readonly Measured[]): void {
  const [ours, theirs] = ofFull ? [other, full] : [full, other];
  const ratio = (of: (run: Measured) => number) => median(ours.map((run, at) => of(run) / of(theirs[at]!)));
  const seconds = ratio((run) => run.seconds);
  const runs = ours.map((run, at) => `${run.seconds.toFixed(2)}/${theirs[at]!.seconds.toFixed(2)} s`).join(', ');
  console.log(
    `${judged(seconds, limit)}  ${what}: ${seconds.toFixed(3)}, at most ${limit} (${runs}; processor ${ratio(({ cpu }) => cpu).toFixed(2)})`,
  );
}

function printPeak(what: string, megabytes: number): void {
  console.log(`${judged(megabytes, MEMORY_MAX)}  peak memory of all processes, ${what}: ${megabytes} MB, at most ${MEMORY_MAX}`);
}

const judged = (value: number, limit: number) => (value <= limit ? 'ok' : 'OVER');
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
