// Removed is gone: nothing that was replaced, deleted or logged is found in the bytes of the output.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { needTools } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const MARKER = 'planted-marker-8c1f';

e2e('replaced files, deleted values and logs leave no byte behind', async () => {
  const log = Buffer.from(`log ${MARKER}-log`.padEnd(8192, '.'));
  await inWorkspace(
    async ({ build, configure, image, output }) => {
      const plain = readFileSync(image);
      for (const where of ['old', 'log', 'gone']) assert.ok(plain.includes(`${MARKER}-${where}`), `${where} is planted`);
      // First a build that plants a registry value, then one that deletes it again.
      await configure({
        head: `const plant = defineStep({ id: 'plant', title: 'Plant', description: 'd', options: {}, async run(draft) {
          await draft.setValue('SOFTWARE', 'Microsoft\\\\Planted', 'marker', { type: 'REG_SZ', data: '${MARKER}-value' });
          await draft.setValue('SOFTWARE', 'Microsoft\\\\Planted\\\\Below', '${MARKER}-name', { type: 'REG_SZ', data: 'x' });
        } });`,
        steps: '[workspacePolicy(), plant()]',
        output: "{ path: 'planted.wim' }",
      });
      const planted = output.replace('golden', 'planted');
      const first = await build();
      assert.is(first.code, 0, first.err + first.out);
      const bytes = readFileSync(planted);
      assert.ok(bytes.includes(utf16(`${MARKER}-value`)), 'the value is planted in the clear');
      assert.not(bytes.includes(`${MARKER}-log`), 'a log beside an edited hive is emptied');

      await configure({
        head: `const clean = defineStep({ id: 'clean', title: 'Clean', description: 'd', options: {}, async run(draft) {
          await draft.deleteValue('SOFTWARE', 'Microsoft\\\\Planted', 'marker');
          await draft.removeKey('SOFTWARE', 'Microsoft\\\\Planted\\\\Below');
          await draft.write('/Windows/Panther/notes.txt', 'new');
          await draft.remove('/Windows/Panther/gone.txt');
        } });`,
        image: `{ path: ${JSON.stringify(planted)} }`,
        steps: '[clean()]',
        output: "{ path: 'golden.wim' }",
      });
      const second = await build();
      assert.is(second.code, 0, second.err + second.out);
      const after = readFileSync(output);
      for (const text of [MARKER, 'Planted\\Below']) {
        assert.not(after.includes(text), `${text} as ASCII`);
        assert.not(after.includes(utf16(text)), `${text} as UTF-16`);
      }
    },
    {
      compression: 'none',
      extraFiles: {
        '/Windows/Panther/notes.txt': `${MARKER}-old`,
        '/Windows/Panther/gone.txt': `${MARKER}-gone`,
        '/Windows/System32/config/SOFTWARE.LOG1': log,
        '/Windows/System32/config/SYSTEM.LOG1': log,
      },
    },
  );
});

test.run();
