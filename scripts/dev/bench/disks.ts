// `npm run bench -- --disks`: the whole way on a VHDX of 2 GB of content against qemu-img and ntfs-3g, and lint of the same content as WIM and as VHDX.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDisk } from '../../../image/containers/disk-make.ts';
import { hivePath } from '../../../image/hive-path.ts';
import type { HiveName, ImageSummary } from '../../../image/image.ts';
import { openContainer } from '../../../image/open.ts';
import type { LintResult } from '../../../lint/result.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { largeImage } from './images.ts';
import { lintOf, lintReport } from './lint.ts';
import { type Measured, processorSeconds } from './measure.ts';
import { BUILD, type Built, inNode, OURS } from './own-process.ts';
import { exampleConfig } from './steps.ts';

const CONTENT = 2.2e9;
/** Solid LZMS of all of it would take most of an hour. */
const SAMPLE = 0.3e9;
const PAIRS = 3;
const VOLUME_AT = 1024 * 1024;

/** By the clock, and of the processor: all processes, what a busy machine does not change much. */
interface Seconds {
  readonly seconds: number;
  readonly cpu: number;
}

export interface DiskFigures {
  readonly contentBytes: number;
  readonly entries: number;
  readonly vhdxBytes: number;
  readonly pairs: readonly { readonly ours: Seconds; readonly usual: Seconds }[];
  /** MB of our own process, at most. */
  readonly peakWritten: number;
  /** One build with lint, archives opened. */
  readonly whole: number;
  /** Without opening archives, which are the same in both. */
  readonly lint: { readonly wim: Measured; readonly vhdx: Measured; readonly findings: number; readonly same: boolean };
  readonly recompression: readonly { readonly how: string; readonly seconds: number; readonly bytes: number }[];
}

interface Journal {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly hives: readonly HiveName[];
  readonly removed: readonly string[];
}

export async function measureDisks(folder: string): Promise<DiskFigures> {
  mkdirSync(folder, { recursive: true });
  console.error('making the WIM and the disk (kept in .cache/bench) …');
  const wim = await largeImage(folder, { name: 'disks.wim', content: CONTENT, compression: 'XPRESS' });
  const { bytes: content, files, folders } = await summaryOf(wim);
  const vhdx = join(folder, 'disks.vhdx');
  if (!existsSync(vhdx)) await makeVhdx(wim, vhdx, content);
  const output = join(folder, 'disks-built.vhdx');
  const config = join(folder, 'disks.config.ts');
  writeFileSync(config, exampleConfig(vhdx, output));
  const journal = inNode<Journal>(folder, JOURNAL, config);
  // Hives are written as they were: less work than ours has.
  const writes = await readFrom(vhdx, journal.hives.map(hivePath));
  for (const { path, content } of journal.files) writes.set(path, Buffer.from(content, 'base64'));
  const pairs: DiskFigures['pairs'][number][] = [];
  let peakWritten = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    console.error(`building without lint and the usual way, ${pair + 1} of ${PAIRS} …`);
    const built = inNode<Built>(folder, BUILD, config, 'build');
    peakWritten = Math.max(peakWritten, built.peakWritten);
    const ours = { seconds: built.written, cpu: built.cpuWritten };
    pairs.push({ ours, usual: await usualWay(folder, vhdx, writes, journal.removed) });
    console.error(JSON.stringify(pairs.at(-1)));
  }
  console.error('lint of the WIM and of the VHDX …');
  const [asWim, asDisk] = [await linted(folder, wim), await linted(folder, vhdx)];
  console.error('recompression …');
  const sample = await largeImage(folder, { name: 'sample.wim', content: SAMPLE, compression: 'XPRESS' });
  const recompression = ['xpress', 'lzx', 'lzms', 'solid'].map((how) => recompress(folder, sample, how));
  console.error(JSON.stringify(recompression));
  console.error('building with lint …');
  const whole = inNode<Built>(folder, BUILD, config, 'lint').seconds;
  for (const left of [output, `${output}.rejected`]) rmSync(left, { force: true });
  return {
    contentBytes: content,
    entries: files + folders,
    vhdxBytes: statSync(vhdx).size,
    pairs,
    peakWritten,
    whole,
    lint: {
      wim: asWim.used,
      vhdx: asDisk.used,
      findings: asWim.findings.length,
      same: JSON.stringify(asWim.findings) === JSON.stringify(asDisk.findings),
    },
    recompression,
  };
}

/** What is in both, and in which: they are compared as a user would run them. */
const CONTAINED = `  ours: the config, opening and SHA-256 of the source, all steps, the hives edited, descriptors of new files, cleared clusters, the proof of
    the difference; without lint, and without the digest of the result and waiting for the disk, which run beside and after the lint
  theirs: the copy with qemu-img, the same files written and removed through FUSE and ntfs-3g, the hives as they were; no proof, no digest`;

export function printDisks(figures: DiskFigures): void {
  const { contentBytes, entries, vhdxBytes, pairs, peakWritten, whole, lint, recompression } = figures;
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  const ratio = (key: keyof Seconds, ours = middle(pairs, 'ours', key), usual = middle(pairs, 'usual', key)) =>
    `${(ours / usual).toFixed(2)} (${ours.toFixed(1)} s / ${usual.toFixed(1)} s)`;
  console.log(`VHDX of ${gb(contentBytes)} of content in ${entries} entries, ${gb(vhdxBytes)} as a file; medians of ${pairs.length}`);
  console.log(`build without lint / qemu-img convert + the same writes through ntfs-3g: ${ratio('seconds')}, at most 1.5`);
  console.log(`the same of the processor: ${ratio('cpu')}; peak memory of ours ${peakWritten.toFixed(0)} MB`);
  console.log(CONTAINED);
  console.log(`the whole build with lint, archives opened: ${whole.toFixed(1)} s`);
  const shown = ({ seconds, cpu, megabytes }: Measured) => `${seconds.toFixed(1)} s, processor ${cpu.toFixed(1)} s, peak ${megabytes} MB`;
  console.log(`lint as WIM: ${shown(lint.wim)}; as VHDX: ${shown(lint.vhdx)}; peaks of all processes together`);
  console.log(lint.same ? `the same ${lint.findings} findings in both` : 'OTHER FINDINGS in the two');
  for (const { how, seconds, bytes } of recompression) {
    console.log(
      `${gb(SAMPLE)} compressed anew as ${how}: ${seconds.toFixed(1)} s, ${(SAMPLE / 1e6 / seconds).toFixed(0)} MB/s, ${gb(bytes)}`,
    );
  }
  console.log(JSON.stringify(figures));
}

