// NTFS volumes: every name, size, content, stream and descriptor as ntfs-3g and wimlib see them; damage ends in a FormatError.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { readPieces, readWhole } from '../../../formats/ntfs/stream.ts';
import { isNtfs, type NtfsFile, type NtfsVolume, parseBoot, ROOT_RECORD, readNtfs } from '../../../formats/ntfs/volume.ts';
import { survivesAsync } from '../../helpers/damage.ts';
import { DISK_TOOLS, fileSource, makeVolume } from '../../helpers/disk-files.ts';
import { run } from '../../helpers/make-wim.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';
import { windowsTree } from '../../helpers/windows-tree.ts';

const test = suite('volume');
const withTools = needTools(test, DISK_TOOLS);
const withData = needRealData(test);
let folder = '';
let path = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.before(() => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`/many/a name that makes the index long ${at}.txt`, `content ${at}`]),
  );
  path = makeVolume(folder, { ...windowsTree(), ...many, '/large.bin': { content: Buffer.alloc(3_000_000, 'large ') } });
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

interface Seen {
  readonly path: string;
  readonly file: NtfsFile;
}

function treeOf(volume: NtfsVolume): Seen[] {
  const seen: Seen[] = [];
  const waiting: Seen[] = [{ path: '', file: volume.files.get(ROOT_RECORD)! }];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    for (const { name, space, file } of volume.children.get(at.file.number) ?? []) {
      if (space === 2) continue;
      const entry = { path: `${at.path}/${name}`, file };
      seen.push(entry);
      if (file.folder) waiting.push(entry);
    }
  }
  return seen;
}

withTools('names, contents and streams are those that wimlib captures', async () => {
  const source = fileSource(path);
  const volume = await readNtfs(source);
  assert.ok(isNtfs(await source.read(0, 512)));
  assert.is(volume.dirty, false);
  const wim = join(folder, 'captured.wim');
  run('wimlib-imagex', ['capture', path, wim, '--compress=none', '--quiet']);
  const listed = run('wimlib-imagex', ['dir', wim, '1'])
    .split('\n')
    .filter((line) => line.startsWith('/') && line !== '/');
  const ours = treeOf(volume);
  assert.equal(ours.map((entry) => entry.path).sort(), listed.sort());
  const wanted = new Map(
    run('wimlib-imagex', ['dir', wim, '1', '--detailed'])
      .split(/^-{70,}\n/m)
      .map((block) => [/^Full Path\s+= "(.*)"$/m.exec(block)?.[1] ?? '', /^Hash\s+= 0x([0-9a-f]+)/m.exec(block)?.[1]] as const),
  );
  let compared = 0;
  for (const { path: name, file } of ours) {
    const unnamed = file.streams.find((stream) => stream.name === '');
    if (!unnamed || unnamed.size === 0 || file.reparse) continue;
    const hash = createHash('sha1');
    for await (const piece of readPieces(volume, unnamed)) hash.update(piece);
    if (!wanted.get(name)) continue;
    assert.is(hash.digest('hex'), wanted.get(name), name);
    compared++;
  }
  assert.ok(compared > 300, `${compared} contents`);
  const hosts = ours.find(({ path: name }) => name.endsWith('/hosts'))!.file;
  const zone = hosts.streams.find(({ name }) => name === 'Zone.Identifier')!;
  assert.match(Buffer.from(await readWhole(volume, zone, 1000)).toString(), /ZoneId=3/);
  const kernels = ours.filter(({ path: name }) => name.endsWith('kernel32.dll'));
  assert.is(kernels.length, 2);
  assert.is(kernels[0]!.file, kernels[1]!.file);
  source.close();
});

withTools('descriptors are those that ntfssecaudit shows', async () => {
  const source = fileSource(path);
  const volume = await readNtfs(source);
  for (const name of ['/Windows/System32/kernel32.dll', '/Users']) {
    const { file } = treeOf(volume).find((entry) => entry.path === name)!;
    const descriptor = await volume.descriptorOf(file);
    const shown = run('ntfssecaudit', ['-v', '-v', path, name.slice(1)]);
    const hex = [...shown.matchAll(/^\s*[0-9a-f]{6} ((?: ?[0-9a-f]{2,8})+)/gm)].map(([, bytes]) => bytes!.replaceAll(' ', '')).join('');
    assert.ok(descriptor && hex.length > 0);
    assert.is(Buffer.from(descriptor).toString('hex'), hex.slice(0, descriptor.length * 2));
  }
  source.close();
});

