// `npm run bench`: how long and how large, against the usual way with the same machine, files and writes. Not a test; prints a table and JSON.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hivePath } from '../../image/hive-path.ts';
import type { HiveName } from '../../image/image.ts';
import { measureDisks, printDisks } from './bench/disks.ts';
import { falsePositives } from './bench/false-positives.ts';
import { largeImage, manyFilesImage } from './bench/images.ts';
import { lintFigures } from './bench/lint.ts';
import { BUILD, type Built, inNode, OURS } from './bench/own-process.ts';
import { exampleConfig, printCost, stepsCost } from './bench/steps.ts';
import { repository } from './catalogue.ts';
import { makeBaseImage, makeUsedImage } from './fixtures.ts';

const folder = join(repository, '.cache/bench');
const config = join(folder, 'build.config.ts');
const output = join(folder, 'built.wim');
const PAIRS = 5;

interface Figure {
  readonly what: string;
  readonly ours: number;
  readonly theirs?: number;
  readonly limit: number;
  readonly unit: 's' | 'MB' | 'ratio';
}

if (process.argv.includes('--false-positives')) {
  process.exit((await falsePositives(folder)) > 0 ? 1 : 0);
}

if (process.argv.includes('--steps')) {
  mkdirSync(folder, { recursive: true });
  // The first file after the option is measured in place of the base image of the demo.
  const given = process.argv[process.argv.indexOf('--steps') + 1];
  const base = given ?? (await makeBaseImage(folder));
  if (given === undefined) await makeUsedImage(base);
  const cost = stepsCost(folder, resolve(base), PAIRS);
  printCost(cost);
  console.log(JSON.stringify(cost));
  process.exit(0);
}

if (process.argv.includes('--disks')) {
  printDisks(await measureDisks(folder));
  process.exit(0);
}

const lintAt = process.argv.indexOf('--lint');
if (lintAt >= 0) {
  const parts = process.argv.slice(lintAt + 1).filter((word) => /^[a-z]+$/.test(word));
  const share = Number(process.env['SHARE'] ?? 1);
  // A folder of its own: the lint would load a build.config.ts that lies where it runs.
  await lintFigures(join(folder, 'lint'), { rounds: Number(process.env['ROUNDS'] ?? 3), parts, share });
  process.exit(0);
}

/** Code for a process of its own; it prints JSON. */
const JOURNAL = `
import { dryRun } from ${OURS};
const { run } = await dryRun(process.argv[1]);
const edits = [...run.journal.fileEdits];
const hives = [...run.journal.hiveEdits].map(([name]) => name);
console.log(JSON.stringify({ written: [...edits.filter((e) => e.kind === 'write').map((e) => e.path), ...hives], removed: edits.filter((e) => e.kind === 'remove').map((e) => e.path) }));
`;
const LIST = `
import { openContainer } from ${OURS};
const container = await openContainer(process.argv[1]);
const image = await container.open(1);
let entries = 0;
for await (const file of image.walk()) entries += file.path.length > 0 ? 1 : 0;
await container.close();
console.log(JSON.stringify({ entries, seconds: performance.now() / 1000 }));
`;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function timed(run: () => void): number {
  const begun = performance.now();
  run();
  return (performance.now() - begun) / 1000;
}

function tool(...args: string[]): void {
  execFileSync('wimlib-imagex', args, { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 2 ** 28 });
}

/**
 * `cp`, mount, the same files, unmount with commit. The hives come ready-made: less work than ours has.
 * `alike` adds what our build does besides: the digest of the result, and the result on the disk.
 */
function mountWay(source: string, writes: ReadonlyMap<string, Buffer>, removed: readonly string[]): { bare: number; alike: number } {
  const copy = join(folder, 'mounted.wim');
  const mount = join(folder, 'mount');
  mkdirSync(mount, { recursive: true });
  rmSync(copy, { force: true });
  const bare = timed(() => {
    execFileSync('cp', [source, copy]);
    tool('mountrw', copy, '1', mount);
    for (const [path, content] of writes) {
      mkdirSync(dirname(join(mount, path)), { recursive: true });
      writeFileSync(join(mount, path), content);
    }
    for (const path of removed) rmSync(join(mount, path), { force: true, recursive: true });
    tool('unmount', mount, '--commit');
  });
  const more = timed(() => {
    execFileSync('sync', [copy]);
    execFileSync('sha256sum', [copy]);
  });
  // Both ways start with the same free memory: a file left in the page cache makes the next one pay for fresh pages.
  rmSync(copy);
  return { bare, alike: bare + more };
}