function middle(pairs: DiskFigures['pairs'], way: 'ours' | 'usual', key: keyof Seconds): number {
  return pairs.map((pair) => pair[way][key]).sort((a, b) => a - b)[Math.floor(pairs.length / 2)]!;
}

async function summaryOf(wim: string): Promise<ImageSummary> {
  const container = await openContainer(wim);
  await container.close();
  return container.images[0]!;
}

async function linted(folder: string, path: string): Promise<{ readonly used: Measured; readonly findings: readonly unknown[] }> {
  const used = await lintOf(folder, path, ['--no-archives', '--no-cache'], true);
  const { images } = JSON.parse(readFileSync(lintReport(folder), 'utf8')) as Pick<LintResult, 'images'>;
  return { used, findings: images.flatMap((image) => image.findings.map(({ rule, message, at }) => [rule, message, at])) };
}

function makeVhdx(wim: string, vhdx: string, content: number): Promise<void> {
  return withScratch(async (scratch) => {
    const work = { volume: join(scratch, 'volume'), head: join(scratch, 'head'), tail: join(scratch, 'tail') };
    await makeDisk(wim, `${vhdx}.part`, { as: 'vhdx', content, diskSize: undefined, work });
    renameSync(`${vhdx}.part`, vhdx);
  });
}

async function readFrom(path: string, files: readonly string[]): Promise<Map<string, Uint8Array>> {
  const container = await openContainer(path);
  const image = await container.open(1);
  const contents = new Map<string, Uint8Array>();
  try {
    for (const file of files) contents.set(file, await image.read(file));
  } finally {
    await image.close();
    await container.close();
  }
  return contents;
}

/** Copy with qemu-img, the volume in it as a file through FUSE, ntfs-3g on that; contents come ready-made. */
async function usualWay(
  folder: string,
  source: string,
  writes: ReadonlyMap<string, Uint8Array>,
  removed: readonly string[],
): Promise<Seconds> {
  const copy = join(folder, 'usual.vhdx');
  const [slice, mount] = [join(folder, 'slice'), join(folder, 'mount')];
  mkdirSync(mount, { recursive: true });
  writeFileSync(slice, '');
  const [begun, used] = [performance.now(), processorSeconds()];
  execFileSync('qemu-img', ['convert', '-q', '-f', 'vhdx', '-O', 'vhdx', source, copy]);
  const daemon: ChildProcess = spawn(
    'qemu-storage-daemon',
    [
      ...['--blockdev', `driver=file,node-name=file,filename=${copy}`, '--blockdev', 'driver=vhdx,node-name=disk,file=file'],
      ...['--blockdev', `driver=raw,node-name=slice,file=disk,offset=${VOLUME_AT}`],
      ...['--export', `type=fuse,id=out,node-name=slice,mountpoint=${slice},writable=on`],
    ],
    { stdio: 'inherit' },
  );
  while (statSync(slice).size === 0) await sleep(20);
  const driver = spawn('ntfs-3g', ['-o', 'no_detach', slice, mount], { stdio: 'inherit' });
  while (spawnSync('mountpoint', ['-q', mount]).status !== 0) await sleep(20);
  for (const [path, content] of writes) {
    mkdirSync(dirname(join(mount, path)), { recursive: true });
    writeFileSync(join(mount, path), content);
  }
  for (const path of removed) rmSync(join(mount, path), { force: true, recursive: true });
  execFileSync('umount', [mount]);
  await exitOf(driver);
  daemon.kill('SIGTERM');
  await exitOf(daemon);
  const figures = { seconds: (performance.now() - begun) / 1000, cpu: processorSeconds() - used };
  // Both ways start with the same free memory: a file left in the page cache makes the next one pay for fresh pages.
  rmSync(copy);
  rmSync(slice);
  return figures;
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function recompress(folder: string, wim: string, how: string): DiskFigures['recompression'][number] {
  const to = join(folder, 'recompressed.wim');
  rmSync(to, { force: true });
  const begun = performance.now();
  const options = how === 'solid' ? ['--compress=LZMS', '--solid'] : [`--compress=${how.toUpperCase()}`, '--recompress'];
  execFileSync('wimlib-imagex', ['export', wim, 'all', to, ...options], { stdio: 'ignore' });
  const figures = { how, seconds: (performance.now() - begun) / 1000, bytes: statSync(to).size };
  rmSync(to);
  return figures;
}

/** Code for a process of its own. */
const JOURNAL = `
import { dryRun } from ${OURS};
const { run } = await dryRun(process.argv[1]);
const edits = [...run.journal.fileEdits];
const hives = [...run.journal.hiveEdits].map(([name]) => name);
const files = edits.filter((e) => e.kind === 'write').map(({ path, content }) => ({ path, content: Buffer.from(content).toString('base64') }));
console.log(JSON.stringify({ files, hives, removed: edits.filter((e) => e.kind === 'remove').map((e) => e.path) }));
`;
