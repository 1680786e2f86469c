// setfattr: what it is asked for, with paths that look like options.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../tools/scratch.ts';
import { removeReparsePoint, setDescriptors, setfattr } from '../../tools/setfattr.ts';
import { toolVersion } from '../../tools/tool.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';

const test = suite('setfattr');
const withTools = needTools(test, { setfattr: 'attr' });

test('descriptors in hex, reparse points by name', () =>
  withMockCommand('setfattr', '', async (mock) => {
    await setDescriptors(new Map([['-x', Uint8Array.from([1, 0, 0xff])]]));
    await setDescriptors(new Map());
    await removeReparsePoint('/a b');
    assert.equal(mock.calls(), [
      ['-h', '--restore=-'],
      ['-h', '-x', 'system.ntfs_reparse_data', '--', '/a b'],
    ]);
  }));

test('one entry for each file, with names that hold a backslash or a line break', () =>
  withScratch((folder) => {
    const said = join(folder, 'said');
    return withMockCommand('setfattr', `cat >'${said}'`, async () => {
      await setDescriptors(
        new Map([
          ['/a b/ü=', Uint8Array.of(1)],
          ['/c\\d\n', Uint8Array.of(0xab, 2)],
        ]),
      );
      assert.is(readFileSync(said, 'utf8'), '# file: /a b/ü=\nsystem.ntfs_acl=0x01\n\n# file: /c\\134d\\012\nsystem.ntfs_acl=0xab02\n');
    });
  }));

withTools('a file that is not there fails', async () => {
  const error = await refusalOf(() => setDescriptors(new Map([['/no/such/file', Uint8Array.of(1)]])));
  assert.is(error.code, 'TOOL_FAILED');
});

withTools('its version is found', async () => assert.match((await toolVersion(setfattr)) ?? '', /^\d+\./));

test.run();
