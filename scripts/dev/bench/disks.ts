// `npm run bench -- --disks`: the whole way on a VHDX of 2 GB of content against qemu-img and ntfs-3g, and lint of the same content as WIM and as VHDX.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDisk } from '../../../image/containers/disk-make.ts';
import { openContainer } from '../../../image/open.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { repository } from '../catalogue.ts';
import { largeImage } from './images.ts';
import { BUILD, type Built, inNode, OURS, PEAK } from './own-process.ts';
import { exampleConfig } from './steps.ts';

const CONTENT = 2.2e9;
/** Solid LZMS of all of it would take most of an hour. */
const SAMPLE = 0.3e9;
const PAIRS = 3;
const VOLUME_AT = 1024 * 1024;

export interface DiskFigures {
  readonly contentBytes: number;
  readonly vhdxBytes: number;
  /** Seconds of each run: ours without lint, the usual way, the same with sync and SHA-256. */
  readonly pairs: readonly { readonly written: number; readonly usual: number; readonly alike: number }[];
  /** One build with lint, archives opened. */
  readonly whole: number;
  /** Without opening archives, which are the same in both. */
  readonly lint: { readonly wim: number; readonly vhdx: number; readonly same: boolean };
  readonly peak: { readonly build: number; readonly lintWim: number; readonly lintVhdx: number };
  readonly recompression: readonly { readonly how: string; readonly seconds: number; readonly bytes: number }[];
}

interface Journal {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly hives: readonly string[];
  readonly removed: readonly string[];
}

export async function measureDisks(folder: string): Promise<DiskFigures> {
  mkdirSync(folder, { recursive: true });
  console.error('making the WIM and the disk (kept in .cache/bench) …');
  const wim = await largeImage(folder, { name: 'disks.wim', content: CONTENT, compression: 'XPRESS' });
  const content = await contentOf(wim);
  const vhdx = join(folder, 'disks.vhdx');
  if (!existsSync(vhdx)) await makeVhdx(wim, vhdx, content);
  const output = join(folder, 'disks-built.vhdx');
  const config = join(folder, 'disks.config.ts');
  writeFileSync(config, exampleConfig(vhdx, output));
  const journal = inNode<Journal>(folder, JOURNAL, config);
  // Hives are written as they were: less work than ours has.
  const writes = await readFrom(vhdx, journal.hives);
  for (const { path, content } of journal.files) writes.set(path, Buffer.from(content, 'base64'));
  const pairs: DiskFigures['pairs'][number][] = [];
  let peak = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    console.error(`building without lint and the usual way, ${pair + 1} of ${PAIRS} …`);
    const { written, peakWritten } = inNode<Built>(folder, BUILD, config, 'build');
    peak = Math.max(peak, peakWritten);
    pairs.push({ written, ...(await usualWay(folder, vhdx, writes, journal.removed)) });
    console.error(JSON.stringify({ ...pairs.at(-1), peak }));
  }
  console.error('lint of the WIM and of the VHDX …');
  const [asWim, asDisk] = [wim, vhdx].map((path) => inNode<{ seconds: number; peak: number; findings: unknown[] }>(folder, LINT, path));
  console.error(JSON.stringify([asWim!.seconds, asDisk!.seconds, asWim!.peak, asDisk!.peak]));
  console.error('recompression …');
  const sample = await largeImage(folder, { name: 'sample.wim', content: SAMPLE, compression: 'XPRESS' });
  const recompression = ['xpress', 'lzx', 'lzms', 'solid'].map((how) => recompress(folder, sample, how));
  console.error(JSON.stringify(recompression));
  console.error('building with lint …');
  const whole = inNode<Built>(folder, BUILD, config, 'lint').seconds;
  for (const left of [output, `${output}.rejected`]) rmSync(left, { force: true });
  return {
    contentBytes: content,
    vhdxBytes: statSync(vhdx).size,
    pairs,
    whole,
    lint: { wim: asWim!.seconds, vhdx: asDisk!.seconds, same: JSON.stringify(asWim!.findings) === JSON.stringify(asDisk!.findings) },
    peak: { build: peak, lintWim: asWim!.peak, lintVhdx: asDisk!.peak },
    recompression,
  };
}

