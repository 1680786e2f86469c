// A config with every step at full strength, the host files that it reads, and a source image on which each of them has something to do.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SmallImageOptions } from '../../scripts/dev/fixtures.ts';
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
  head: "import { activationReset, files, registry } from 'wtgforge/steps';",
  steps: `[
    activationReset(),
    files({ remove: ['/Tools'], copy: [{ from: 'brand', to: '/Windows/Web/Corp' }] }),
    registry({ files: ['corp.reg'], currentUser: 'default-user', values: [
      { key: 'HKLM\\\\SOFTWARE\\\\Corp', name: 'Sites', list: ['north', 'south'] },
      { key: 'HKLM\\\\SOFTWARE\\\\Corp', name: 'Stamp', qword: '0x1ffffffff' },
      { key: 'HKLM\\\\SOFTWARE\\\\Corp', name: 'Mask', binary: '00ff10' },
    ] }),
    generalizeAnswerFile({ timeZone: 'W. Europe Standard Time', locale: 'en-US', inputLocale: '0407:00000407', extendOsPartition: true, base: 'corp.xml' }),
    kmsClient({ host: 'kms.corp.example', port: 1690 }),
    timeClient({ servers: ['ntp1.corp.example', 'ntp2.corp.example', 'ntp3.corp.example'], hardwareClock: 'utc', maxBackward: 172800 }),
    chronyConf({ servers: ['ntp1.corp.example'], allow: ['10.0.0.0/8'] }),
    sppCacheTask(),
    workspacePolicy(),
  ]`,
  lint: "{ kmsHosts: ['kms.corp.example:1690'] }",
};

/** The host files that the config reads. */
export async function everyStep(folder: string): Promise<void> {
  await mkdir(join(folder, 'brand/deep'), { recursive: true });
  await writeFile(join(folder, 'brand/theme.txt'), 'theme');
  await writeFile(join(folder, 'brand/deep/note.txt'), 'note');
  const reg = [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]',
    '@="Corp"',
    '"Folder"=hex(2):25,00,54,00,45,00,4d,00,50,00,25,00,00,00',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp\\Empty]',
    '[HKEY_CURRENT_USER\\Software\\Corp]',
    '"Theme"="dark"',
    '',
  ];
  await writeFile(join(folder, 'corp.reg'), Buffer.from(`\ufeff${reg.join('\r\n')}`, 'utf16le'));
  await writeFile(
    join(folder, 'corp.xml'),
    `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><RegisteredOwner>Corp</RegisteredOwner></component></settings></unattend>`,
  );
}
