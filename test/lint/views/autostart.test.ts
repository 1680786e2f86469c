// The view of what Windows starts by itself: each place of the registry and of the file system, and what is no start.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../../image/hive.ts';
import type { Image } from '../../../image/image.ts';
import { ViewStore } from '../../../lint/view.ts';
import { autostart } from '../../../lint/views/autostart.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';
import { makeLink } from '../../helpers/make-link.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);
const EMPTY = { SOFTWARE: {}, SYSTEM: {} };
const CV = 'Microsoft\\Windows\\CurrentVersion';

async function seen(given: FakeSpec | Image) {
  const unable: string[] = [];
  const image = 'walk' in given ? given : fakeImage(given);
  const found = (await new ViewStore(image).open({ autostart }, (reason) => unable.push(reason)).autostart()) ?? [];
  return { starts: found.map(({ kind, command }) => `${kind}: ${command}`), found, unable };
}

test('places of SOFTWARE, in both views', async () => {
  const { starts, unable } = await seen({
    SYSTEM: {},
    SOFTWARE: {
      [`${CV}\\Run`]: { a: 'a.exe', empty: '' },
      [`Wow6432Node\\${CV}\\RunOnceEx\\0001`]: { b: 'b.exe' },
      [`${CV}\\Policies\\Explorer\\Run`]: { 1: 'c.exe' },
      'Microsoft\\Active Setup\\Installed Components\\{1}': { StubPath: 'd.exe', Version: '1,0' },
      'Microsoft\\Windows NT\\CurrentVersion\\Winlogon': { Shell: 'explorer.exe', Other: 'x' },
      'Microsoft\\Windows NT\\CurrentVersion\\Windows': { AppInit_DLLs: 'e.dll', Spooler: 'yes' },
      'Microsoft\\Command Processor': { AutoRun: 'f.cmd' },
      'Classes\\exefile\\shell\\runas\\command': { '': '"%1" %*', IsolatedCommand: 'x' },
      [`${CV}\\Group Policy\\Scripts\\Startup\\0\\0`]: { Script: 'g.cmd', Parameters: '/x' },
    },
  });
  assert.equal(unable, []);
  assert.equal([...starts].sort(), [
    'active-setup: d.exe',
    'app-init: e.dll',
    'command-processor: f.cmd',
    'file-class: "%1" %*',
    'policy-script: g.cmd /x',
    'run: a.exe',
    'run: b.exe',
    'run: c.exe',
    'winlogon: explorer.exe',
  ]);
});

test('users, those of services as well, but not those of an earlier Windows', async () => {
  const hive = { [`Software\\${CV}\\RunOnce`]: { a: 'a.exe' } };
  const { found } = await seen({
    ...EMPTY,
    hives: {
      '/Users/Default/NTUSER.DAT': hive,
      '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT': hive,
      '/Windows/System32/config/DEFAULT': hive,
      '/Windows.old/Users/a/NTUSER.DAT': hive,
    },
  });
  assert.equal(
    found.map(({ at }) => ('hive' in at ? at.hive : '')),
    ['/Users/Default/NTUSER.DAT', '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT', '/Windows/System32/config/DEFAULT'],
  );
});

test('settings of a user that start something: logon script and screen saver', async () => {
  const { starts } = await seen({
    ...EMPTY,
    hives: {
      '/Users/Default/NTUSER.DAT': {
        Environment: { UserInitMprLogonScript: 'l.cmd', TEMP: 'x' },
        'Control Panel\\Desktop': { 'SCRNSAVE.EXE': 's.scr', Wallpaper: 'x' },
      },
    },
  });
  assert.equal(starts, ['user-setting: l.cmd', 'user-setting: s.scr']);
});

test('places of SYSTEM, in every control set', async () => {
  const { starts } = await seen({
    SOFTWARE: {},
    SYSTEM: {
      Setup: { CmdLine: 'oobe\\windeploy.exe' },
      'ControlSet001\\Control\\Session Manager': { BootExecute: ['autocheck autochk *', 'x'] },
      'ControlSet002\\Control\\Session Manager\\AppCertDlls': { any: 'y.dll' },
      'ControlSet002\\Control\\Lsa': { 'Security Packages': ['kerberos'] },
    },
  });
  assert.equal(starts, [
    'boot-execute: autocheck autochk * x',
    'app-cert: y.dll',
    'security-package: kerberos',
    'setup: oobe\\windeploy.exe',
  ]);
});