withTools('damaged volumes give a FormatError or other files', async () => {
  const bytes = new Uint8Array(readFileSync(path));
  const boot = parseBoot(bytes.subarray(0, 512), bytes.length);
  for (const [from, size] of [
    [0, 512],
    [boot.mftCluster * boot.clusterSize, 16 * 1024],
    [boot.mftCluster * boot.clusterSize + 64 * 1024, 32 * 1024],
  ] as const) {
    const part = bytes.slice(from, from + size);
    await survivesAsync(
      part,
      async (damaged) => {
        bytes.fill(0, from, from + size);
        bytes.set(damaged, from);
        const volume = await readNtfs(sourceOfBytes(bytes));
        for (const { file } of treeOf(volume).slice(0, 40)) {
          await volume.descriptorOf(file);
          for (const stream of file.streams) await readWhole(volume, stream, 10_000_000);
        }
      },
      FormatError,
      25,
    );
    bytes.set(part, from);
  }
});

withTools('a folder that stands in itself is refused: a walk would never end', async () => {
  const looped = new Uint8Array(readFileSync(makeVolume(folder, { '/outer/inner/leaf.txt': { content: 'x' } })));
  const volume = await readNtfs(sourceOfBytes(looped.slice()));
  const recordOf = (name: string) => treeOf(volume).find((entry) => entry.path.endsWith(name))!.file;
  const [outer, inner] = [recordOf('/outer'), recordOf('/inner')];
  // The index of the inner folder says that its file is the outer folder.
  const bytes = Buffer.from(looped.buffer);
  const record = volume.boot.mftCluster * volume.clusterSize + inner.number * volume.boot.recordSize;
  const entry = bytes.indexOf(Buffer.from('leaf.txt', 'utf16le'), record) - 66 - 16;
  assert.is(bytes.readUInt32LE(entry), recordOf('/leaf.txt').number);
  bytes.writeUInt32LE(outer.number, entry);
  bytes.writeUInt16LE(outer.sequence, entry + 6);
  try {
    await readNtfs(sourceOfBytes(looped));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, FormatError);
    assert.match((error as Error).message, /folder \d+ is there twice \(as outer and leaf\.txt\)/);
  }
});

withData('volumes of Windows and of the forensic suites', async () => {
  for (const [name, files] of [
    ['dfir_ntfs3.raw.gz', 4],
    ['dfir_ntfs3_attrlist.raw.gz', 100],
    ['ntfs.raw.gz', 5],
  ] as const) {
    const bytes = gunzipSync(readFileSync(join(realData, 'images', name)));
    const volume = await readNtfs(sourceOfBytes(bytes));
    const seen = treeOf(volume);
    assert.is(seen.length, files, name);
    const raw = join(folder, 'real.raw');
    writeFileSync(raw, bytes);
    for (const { path: inside, file } of seen.slice(0, 10)) {
      const unnamed = file.streams.find((stream) => stream.name === '');
      if (!unnamed || file.folder) continue;
      const theirs = run('sh', ['-c', 'ntfscat -i "$2" "$1" | sha1sum', 'sh', raw, String(file.number)]).slice(0, 40);
      assert.is(
        createHash('sha1')
          .update(await readWhole(volume, unnamed, 10_000_000))
          .digest('hex'),
        theirs,
        inside,
      );
    }
  }
});

test('boot sectors that no volume has are refused', () => {
  const sector = Buffer.alloc(512);
  const set = (at: number, value: number) => {
    const copy = Buffer.from(sector);
    copy[at] = value;
    return copy;
  };
  sector.writeUInt16LE(512, 11);
  sector[13] = 8;
  sector.writeBigUInt64LE(1000n, 40);
  sector.writeBigUInt64LE(4n, 48);
  sector[64] = 0xf6;
  sector[68] = 1;
  assert.is(parseBoot(sector, 512_000).recordSize, 1024);
  for (const wrong of [set(12, 9), set(13, 3), set(64, 0xf8), set(49, 9), set(68, 0)]) {
    assert.throws(
      () => parseBoot(wrong, 512_000),
      (error: unknown) => error instanceof FormatError,
    );
  }
  assert.throws(() => parseBoot(sector, 511_000), /its partition/);
});

test.run();