export function printDisks(figures: DiskFigures): void {
  const { contentBytes, vhdxBytes, pairs, whole, lint, peak, recompression } = figures;
  const median = (of: (pair: DiskFigures['pairs'][number]) => number) => pairs.map(of).sort((a, b) => a - b)[Math.floor(pairs.length / 2)]!;
  const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  const [written, usual, alike] = [median((pair) => pair.written), median((pair) => pair.usual), median((pair) => pair.alike)];
  const ratio = (ours: number, theirs: number) => `${(ours / theirs).toFixed(2)} (${ours.toFixed(1)} s / ${theirs.toFixed(1)} s)`;
  console.log(`VHDX of ${gb(contentBytes)} of content, ${gb(vhdxBytes)} as a file; median of ${pairs.length}`);
  console.log(`build without lint / qemu-img convert + the same writes through ntfs-3g: ${ratio(written, usual)}, at most 1.5`);
  console.log(`the same, with sync and sha256sum of the result in theirs: ${ratio(written, alike)}`);
  console.log(`the whole build with lint, archives opened: ${whole.toFixed(1)} s`);
  console.log(
    `lint as WIM ${lint.wim.toFixed(1)} s, as VHDX ${lint.vhdx.toFixed(1)} s, ${lint.same ? 'the same findings' : 'OTHER FINDINGS'}`,
  );
  console.log(
    `peak memory: build ${peak.build.toFixed(0)} MB, lint as WIM ${peak.lintWim.toFixed(0)} MB, as VHDX ${peak.lintVhdx.toFixed(0)} MB`,
  );
  for (const { how, seconds, bytes } of recompression) {
    console.log(
      `${gb(SAMPLE)} compressed anew as ${how}: ${seconds.toFixed(1)} s, ${(SAMPLE / 1e6 / seconds).toFixed(0)} MB/s, ${gb(bytes)}`,
    );
  }
  console.log(JSON.stringify(figures));
}

async function contentOf(wim: string): Promise<number> {
  const container = await openContainer(wim);
  await container.close();
  return container.images[0]!.bytes;
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
): Promise<{ usual: number; alike: number }> {
  const copy = join(folder, 'usual.vhdx');
  const [slice, mount] = [join(folder, 'slice'), join(folder, 'mount')];
  mkdirSync(mount, { recursive: true });
  writeFileSync(slice, '');
  const begun = performance.now();
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
  execFileSync('ntfs-3g', [slice, mount]);
  for (const [path, content] of writes) {
    mkdirSync(dirname(join(mount, path)), { recursive: true });
    writeFileSync(join(mount, path), content);
  }
  for (const path of removed) rmSync(join(mount, path), { force: true, recursive: true });
  execFileSync('umount', [mount]);
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGTERM');
  await ended;
  const usual = (performance.now() - begun) / 1000;
  execFileSync('sync', [copy]);
  execFileSync('sha256sum', [copy]);
  const alike = (performance.now() - begun) / 1000;
  rmSync(copy);
  rmSync(slice);
  return { usual, alike };
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
import { hivePath } from ${JSON.stringify(join(repository, 'dist/image/hive-path.js'))};
const { run } = await dryRun(process.argv[1]);
const edits = [...run.journal.fileEdits];
const hives = [...run.journal.hiveEdits].map(([name]) => hivePath(name));
const files = edits.filter((e) => e.kind === 'write').map(({ path, content }) => ({ path, content: Buffer.from(content).toString('base64') }));
console.log(JSON.stringify({ files, hives, removed: edits.filter((e) => e.kind === 'remove').map((e) => e.path) }));
`;
const LINT = `
import { readFileSync } from 'node:fs';
import { lintContainer } from ${OURS};
import { rules } from ${JSON.stringify(join(repository, 'dist/rules/index.js'))};
${PEAK}
const { images } = await lintContainer(process.argv[1], { rules, archives: false });
const findings = images.flatMap((image) => image.findings.map(({ rule, message, at }) => [rule, message, at]));
console.log(JSON.stringify({ seconds: performance.now() / 1000, peak: peak(), findings }));
`;
