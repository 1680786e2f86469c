// Programs of Windows: arguments one by one, and what their failures mean to the user.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Tool } from '../../tools/tool.ts';
import { runWindowsProgram } from '../../tools/windows-program.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { refusalOf } from '../helpers/refusal.ts';

const tool: Tool = { name: 'tool-of-windows.exe', package: 'Windows', purpose: 'x', versionArgs: [], versionPattern: /x/ };

test('every argument arrives as it is', () =>
  withMockCommand(tool.name, '', async (mock) => {
    const words = ['/ImageFile:C:\\a b\\x.wim', '%PATH%', '"; del x', ''];
    await runWindowsProgram(tool, words);
    assert.equal(mock.calls(), [words]);
  }));

const FAILURES: readonly (readonly [string, string, string, RegExp])[] = [
  ['rights are missing', 'echo "Error: 740"; exit 228', 'NOT_ELEVATED', /needs the rights of an administrator/],
  ['it fails', 'echo; echo "Error: 2"; echo "no such file"; exit 2', 'TOOL_FAILED', /failed with exit code 2 \(Error: 2 \/ no such file\)/],
];
for (const [name, body, code, message] of FAILURES) {
  test(`${name}: ${code}`, () =>
    withMockCommand(tool.name, body, async () => {
      const error = await refusalOf(() => runWindowsProgram(tool, []));
      assert.is(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.hint);
    }));
}

test('absent, as on any host but Windows', async () => {
  assert.is((await refusalOf(() => runWindowsProgram({ ...tool, name: 'absent-tool.exe' }, []))).code, 'TOOL_MISSING');
});

test('an interruption gives its own reason', () =>
  withMockCommand(tool.name, 'exec sleep 30', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('stop')), 200);
    let said = '';
    await runWindowsProgram(tool, [], abort.signal).catch((error: Error) => {
      said = error.message;
    });
    assert.is(said, 'stop');
  }));

test.run();