test('a link stands for what it starts, whatever its name says it is', async () => {
  const startup = '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp';
  const { found } = await seen({
    ...EMPTY,
    files: {
      [`${startup}/a.LNK`]: makeLink({ local: 'C:\\a.exe', arguments: '/s' }),
      [`${startup}/b.lnk`]: 'no link',
      [`${startup}/c.txt`]: makeLink({ local: 'C:\\c.exe' }),
    },
  });
  const windows = startup.replaceAll('/', '\\');
  assert.equal(
    found.map(({ command, line }) => [command, line]),
    [
      [`C:${windows}\\a.LNK`, '"C:\\a.exe" /s'],
      [`C:${windows}\\b.lnk`, `C:${windows}\\b.lnk`],
      [`C:${windows}\\c.txt`, `C:${windows}\\c.txt`],
    ],
  );
});

test('start folders, setup scripts, policy files, provisioning and answer files', async () => {
  const unattend = `<unattend xmlns="urn:schemas-microsoft-com:unattend">
    <settings pass="specialize"><component name="Microsoft-Windows-Deployment"><RunSynchronous><RunSynchronousCommand><Path>a.cmd</Path></RunSynchronousCommand></RunSynchronous></component></settings>
    <settings pass="oobeSystem" wasPassProcessed="true"><component name="Microsoft-Windows-Shell-Setup"><FirstLogonCommands><SynchronousCommand><CommandLine>done.cmd</CommandLine></SynchronousCommand></FirstLogonCommands></component></settings>
  </unattend>`;
  const { starts, unable } = await seen({
    ...EMPTY,
    files: {
      '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/x.lnk': 'x',
      '/Users/a/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/desktop.ini': 'x',
      '/Windows/Setup/Scripts/SetupComplete.cmd': 'x',
      '/Windows/System32/GroupPolicy/Machine/Scripts/scripts.ini': Buffer.from(
        '\ufeff[Startup]\r\n0CmdLine=b.cmd\r\n0Parameters=/y\r\n',
        'utf16le',
      ),
      '/Windows/Panther/unattend.xml': unattend,
      '/ProgramData/Microsoft/Provisioning/{1}/Prov/RunTime/0/customizations.xml':
        '<WindowsCustomizations><Customizations><ProvisioningCommands><DeviceContext><CommandLine>cmd /c c.cmd</CommandLine></DeviceContext></ProvisioningCommands></Customizations></WindowsCustomizations>',
      '/ProgramData/Microsoft/Provisioning/Microsoft-Common/RunTime.xml': 'no XML, and no command',
    },
  });
  assert.equal(unable, []);
  assert.equal(starts, [
    'startup-folder: C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp\\x.lnk',
    'setup-script: C:\\Windows\\Setup\\Scripts\\SetupComplete.cmd',
    'policy-script: b.cmd /y',
    'provisioning: cmd /c c.cmd',
    'answer-file: a.cmd',
  ]);
});

test('what cannot be read is told, the rest is seen', async () => {
  const { starts, unable } = await seen({
    SOFTWARE: { [`${CV}\\Run`]: { a: 'a.exe' } },
    files: { '/Users/a/NTUSER.DAT': 'no hive', '/Windows/Panther/unattend.xml': '<unattend' },
  });
  assert.equal(starts, ['run: a.exe']);
  assert.is(unable.length, 3);
  assert.match(unable.join('; '), /SYSTEM.*NTUSER\.DAT.*unattend\.xml: XML/);
});

withReal('a real Windows 8.1 and 10 start what Microsoft made', async () => {
  const hives: Readonly<Record<string, string>> = { SOFTWARE: 'win81ent-eval-x64.SOFTWARE.gz', SYSTEM: 'win10-2004.SYSTEM.gz' };
  const { starts, unable } = await seen({ ...fakeImage(), hive: async (name) => openHive(realHive(hives[name]!), name) });
  assert.equal(unable, []);
  assert.ok(starts.includes('boot-execute: autocheck autochk *'));
  assert.ok(starts.some((start) => /^winlogon: explorer\.exe$/i.test(start)));
  assert.ok(starts.length > 20);
});

test.run();
