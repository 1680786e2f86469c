// setfattr: what it is asked for, with paths that look like options.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { removeReparsePoint, setDescriptor, setfattr } from '../../tools/setfattr.ts';
import { toolVersion } from '../../tools/tool.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { needTools } from '../helpers/need.ts';

const test = suite('setfattr');
const withTools = needTools(test, { setfattr: 'attr' });

test('descriptors in hex, reparse points by name', () =>
  withMockCommand('setfattr', '', async (mock) => {
    await setDescriptor('-x', Uint8Array.from([1, 0, 0xff]));
    await removeReparsePoint('/a b');
    assert.equal(mock.calls(), [
      ['-h', '-n', 'system.ntfs_acl', '-v', '0x0100ff', '--', '-x'],
      ['-h', '-x', 'system.ntfs_reparse_data', '--', '/a b'],
    ]);
  }));

withTools('its version is found', async () => assert.match((await toolVersion(setfattr)) ?? '', /^\d+\./));

test.run();
