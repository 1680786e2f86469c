// What lines of commands hand to script hosts and shells: files of any ending, by any of the ways, and nothing of other lines.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { handedFiles, mayHandFiles } from '../../../formats/command-line/handed.ts';

const CASES: readonly (readonly [line: string, paths: readonly string[]])[] = [
  ['wscript //e:vbscript "C:\\P F\\x.dat"', ['/P F/x.dat']],
  ['wscript C:\\a.txt:b.vbs', ['/a.txt:b.vbs']],
  ['powershell -c "iex (gc \'%ProgramData%\\v\\x.dat\' -raw)"', ['/ProgramData/v/x.dat']],
  ['cmd<C:\\x.dat', ['/x.dat']],
  ['type C:\\x.dat|%comspec%', ['/x.dat']],
  ['copy C:\\x.dat C:\\y.cmd', ['/x.dat', '/y.cmd']],
  ['for /f %%a in (C:\\x.dat) do %%a', ['/x.dat']],
  ['regsvr32 /s /u /i:C:\\v\\x.txt scrobj.dll', ['/v/x.txt']],
  ['mshta file:///C:/x.txt', ['/x.txt']],
  ['notepad C:\\x.txt', []],
  ['copy C:\\x.dat C:\\y.dat', []],
  ['rem wscript C:\\x.dat', []],
  ['wscript \\\\server\\share\\x.dat D:\\x.dat', []],
];

for (const [line, paths] of CASES) {
  test(line, () => {
    const found = handedFiles(line).filter((path) => !paths.some((one) => one !== path && one.startsWith(path)));
    assert.equal(found, paths);
  });
}

test('names that stand on a folder, each once, over all lines', () => {
  const text = 'wscript //e:vbscript x.dat\r\nwscript //e:vbscript "%~dp0X.dat"\r\nwscript x.dat\r\n';
  const found = handedFiles(text, '/V/in');
  assert.equal(
    found.filter((path) => /x\.dat$/i.test(path)),
    ['/V/in/x.dat', '/V/in/X.dat'],
  );
});

test('a line that can hand nothing is told quickly', () => {
  const may = CASES.slice(0, 9).map(([line]) => line);
  for (const line of [...may, 'c^md < C:\\x', '%none%x C:\\x', 'a.exe C:\\a\\b:c', 'a.exe C:\\b.txt:c', 'C:\\a.vbs'])
    assert.ok(mayHandFiles(line), line);
  for (const line of ['C:\\P F\\a.exe -k C:\\x.dat', 'a.exe /x:1 1:2', 'svchost.exe -k netsvcs -p'])
    assert.not.ok(mayHandFiles(line), line);
});

test('a flood ends', () => {
  const text = Array.from({ length: 30_000 }, (_, at) => `wscript C:\\${at}.dat`).join('\n');
  assert.is(handedFiles(text).length, 500);
});

test.run();