mkdirSync(folder, { recursive: true });
console.error('making the images (kept in .cache/bench) …');
const large = await largeImage(folder);
const many = manyFilesImage(folder);
writeFileSync(config, exampleConfig(large, output));

const figures: Figure[] = [];
const fuse = existsSync('/dev/fuse');

console.error('building with lint, for memory …');
const whole = inNode<Built>(folder, BUILD, config, 'lint');
const built = existsSync(output) ? output : `${output}.rejected`;
const journal = inNode<{ written: HiveName[]; removed: string[] }>(folder, JOURNAL, config);
const writes = new Map(
  journal.written
    .map(hivePath)
    .map((path) => [path, execFileSync('wimlib-imagex', ['extract', built, '1', path, '--to-stdout', '--quiet'], { maxBuffer: 2 ** 30 })]),
);

rmSync(built);
console.error(`building without lint, ${PAIRS} pairs …`);
const ours: number[] = [];
const theirs: { bare: number; alike: number }[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  ours.push(inNode<Built>(folder, BUILD, config).written);
  if (fuse) theirs.push(mountWay(large, writes, journal.removed));
}
const build = { ours: median(ours), limit: 1.2, unit: 'ratio' } as const;
const mounted = (way: 'bare' | 'alike') => (fuse ? { theirs: median(theirs.map((one) => one[way])) } : {});
figures.push({ what: 'build without lint / cp + mountrw + writes + unmount', ...build, ...mounted('bare') });
figures.push({ what: 'the same, with sync and sha256sum of the result there too', ...build, ...mounted('alike') });

console.error(`listing 100,000 entries, ${PAIRS} pairs …`);
const listed = { ours: [] as number[], theirs: [] as number[] };
for (let pair = 0; pair < PAIRS; pair++) {
  listed.ours.push(timed(() => inNode(folder, LIST, many)));
  const sink = openSync('/dev/null', 'w');
  listed.theirs.push(timed(() => execFileSync('wimlib-imagex', ['dir', '--detailed', many, '1'], { stdio: ['ignore', sink, 'ignore'] })));
  closeSync(sink);
}
figures.push({
  what: 'open and list 100,000 entries / dir --detailed',
  ours: median(listed.ours),
  theirs: median(listed.theirs),
  limit: 1.5,
  unit: 'ratio',
});
figures.push({ what: 'peak memory of the build', ours: whole.peakWritten, limit: 400, unit: 'MB' });
figures.push({ what: 'peak memory of build and lint', ours: whole.peak, limit: 400, unit: 'MB' });
const version = Array.from({ length: 11 }, () =>
  timed(() => execFileSync(process.execPath, [join(repository, 'dist/cli/main.js'), '--version'])),
);
figures.push({ what: 'node dist/cli/main.js --version', ours: median(version), limit: 0.2, unit: 's' });

for (const name of ['built.wim', 'built.wim.rejected']) rmSync(join(folder, name), { force: true });
print();

function print(): void {
  const size = (path: string) => `${(statSync(path).size / 1e9).toFixed(2)} GB`;
  console.log(
    `image: ${size(large)} WIM; build with lint: ${whole.seconds.toFixed(1)} s, ${whole.written.toFixed(1)} s of it without lint`,
  );
  for (const { what, ours: value, theirs: other, limit, unit } of figures) {
    const judged = unit === 'ratio' && other !== undefined ? value / other : value;
    const known = unit !== 'ratio' || other !== undefined;
    const pair = other === undefined ? '' : ` (${value.toFixed(2)} s / ${other.toFixed(2)} s)`;
    const verdict = judged <= limit ? 'ok' : 'OVER';
    console.log(`${known ? verdict : 'not measured: no /dev/fuse'}  ${what}: ${judged.toFixed(2)} ${unit}${pair}, at most ${limit}`);
  }
  console.log(JSON.stringify({ imageBytes: statSync(large).size, whole, figures }));
}
