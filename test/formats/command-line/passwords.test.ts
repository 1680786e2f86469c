// Passwords in commands, each command with one and with what only looks like one.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { passwordsIn } from '../../../formats/command-line/passwords.ts';

const PW = 'Decoy-Pa55';
const WITH: readonly string[] = [
  `net user admin ${PW} /add`,
  `NET.EXE user "build agent" "${PW}"`,
  `net use Z: \\\\srv\\share ${PW} /user:corp\\me`,
  `net use \\\\srv\\share /user:corp\\me ${PW}`,
  `cmdkey /add:srv /user:me /pass:${PW}`,
  `$p = ConvertTo-SecureString "${PW}" -AsPlainText -Force`,
  `$p = ConvertTo-SecureString -AsPlainText -Force '${PW}'`,
  `$p = ConvertTo-SecureString -String '${PW}' -Force -AsPlainText`,
  `schtasks /create /tn x /tr y /ru corp\\me /rp ${PW}`,
  `psexec \\\\host -u me -p ${PW} cmd`,
  `netdom join %computername% /domain:corp /userd:me /passwordd:${PW}`,
  `netdom join pc /domain:corp /ud:me /pd:"${PW}"`,
  `sc config Agent obj= corp\\me password= ${PW}`,
  `reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon" /v DefaultPassword /t REG_SZ /d ${PW} /f`,
  `Set-ItemProperty -Path $w -Name DefaultPassword -Value '${PW}'`,
  `autologon.exe me corp ${PW} /accepteula`,
  `wmic /node:pc /user:me /password:${PW} os get caption`,
  `dsadd user "cn=me" -pwd ${PW} -mustchpwd no`,
];
const WITHOUT: readonly string[] = [
  'net user',
  'net user admin /active:no',
  'net user admin * /add',
  'net user admin %PW% /add',
  'net user admin $pw',
  'net use Z: \\\\srv\\share /persistent:no',
  'cmdkey /list',
  'cmdkey /add:srv /user:me /pass:<password>',
  '$p = ConvertTo-SecureString $env:PW -AsPlainText -Force',
  'ConvertTo-SecureString (Get-Content pw.txt)',
  'Read-Host -AsSecureString',
  'schtasks /create /tn x /ru SYSTEM',
  'schtasks /create /tn x /ru me /rp *',
  'psexec -s cmd',
  'sc config Agent start= auto',
  'reg add HKLM\\x /v DefaultUserName /d me',
  'reg add HKLM\\x /v DefaultPassword /d %1',
  'the password of the net user is kept in a safe',
  `rem net user admin ${PW} /add`,
  `# net user admin ${PW} /add`,
];

for (const line of WITH) {
  test(`found in: ${line}`, () => {
    const found = passwordsIn(`@echo off\r\n${line}\r\nexit\r\n`);
    assert.equal(
      found.map(({ password }) => password),
      [PW],
    );
    assert.is(`@echo off\r\n${line}\r\n`.slice(found[0]!.index, found[0]!.index + PW.length), PW);
  });
}

for (const line of WITHOUT) test(`none in: ${line}`, () => assert.equal(passwordsIn(`${line}\r\n`), []));

test('never throws, and ends on a long line', () => {
  fc.assert(fc.property(fc.string(), (text) => passwordsIn(text).length >= 0));
  for (const part of ['net use ', 'psexec -p', 'ConvertTo-SecureString "', 'sc config ', 'reg add /v DefaultPassword '])
    passwordsIn(part.repeat(20_000));
});

test.run();
