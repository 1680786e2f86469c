// output.format: every kind of container from a WIM and from a disk, with the same changes and findings; judged by wimlib, qemu-img, sgdisk and libntfs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openImage } from '../../image/open.ts';
import { withScratch } from '../../tools/scratch.ts';
import { compressedResource, mixedContent } from '../helpers/compressed.ts';
import { convertDisk, DISK_TOOLS } from '../helpers/disk-files.ts';
import { run } from '../helpers/make-wim.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { makeSmallDisk } from '../helpers/small-disk.ts';
import { allStepsConfig } from '../helpers/workspace.ts';

const test = suite('output-format');
const withTools = needTools(test, { ...DISK_TOOLS, setfattr: 'attr', hivexregedit: 'libwin-hivex-perl', sgdisk: 'gdisk' });
const withFuse = needFuse(withTools as never);
const MIB = 1024 * 1024;

interface Report {
  readonly plan: { readonly output: { readonly format: string; readonly cost: string } };
  readonly steps: readonly { readonly changes: readonly object[] }[];
  readonly notes: readonly string[];
  readonly parts?: readonly string[];
  readonly lint: {
    readonly container: { readonly format: string };
    readonly verdict: string;
    readonly images: readonly { readonly findings: readonly object[] }[];
  };
}

/** Builds and gives the report; everything else in the folder must be as it was. */
async function built(folder: string, image: string, name: string, more = ''): Promise<Report> {
  const config = join(folder, 'build.config.ts');
  const output = join(folder, name);
  writeFileSync(config, allStepsConfig(image, output, more));
  const before = new Set(readdirSync(folder));
  const { code, out, err } = await cli(['build', config, '--force']);
  assert.is(code, 0, `${name}: ${err}${out}`);
  const stem = name.replace(/\.[^.]*$/, '');
  const left = readdirSync(folder).filter(
    (there) => !before.has(there) && there !== name && !there.startsWith(`${stem}.`) && !/^parts\d\.swm$/.test(there),
  );
  assert.equal(left, [], name);
  assert.not(readdirSync(folder).some((there) => /\.(?:staged|lock|plain|volume|flat|head|tail|whole)/.test(there)));
  return JSON.parse(readFileSync(`${output}.report.json`, 'utf8')) as Report;
}

const shown = ({ steps, lint }: Report) => ({
  changes: steps.map(({ changes }) => changes),
  findings: lint.images.map(({ findings }) => findings),
});

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');

/** Path → size, attributes, descriptor and content of every file: what must be the same in every container. */
async function contentsOf(path: string): Promise<Map<string, string>> {
  const image = await openImage(path, 1);
  const facts = new Map<string, string>();
  for await (const file of image.walk()) {
    if (/^\/(?:System Volume Information|\$)/.test(file.path)) continue;
    const descriptor = file.descriptor ? Buffer.from(file.descriptor).toString('hex') : '';
    const content = file.folder || file.reparse ? '' : sha1(await file.read());
    const streams = await Promise.all(file.streams.map(async ({ name }) => `${name}=${sha1(await file.read(name))}`));
    const target = file.reparse?.target ?? '';
    if (file.path !== '/') facts.set(file.path, [file.size, file.attributes & ~0xa0, descriptor, target, ...streams, content].join('|'));
  }
  await image.close();
  return facts;
}

/** NTFS stores a file's time of change, and the task and answer files that steps write are the same in each. */
function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path));
}

/** Hives hold the time of their last write. */
const notHive = (path: string) => !/\/config\/(?:SOFTWARE|SYSTEM)$|NTUSER\.DAT$/i.test(path);

