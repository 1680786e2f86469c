// The log of a VHDX: a real one replays to what qemu-img makes of it; a broken one is refused.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { readVhdx } from '../../../formats/disk/vhdx.ts';
import { replayLog } from '../../../formats/disk/vhdx-log.ts';
import { survivesAsync } from '../../helpers/damage.ts';
import { run } from '../../helpers/make-wim.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const test = suite('vhdx-log');
const withData = needRealData(test);
const real = () => new Uint8Array(gunzipSync(readFileSync(join(realData, 'images/vhdx-log-replay.vhdx.gz'))));
/** Where that file keeps its log. */
const LOG = 1024 * 1024;

withData('a real log replays to the disk that qemu-img repairs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  try {
    const path = join(folder, 'disk.vhdx');
    writeFileSync(path, real());
    const vhdx = await readVhdx(sourceOfBytes(real()));
    assert.ok(vhdx.replayed);
    run('qemu-img', ['check', '-q', '-r', 'all', path]);
    run('qemu-img', ['convert', '-f', 'vhdx', '-O', 'raw', path, join(folder, 'disk.img')]);
    const wanted = readFileSync(join(folder, 'disk.img'));
    assert.is(vhdx.size, wanted.length);
    const disk = vhdx.disk();
    const hash = createHash('sha1');
    for (let at = 0; at < disk.size; at += 4 * LOG) hash.update(await disk.read(at, Math.min(4 * LOG, disk.size - at)));
    assert.is(hash.digest('hex'), createHash('sha1').update(wanted).digest('hex'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

withData('a log of which no sequence is whole is refused, not left out', async () => {
  const bytes = real();
  for (let at = LOG; at < 2 * LOG; at += 4096) bytes.fill(0, at, at + 4);
  try {
    await readVhdx(sourceOfBytes(bytes));
  } catch (error) {
    assert.instance(error, FormatError);
    assert.match((error as Error).message, /does not replay/);
    return;
  }
  assert.unreachable();
});

withData('damaged logs give a FormatError or other bytes', async () => {
  const bytes = real();
  const first = Array.from({ length: 256 }, (_, at) => LOG + at * 4096).find(
    (at) => Buffer.from(bytes.subarray(at, at + 4)).toString() === 'loge',
  )!;
  await survivesAsync(
    bytes.slice(first, first + 8192),
    async (damaged) => {
      const copy = bytes.slice();
      copy.fill(0, first, first + 8192);
      copy.set(damaged, first);
      await readVhdx(sourceOfBytes(copy));
    },
    FormatError,
    25,
  );
});

test('sizes that no log has are refused', async () => {
  const file = sourceOfBytes(new Uint8Array(8192));
  for (const length of [0, 100, 2 ** 31]) {
    let refused = false;
    await replayLog(file, { offset: 0, length, guid: 'x' }).catch((error) => {
      refused = error instanceof FormatError;
    });
    assert.ok(refused);
  }
});

test.run();
