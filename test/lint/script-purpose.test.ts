// Purposes of scripts: what takes away is honest, what speaks is weak, whatever could act behind either acts.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Purpose, purposeOf } from '../../lint/script-purpose.ts';

const CASES: Readonly<Record<Purpose, readonly string[]>> = {
  removes: [
    'del /f "C:\\KMSpico\\KMSELDI.exe"',
    '@if exist C:\\KMSpico rd /s /q C:\\KMSpico',
    'echo Removing KMSpico\r\nrd /s /q C:\\KMSpico\r\n',
    'taskkill.exe /im kmspico.exe 2>nul',
    'sc delete "Service KMSpico"',
    'schtasks /tn kmspico /delete /f',
    'reg.exe delete HKLM\\Software\\KMSpico /f',
    'net stop "Service KMSpico" >nul 2>&1',
    'cmd /c del kmspico.exe',
    'rd /s /q C:\\Program Files (x86)\\KMSpico',
    'for /d %%i in (KMSpico AutoKMS) do rd /s /q "%%i"',
    'Get-ScheduledTask kmspico | Unregister-ScheduledTask -Confirm:$false',
    'if (Test-Path C:\\KMSpico) { Remove-Item C:\\KMSpico -Recurse }',
  ],
  mentions: [
    '',
    'start other.exe',
    'rem kmspico',
    ':: kmspico',
    '# kmspico',
    'echo no kmspico here >nul',
    'echo found KMSpico >> C:\\Windows\\Temp\\clean.log',
    'tasklist | find "kmspico"',
    '$found = Get-Process kmspico',
    'if exist "C:\\KMSpico" goto :found',
  ],
  acts: [
    'start "" kmspico.exe',
    '"C:\\KMSpico.exe"',
    'del x & kmspico.exe',
    'echo "a & kmspico.exe & echo "',
    "echo 'a & kmspico.exe & echo '",
    'if exist a (echo ^") else (kmspico.exe',
    'if exist kmspico.exe (del kmspico.exe) else kmspico.exe',
    'rem ^\r\nkmspico.exe',
    '# & kmspico.exe',
    'echo kmspico.exe > a.cmd',
    'echo kmspico.exe | cmd',
    'for %%i in (kmspico.exe) do %%i',
    'del.exe kmspico',
    'schtasks /create /tn kmspico /tr "a /delete"',
    'wmic process call create kmspico delete',
    'set del=start\r\ndel kmspico',
    'function Remove-Item { & $args[0] }\nRemove-Item kmspico',
    'Remove-Item C:\\kmspico -Recurse; C:\\kmspico\\a.exe',
    `${'x'.repeat(5000)} rem kmspico`,
    `${'\n'.repeat(20_001)}rem kmspico`,
  ],
};

for (const [purpose, scripts] of Object.entries(CASES)) {
  for (const script of scripts) {
    const shown = JSON.stringify(script.length > 80 ? script.slice(0, 20) : script);
    test(`${purpose}: ${shown}`, () => assert.is(purposeOf(script, ['KMSpico']), purpose));
  }
}

test('every name counts, an empty one names nothing', () => {
  assert.is(purposeOf('del a\r\nstart b', ['a', 'b']), 'acts');
  assert.is(purposeOf('start x', ['']), 'mentions');
});

test.run();