withTools('from a WIM: ESD, SWM, WIM compressed anew, VHD, VHDX, qcow2 and raw', () =>
  withScratch(async (folder) => {
    const { wim } = await makeSmallDisk(folder, { '/Windows/stream.txt': 'x', '/Windows/random.bin': mixedContent(3 * MIB) });
    const plain = await built(folder, wim, 'plain.wim');
    const expected = await contentsOf(join(folder, 'plain.wim'));
    assert.match(plain.plan.output.cost, /^a copy of the WIM, then only what changed$/);
    for (const [name, more, format] of [
      ['solid.esd', '', 'esd'],
      ['parts.swm', ', partSize: 1', 'swm'],
      ['anew.wim', ", compress: 'lzms'", 'esd'],
      ['none.wim', ", compress: 'none'", 'wim'],
      ['disk.vhd', '', 'vhd'],
      ['disk.vhdx', '', 'vhdx'],
      ['disk.qcow2', '', 'qcow2'],
      ['sized.raw', ', diskSize: 300', 'raw'],
      ['noname', ", format: 'vhdx'", 'vhdx'],
    ] as const) {
      const report = await built(folder, wim, name, more);
      assert.equal(shown(report), shown(plain), name);
      assert.is(report.lint.verdict, 'accepted', name);
      assert.is(report.lint.container.format, format, name);
      assert.equal(differences(expected, await contentsOf(join(folder, name))).filter(notHive), [], name);
    }
    for (const name of ['solid.esd', 'anew.wim', 'none.wim']) run('wimlib-imagex', ['verify', join(folder, name)]);
    assert.match(run('wimlib-imagex', ['info', join(folder, 'solid.esd')]), /Compression:\s+LZMS/);
    assert.match(run('wimlib-imagex', ['info', join(folder, 'none.wim')]), /Compression:\s+None/);
    run('wimlib-imagex', ['verify', join(folder, 'parts.swm'), `--ref=${join(folder, 'parts*.swm')}`]);
    const parts = readdirSync(folder).filter((name) => /^parts\d*\.swm$/.test(name));
    assert.ok(parts.length >= 3, parts.join());
    for (const part of parts.slice(0, -1)) assert.ok(statSync(join(folder, part)).size < 3.2 * MIB, part);
    run('qemu-img', ['check', '-q', '-f', 'vhdx', join(folder, 'disk.vhdx')]);
    run('qemu-img', ['compare', '-q', '-f', 'raw', '-F', 'raw', join(folder, 'sized.raw'), join(folder, 'sized.raw')]);
    assert.is(statSync(join(folder, 'sized.raw')).size, 300 * MIB);
    assert.match(run('sgdisk', ['--verify', join(folder, 'sized.raw')]), /No problems found/);
    const volume = join(folder, 'volume');
    writeFileSync(volume, readFileSync(join(folder, 'sized.raw')).subarray(MIB, 299 * MIB));
    run('ntfsfix', ['-n', volume]);
  }),
);

withFuse('from a VHDX with CompactOS files and streams: raw, VHD, qcow2, WIM, ESD and SWM', () =>
  withScratch(async (folder) => {
    const content = mixedContent(100_000);
    const { stored } = compressedResource(folder, content, 'xpress', 4096)!;
    const { raw } = await makeSmallDisk(folder, { '/Windows/random.bin': mixedContent(3 * MIB) });
    const compact = await withCompactFile(folder, raw, stored, content.length);
    const vhdx = convertDisk(compact, 'vhdx');
    const same = await built(folder, vhdx, 'same.vhdx');
    const expected = await contentsOf(join(folder, 'same.vhdx'));
    assert.is(expected.get('/Windows/compact.dll')?.split('|').at(-1), sha1(content));
    for (const [name, more, format] of [
      ['flat.raw', '', 'raw'],
      ['flat.vhd', '', 'vhd'],
      ['flat.qcow2', '', 'qcow2'],
      ['captured.wim', '', 'wim'],
      ['captured.esd', '', 'esd'],
      ['parts.swm', ', partSize: 1', 'swm'],
    ] as const) {
      const report = await built(folder, vhdx, name, more);
      assert.equal(shown(report), shown(same), name);
      assert.is(report.lint.verdict, 'accepted', name);
      assert.is(report.lint.container.format, format, name);
      assert.equal(differences(expected, await contentsOf(join(folder, name))).filter(notHive), [], name);
    }
    run('wimlib-imagex', ['verify', join(folder, 'captured.wim')]);
    assert.is(run('wimlib-imagex', ['extract', join(folder, 'captured.wim'), '1', '/Windows/compact.dll', '--to-stdout']).length > 0, true);
    assert.match(run('wimlib-imagex', ['info', join(folder, 'captured.wim'), '1']), /Edition ID:\s+Enterprise/);
    assert.match(run('qemu-img', ['info', join(folder, 'flat.vhd')]), /file format: vpc/);
    rmSync(compact);
  }),
);

