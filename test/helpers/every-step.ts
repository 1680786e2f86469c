// A config with every step at full strength, the host files that it reads, and a source image on which each of them has something to do.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SmallImageOptions } from '../../scripts/dev/fixtures.ts';
import { infText } from './inf-text.ts';
import type { ConfigParts } from './workspace.ts';

const SOURCE: SmallImageOptions = {
  extraFiles: {
    '/Windows/Setup/Scripts/SetupComplete.cmd': '@echo off\r\nrem of the owner\r\n',
    '/Windows/System32/Sysprep/unattend.xml': '<unattend xmlns="urn:schemas-microsoft-com:unattend"/>',
    '/ProgramData/Microsoft/Windows/ClipSVC/GenuineTicket/old.xml': '<genuineAuthorization/>',
    '/Tools/old/trial.exe': 'old tool',
  },
};

export const EVERY_STEP: Required<Pick<ConfigParts, 'head' | 'steps' | 'lint'>> & { readonly source: SmallImageOptions } = {
  source: SOURCE,
  head: "import { activationReset, drivers, files, firstBoot, registry, scheduledTask, script } from 'wtgforge/steps';",
  steps: `[
    activationReset(),
    files({ remove: ['/Tools'], copy: [{ from: 'brand', to: '/Windows/Web/Corp' }, { from: 'brand/theme.txt', to: '/Windows/System32/drivers/etc/networks', overwrite: true }] }),
    registry({ files: ['corp.reg'], currentUser: 'default-user', removeValues: [{ key: 'HKLM\\\\SOFTWARE\\\\Old', name: 'Gone' }], values: [
      { key: 'HKLM\\\\SOFTWARE\\\\Corp', name: 'Sites', list: ['north', 'south'] },
      { key: 'HKLM\\\\SOFTWARE\\\\Corp', name: 'Stamp', qword: '0x1ffffffff' },
      { key: 'HKLM\\\\SOFTWARE\\\\Corp', name: 'Mask', binary: '00ff10' },
      { key: 'HKLM\\\\SOFTWARE\\\\Corp', name: 'Token', secret: secret.file('token.txt') },
    ] }),
    generalizeAnswerFile({ timeZone: 'W. Europe Standard Time', locale: 'en-US', inputLocale: '0407:00000407', extendOsPartition: true,
      base: 'corp.xml', accountName: 'kiosk', accountPassword: secret.file('kiosk.txt') }),
    kmsClient({ host: 'kms.corp.example', port: 1690, officeHost: 'kms2.corp.example', fallbackHosts: ['kms2.corp.example:1700'],
      hostCaching: false, activationType: 2, installKey: true }),
    timeClient({ servers: ['ntp1.corp.example', 'ntp2.corp.example', 'ntp3.corp.example'], hardwareClock: 'utc', maxBackward: 172800, repairTriggers: true }),
    chronyConf({ servers: ['ntp1.corp.example'], allow: ['10.0.0.0/8'] }),
    sppCacheTask({ bootDelay: 7 }),
    drivers({ folders: ['net'] }),
    scheduledTask({ tasks: [
      { name: '\\\\corp\\\\Nightly run', command: 'x.exe', arguments: '/all', triggers: ['daily 03:00', 'logon PT1M'] },
      { name: '\\\\corp\\\\own', xml: 'own.xml' },
    ] }),
    script({ scripts: [{ file: 'once.cmd', when: 'first-boot', arguments: 'a "b c"' }, { file: 'logon.ps1', when: 'logon', runAs: 'users' }] }),
    firstBoot({ commands: ['type agent.txt', 'exit 3', 'echo 50%% of %OS%'], files: ['agent.txt'] }),
    workspacePolicy({ sleep: false }),
  ]`,
  lint: "{ kmsHosts: ['kms.corp.example:1690', 'kms2.corp.example', 'kms2.corp.example:1700'], allow: [{ rule: 'secrets/answer-file-password', at: '/Windows/Panther/unattend.xml', reason: 'the kiosk account' }] }",
};

/** What is in the secrets of the config; no report may show them. */
export const SECRETS = { account: 'Kiosk-Pass-7', token: 'Token-Text-42' } as const;

const TASK = `<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec><Command>y.exe</Command></Exec></Actions></Task>`;

/** The host files that the config reads. */
export async function everyStep(folder: string): Promise<void> {
  await mkdir(join(folder, 'brand/deep'), { recursive: true });
  await writeFile(join(folder, 'brand/theme.txt'), 'theme');
  await writeFile(join(folder, 'brand/deep/note.txt'), 'note');
  await mkdir(join(folder, 'net'));
  await writeFile(join(folder, 'net/corpnet.inf'), infText());
  await writeFile(join(folder, 'net/corpnet.sys'), 'MZ');
  await writeFile(join(folder, 'own.xml'), TASK);
  await writeFile(join(folder, 'once.cmd'), '@echo off\necho script %1 %2>C:\\once.txt\nexit 4\n');
  await writeFile(join(folder, 'logon.ps1'), "Write-Output 'x'\n");
  await writeFile(join(folder, 'agent.txt'), 'agent\r\n');
  await writeFile(join(folder, 'kiosk.txt'), SECRETS.account);
  await writeFile(join(folder, 'token.txt'), SECRETS.token);
  const reg = [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]',
    '@="Corp"',
    '"Folder"=hex(2):25,00,54,00,45,00,4d,00,50,00,25,00,00,00',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp\\Empty]',
    '[HKEY_CURRENT_USER\\Software\\Corp]',
    '"Theme"="dark"',
    '[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Absent]',
    '',
  ];
  await writeFile(join(folder, 'corp.reg'), Buffer.from(`\ufeff${reg.join('\r\n')}`, 'utf16le'));
  await writeFile(
    join(folder, 'corp.xml'),
    `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><RegisteredOwner>Corp</RegisteredOwner></component></settings></unattend>`,
  );
}
