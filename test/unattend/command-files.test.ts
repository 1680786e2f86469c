// The files that commands need: where they stand in a command line, and which ones the commands make themselves.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandFiles } from '../../unattend/command-files.ts';
import { parseAnswerFile } from '../../unattend/model.ts';
import { answer } from '../helpers/answer-xml.ts';

const files = (...lines: string[]) => {
  const items = lines.map((line) => `<SynchronousCommand wcm:action="add"><CommandLine>${line}</CommandLine></SynchronousCommand>`);
  const xml = answer(`<FirstLogonCommands>\n${items.join('\n')}</FirstLogonCommands>`, { pass: 'oobeSystem' });
  return commandFiles(parseAnswerFile(Buffer.from(xml))).map(({ windowsPath, at }) => [windowsPath, at?.line]);
};

test('quoted and bare, with line', () => {
  assert.equal(files('reg add HKLM\\x', 'powershell -File "C:\\a b\\c.ps1" -X', '%windir%\\x.cmd arg'), [
    ['C:\\a b\\c.ps1', 7],
    ['%windir%\\x.cmd', 8],
  ]);
});

test('what a command writes, copies or asks for is not needed', () => {
  assert.equal(files('cmd /c dir &gt; c:\\x.cmd', 'c:\\x.cmd'), []);
  assert.equal(files('curl -o c:\\y.exe https://example.org/y.exe', 'c:\\y.exe /S'), []);
  assert.equal(files('cmd /c if exist c:\\z.cmd echo 1'), []);
});

test('each file once, and a folder or an address is no file', () => {
  assert.equal(files('c:\\x.cmd', 'C:\\X.CMD'), [['c:\\x.cmd', 6]]);
  assert.equal(files('cmd /c cd c:\\folder', 'start https://example.org/c:/x'), []);
});

test('a long line made to be slow ends quickly', () => {
  const began = performance.now();
  files('c:\\'.repeat(9000), `${'copy '.repeat(6000)}c:\\x.cmd`, `if exist ${' '.repeat(30_000)}c:\\x.cmd`);
  assert.ok(performance.now() - began < 1500, `${performance.now() - began} ms`);
});

test.run();