/** The same disk with one more file on its Windows volume, stored as CompactOS does it. */
async function withCompactFile(folder: string, raw: string, stored: Uint8Array, size: number): Promise<string> {
  const disk = readFileSync(raw);
  const start = disk.readUInt32LE(446 + 16 + 8) * 512;
  const length = disk.readUInt32LE(446 + 16 + 12) * 512;
  const volume = join(folder, 'volume.ntfs');
  writeFileSync(volume, disk.subarray(start, start + length));
  const mount = join(folder, 'mount');
  run('mkdir', [mount]);
  run('ntfs-3g', ['-o', 'streams_interface=windows', volume, mount]);
  const path = join(mount, 'Windows/compact.dll');
  writeFileSync(path, '');
  run('truncate', ['-s', String(size), path]);
  writeFileSync(`${path}:WofCompressedData`, stored);
  const reparse = Buffer.alloc(8 + 20);
  reparse.writeUInt32LE(0x80000017, 0);
  reparse.writeUInt16LE(20, 4);
  reparse.set(new Uint8Array(Uint32Array.from([1, 2, 1, 0, 0]).buffer), 8);
  run('setfattr', ['-h', '-n', 'system.ntfs_reparse_data', '-v', `0x${reparse.toString('hex')}`, path]);
  run('umount', [mount]);
  while (spawnSync('fuser', ['-s', volume]).status === 0) spawnSync('sleep', ['0.1']);
  disk.set(readFileSync(volume), start);
  const compact = join(folder, 'compact.raw');
  writeFileSync(compact, disk);
  for (const left of [volume]) rmSync(left);
  run('rmdir', [mount]);
  return compact;
}

withTools('what does not go together is refused before anything is made, and the plan says what it costs', () =>
  withScratch(async (folder) => {
    const { wim, raw } = await makeSmallDisk(folder);
    const config = join(folder, 'build.config.ts');
    for (const [image, name, more, said] of [
      [wim, 'a.wim', ", format: 'vhdx'", /output\.format: is vhdx, but the name of the output ends in \.wim/],
      [wim, 'a.vhdx', ", compress: 'lzx'", /output\.compress: does not go with the format vhdx/],
      [wim, 'a.esd', ", compress: 'lzx'", /an ESD is LZMS/],
      [wim, 'a.swm', ', solid: true', /output\.solid: does not go with the format swm/],
      [wim, 'a.vhdx', ", images: 'all'", /output\.images: "all" does not go with a change from disk to WIM/],
      [raw, 'a.vhdx', ', diskSize: 1000', /the base image is a disk and keeps its size/],
      [wim, 'a.swm', ', partSize: 0', /output\.partSize: must be a whole number of MiB/],
    ] as const) {
      writeFileSync(config, allStepsConfig(image, join(folder, name), more));
      const { code, err } = await cli(['build', config]);
      assert.is(code, 2, `${name}${more}: ${err}`);
      assert.match(err, said);
      assert.not(existsSync(join(folder, name)));
    }
    for (const [image, name, said] of [
      [wim, 'a.esd', /ESD: all content is compressed anew \(LZMS, solid: the smallest and by far the slowest/],
      [raw, 'a.vhdx', /VHDX: the disk is read once and written as VHDX/],
      [raw, 'a.wim', /WIM: all files are read from the disk; all content is compressed anew \(LZX: /],
      [wim, 'a.vhdx', /VHDX: a copy of the WIM .* twice the room/],
      [raw, 'a.raw', /RAW: a copy of the disk, then only what changed/],
    ] as const) {
      writeFileSync(config, allStepsConfig(image, join(folder, name), ''));
      const { code, out } = await cli(['plan', config]);
      assert.is(code, 0);
      assert.match(out, said, name);
    }
  }),
);

withTools('a split output replaces its older parts only with --force, and never those of the source', () =>
  withScratch(async (folder) => {
    const { wim } = await makeSmallDisk(folder, { '/Windows/random.bin': mixedContent(4 * MIB) });
    await built(folder, wim, 'parts.swm', ', partSize: 1');
    const before = readdirSync(folder).filter((name) => /^parts\d+\.swm$/.test(name)).length;
    assert.ok(before >= 2);
    rmSync(join(folder, 'parts.swm'));
    const { code, err } = await cli(['build', join(folder, 'build.config.ts')]);
    assert.is(code, 2);
    assert.match(err, /parts2\.swm: exists already/);
    await built(folder, wim, 'parts.swm', ', partSize: 100');
    assert.equal(
      readdirSync(folder).filter((name) => /^parts\d*\.swm$/.test(name)),
      ['parts.swm', ...Array.from({ length: before }, (_, at) => `parts${at + 2}.swm`)],
      'one part alone replaces nothing else',
    );
  }),
);

test.run();
