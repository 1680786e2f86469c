// qemu-io: bytes arrive where they belong, in batches; what fails is said although it ends with 0.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { patchDisk, qemuIo } from '../../tools/qemu-io.ts';
import { withScratch } from '../../tools/scratch.ts';
import { toolVersion } from '../../tools/tool.ts';
import { convertDisk } from '../helpers/disk-files.ts';
import { run } from '../helpers/make-wim.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('qemu-io');
const withTools = needTools(test, { 'qemu-img': 'qemu-utils' });

async function* patches(...list: readonly (readonly [number, Uint8Array])[]) {
  for (const [offset, bytes] of list) yield { offset, bytes };
}

for (const [id, format] of [
  ['vhd', 'vpc'],
  ['vhdx', 'vhdx'],
  ['qcow2', 'qcow2'],
] as const) {
  withTools(`writes into a ${id}`, () =>
    withScratch(async (folder) => {
      const raw = join(folder, 'a disk: odd name.raw');
      writeFileSync(raw, Buffer.alloc(8 * 1024 * 1024));
      const disk = convertDisk(raw, id, id === 'vhd' ? ['-o', 'force_size=on'] : []);
      await patchDisk(disk, format, patches([4096, Buffer.alloc(1024, 'first')], [5 * 1024 * 1024, Buffer.alloc(65536, 'second')]));
      run('qemu-img', ['convert', '-f', format, '-O', 'raw', disk, join(folder, 'after')]);
      const after = readFileSync(join(folder, 'after'));
      assert.is(after.subarray(4096, 5120).toString(), Buffer.alloc(1024, 'first').toString());
      assert.ok(after.subarray(5 * 1024 * 1024, 5 * 1024 * 1024 + 65536).equals(Buffer.alloc(65536, 'second')));
      assert.ok(after.subarray(8192, 1024 * 1024).every((byte) => byte === 0));
    }),
  );
}

withTools('a write behind the end fails', () =>
  withScratch(async (folder) => {
    const raw = join(folder, 'disk.raw');
    writeFileSync(raw, Buffer.alloc(1024 * 1024));
    const disk = convertDisk(raw, 'qcow2');
    const error = await refusalOf(() => patchDisk(disk, 'qcow2', patches([9 * 1024 * 1024, new Uint8Array(512)])));
    assert.is(error.code, 'TOOL_FAILED');
  }),
);

test('commands hold nothing but numbers and our own names', () =>
  withMockCommand('qemu-io', 'cat', async (mock) => {
    await patchDisk('/x', 'vhdx', patches());
    await patchDisk('-x', 'vhdx', patches([512, new Uint8Array(512)]));
    assert.equal(
      mock.calls().map((args) => args.slice(0, 4)),
      [['-t', 'unsafe', '-f', 'vhdx']],
    );
    assert.equal(mock.calls()[0]!.slice(4, -1), ['-c', 'write -q -s p0 512 512']);
    assert.match(mock.calls()[0]!.at(-1)!, /^\/.*-x$/);
  }));

test('a full disk is told as such', () =>
  withMockCommand('qemu-io', 'echo write failed: No space left on device', async () => {
    let code = '';
    await patchDisk('/x', 'vhdx', patches([0, new Uint8Array(512)])).catch((error) => {
      code = error.cause.code;
    });
    assert.is(code, 'ENOSPC');
  }));

withTools('its version is found', async () => assert.match((await toolVersion(qemuIo)) ?? '', /^\d+\./));

test.run();
