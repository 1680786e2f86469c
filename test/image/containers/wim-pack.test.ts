// Packing a WIM: compressed anew, solid, split; the same every time, and sound for wimlib.
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needsPacking, packWim } from '../../../image/containers/wim-pack.ts';
import { resolvePacking } from '../../../image/output-format.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { makeWim, run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('wim-pack');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
const MIB = 1024 * 1024;

test('a WIM whose contents stay as they are needs none', () => {
  assert.not(needsPacking(resolvePacking('wim', 'a.wim', {})));
  for (const name of ['a.esd', 'a.swm', 'a.vhdx']) assert.ok(needsPacking(resolvePacking('wim', name, {})));
  assert.ok(needsPacking(resolvePacking('wim', 'a.wim', { compress: 'none' })));
});

for (const [name, given] of [
  ['a.esd', {}],
  ['a.wim', { compress: 'lzx' }],
  ['a.wim', { compress: 'lzms' }],
  ['a.swm', { partSize: 1 }],
  ['a.swm', { partSize: 1, compress: 'xpress' }],
] as const) {
  withTools(`${name} ${JSON.stringify(given)}: sound, and the same twice`, () =>
    withScratch(async (folder) => {
      const plain = join(folder, 'plain.wim');
      makeWim(plain, {
        images: [{ files: { '/a.bin': { content: mixedContent(2 * MIB) }, '/b.bin': { content: mixedContent(MIB + 1) }, '/c.txt': 'c' } }],
      });
      const packing = resolvePacking('wim', name, given);
      const made = await Promise.all(
        ['one', 'two'].map(async (which) => {
          const staged = join(folder, `${which}.${name}`);
          const own = join(folder, `${which}.plain`);
          copyFileSync(plain, own);
          const parts = await packWim(own, staged, packing, { whole: join(folder, `${which}.whole`) });
          return [staged, ...parts];
        }),
      );
      assert.is(made[0]!.length, made[1]!.length);
      assert.is(made[0]!.length > 1, name === 'a.swm');
      for (const [at, path] of made[0]!.entries()) assert.ok(readFileSync(path).equals(readFileSync(made[1]![at]!)), path);
      const [first] = made[0]!;
      run('wimlib-imagex', ['verify', first!, ...(name === 'a.swm' ? [`--ref=${first!.replace('.swm', '*.swm')}`] : [])]);
    }),
  );
}

test.run();
