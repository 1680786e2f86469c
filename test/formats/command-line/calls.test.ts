// What a script starts: calls in all their forms, and lines that start nothing.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { callsOf } from '../../../formats/command-line/calls.ts';

const FOLDER = '/Windows/Setup/Scripts';
const calls = (text: string) => callsOf(text, FOLDER);

for (const [line, path] of [
  ['call %~dp0setup1.cmd', `${FOLDER}/setup1.cmd`],
  ['@call "%~dp0more\\a.bat" /x', `${FOLDER}/more/a.bat`],
  ['start /wait cmd /c C:\\Windows\\b.cmd', '/Windows/b.cmd'],
  ['start "" /b "C:\\Program Files\\a b.exe"', '/Program Files/a b.exe'],
  ['if exist x.cmd call x.cmd', `${FOLDER}/x.cmd`],
  ['powershell -ExecutionPolicy Bypass -File "%~dp0p.ps1"', `${FOLDER}/p.ps1`],
  ['cscript //nologo %SystemRoot%\\System32\\t.vbs', '/Windows/System32/t.vbs'],
  ['echo a & call c.cmd', `${FOLDER}/c.cmd`],
  ['(goto) 2>nul & d.bat', `${FOLDER}/d.bat`],
] as const) {
  test(line, () => assert.ok(calls(line).includes(path), calls(line).join()));
}

test('comments and empty lines start nothing', () => {
  assert.equal(calls('rem call a.cmd\r\n:: b.cmd\r\n# c.ps1\r\n\r\n@rem d.cmd'), []);
});

test('a flood of calls ends', () => {
  assert.ok(calls(Array.from({ length: 2000 }, (_, at) => `call a${at}.cmd`).join('\n')).length <= 500);
});

test.run();
