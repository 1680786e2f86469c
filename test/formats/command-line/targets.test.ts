// Command lines as services, tasks and scripts hold them: the files they mean, and nothing for what cannot be resolved.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { targetsOf } from '../../../formats/command-line/targets.ts';

const first = (line: string, folder?: string) => targetsOf(line, folder).map((target) => target[0]);

test('programs in every writing of services', () => {
  for (const [line, path] of [
    ['C:\\Tools\\agent.exe', '/Tools/agent.exe'],
    ['"C:\\Program Files\\Agent\\agent.exe" --service', '/Program Files/Agent/agent.exe'],
    ['%SystemRoot%\\system32\\svchost.exe -k netsvcs -p', '/Windows/system32/svchost.exe'],
    ['\\SystemRoot\\System32\\drivers\\acpi.sys', '/Windows/System32/drivers/acpi.sys'],
    ['system32\\drivers\\acpi.sys', '/Windows/System32/drivers/acpi.sys'],
    ['\\??\\C:\\Tools\\d.sys', '/Tools/d.sys'],
    ['%windir%/x/../y.exe', '/Windows/y.exe'],
    ['"C:\\Tools .\\agent.exe. ." -k', '/Tools/agent.exe'],
    ['"C:\\.tools\\a..b.exe"', '/.tools/a..b.exe'],
    ['%CommonProgramFiles(x86)%\\a.exe', '/Program'],
  ] as const) {
    assert.is(first(line)[0], path, line);
  }
});

test('an unquoted path with spaces gives every reading', () => {
  assert.equal(targetsOf('C:\\Program Files\\My Agent\\agent.exe -x')[0]!.slice(0, 5), [
    '/Program',
    '/Program.exe',
    '/Program Files/My',
    '/Program Files/My.exe',
    '/Program Files/My Agent/agent.exe',
  ]);
});

test('a variable that stands for a folder with spaces is such a path', () => {
  assert.ok(targetsOf('%ProgramFiles(x86)%\\A\\a.exe')[0]!.includes('/Program Files (x86)/A/a.exe'));
});

test('scripts and libraries among the arguments', () => {
  assert.equal(first('powershell.exe -NoProfile -File "C:\\Tools\\a b.ps1"'), ['/Tools/a b.ps1']);
  assert.equal(first('%SystemRoot%\\System32\\rundll32.exe C:\\x\\y.dll,Entry'), ['/Windows/System32/rundll32.exe', '/x/y.dll']);
  assert.equal(first('C:\\Windows\\System32\\cscript.exe //nologo /file:C:\\s\\t.vbs'), ['/Windows/System32/cscript.exe', '/s/t.vbs']);
});

test('relative names and %~dp0 stand on the folder that is given', () => {
  assert.ok(first('call "%~dp0sub\\a.cmd"', '/Windows/Setup/Scripts').includes('/Windows/Setup/Scripts/sub/a.cmd'));
  assert.ok(first('start /wait b.cmd', '/Windows/Setup/Scripts').includes('/Windows/Setup/Scripts/b.cmd'));
  assert.equal(first('b.cmd'), []);
});

test('what lies elsewhere or cannot be known gives nothing', () => {
  for (const line of ['', '"', 'D:\\x\\y.exe', '\\\\server\\share\\a.exe', '%UNKNOWN%\\a.exe', 'svchost', '\0\0'])
    assert.equal(first(line), [], line);
});

test('no path climbs above the root, whatever the line', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('C:\\..\\..\\..\\a.exe', '"%windir%\\..\\..\\b.dll"')), (line) => {
      for (const path of targetsOf(line, '/Windows').flat()) {
        assert.ok(path.startsWith('/'));
        assert.not(path.split('/').includes('..'));
      }
    }),
  );
});

test.run();
