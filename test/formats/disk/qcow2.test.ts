// qcow2: plain and compressed disks of qemu-img; what is not read is refused.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { isQcow2, readQcow2 } from '../../../formats/disk/qcow2.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { survivesAsync } from '../../helpers/damage.ts';
import { convertDisk, wholeOf } from '../../helpers/disk-files.ts';
import { run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('qcow2');
const withTools = needTools(test, { 'qemu-img': 'qemu-utils' });
let folder = '';
let raw = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  raw = join(folder, 'disk.raw');
  writeFileSync(raw, Buffer.alloc(700_000, 'third'));
  truncateSync(raw, 3 * 1024 * 1024);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

for (const [name, options] of [
  ['plain', []],
  ['compressed', ['-c']],
  ['version 2', ['-o', 'compat=0.10']],
  ['small clusters', ['-c', '-o', 'cluster_size=4k']],
] as const) {
  withTools(`a ${name} disk reads as the raw one`, async () => {
    const bytes = new Uint8Array(readFileSync(convertDisk(raw, 'qcow2', options)));
    assert.ok(isQcow2(bytes));
    const disk = await readQcow2(sourceOfBytes(bytes));
    const sha1 = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');
    assert.is(sha1(await wholeOf(disk)), sha1(readFileSync(raw)));
  });
}

withTools('backing files, encryption and unknown features are refused', async () => {
  const good = convertDisk(raw, 'qcow2');
  const child = join(folder, 'child.qcow2');
  run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', good, '-F', 'qcow2', child]);
  const changed = (at: number) => {
    const bytes = readFileSync(good);
    bytes[at]! ^= 1;
    return bytes;
  };
  for (const [bytes, said] of [
    [readFileSync(child), /backing file/],
    [changed(35), /encrypted/],
    [changed(72), /features/],
    [changed(6), /version/],
  ] as const) {
    let message = '';
    await readQcow2(sourceOfBytes(bytes)).catch((error) => {
      assert.instance(error, FormatError);
      message = (error as Error).message;
    });
    assert.match(message, said);
  }
});

withTools('damaged copies give a FormatError or other bytes', async () => {
  const bytes = new Uint8Array(readFileSync(convertDisk(raw, 'qcow2', ['-c', '-o', 'cluster_size=4k'])));
  await survivesAsync(bytes, async (damaged) => wholeOf(await readQcow2(sourceOfBytes(damaged))), FormatError);
});

test.run();
