// qemu-img: one disk from several files, in each format; names that look like a protocol; what fails is said.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { convertDisk, qemuImg } from '../../tools/qemu-img.ts';
import { withScratch } from '../../tools/scratch.ts';
import { toolVersion } from '../../tools/tool.ts';
import { run } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('qemu-img');
const withTools = needTools(test, { 'qemu-img': 'qemu-utils' });
const MIB = 1024 * 1024;

for (const [as, format] of [
  ['raw', 'raw'],
  ['vhd', 'vpc'],
  ['vhdx', 'vhdx'],
  ['qcow2', 'qcow2'],
] as const) {
  withTools(`${as}: the files stand one behind the other`, () =>
    withScratch(async (folder) => {
      const parts = ['nbd:one', 'two'].map((name, at) => {
        const path = join(folder, name);
        writeFileSync(path, Buffer.alloc((at + 1) * MIB, at + 1));
        return path;
      });
      const to = join(folder, `to:a.${as}`);
      await convertDisk(parts, 'raw', to, { as });
      const back = join(folder, 'back');
      run('qemu-img', ['convert', '-f', format, '-O', 'raw', `file:${to}`, back]);
      assert.ok(
        readFileSync(back)
          .subarray(0, 3 * MIB)
          .equals(Buffer.concat(parts.map((path) => readFileSync(path)))),
      );
    }),
  );
}

withTools('a version is known, and a file that is no disk of its kind is a failure', () =>
  withScratch(async (folder) => {
    assert.match((await toolVersion(qemuImg))!, /^\d+\.\d+/);
    const path = join(folder, 'a');
    writeFileSync(path, 'no VHDX');
    assert.is((await refusalOf(() => convertDisk([path], 'vhdx', join(folder, 'b'), { as: 'raw' }))).code, 'TOOL_FAILED');
  }),
);

test.run();
