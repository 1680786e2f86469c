// Honest images that the other files leave out: each looks like a trick, a leak or a trace, and is none.
import { noise, peFile } from '../../scripts/dev/fixtures/bytes.ts';
import { GVLK } from '../../scripts/dev/fixtures/product-id.ts';
import { makeCab } from '../helpers/archives.ts';
import type { CorpusCases } from './case.ts';
import { archive, elfFile, joined, wide } from './decoys.ts';

const HISTORY = '/Users/admin/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt';
const SERVICES = 'ControlSet001\\Services';
const SPP = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const file = (path: string, content: Uint8Array | string) => ({ files: { [path]: content } });
const settings = (name: string, value: string) => ({ SOFTWARE: { [SPP]: { [name]: value } } });
const bare = (key: string) => key.replaceAll('-', '');

export const lookAlikeCases: CorpusCases = {
  refused: [],
  honest: [
    {
      name: 'an archive of programs of a vendor',
      rows: ['G13', 'E07'],
      plant: () => file('/ProgramData/vendor.cab', makeCab({ 'readme.txt': 'readme', 'licence.txt': 'licence' })),
    },
    {
      name: 'an empty history and one of usual commands',
      rows: ['G19', 'E44'],
      plant: file(HISTORY, 'Get-Service\nslmgr /dlv\nslmgr /skms kms.corp.example\n'),
    },
    {
      name: 'a detection of something else',
      rows: ['G19'],
      plant: file(
        '/ProgramData/Microsoft/Windows Defender/Support/MPLog-20260101-000000.log',
        wide('Threat Name:Virus:DOS/EICAR_Test_File\r\n'),
      ),
    },
    {
      name: 'rules of a scanner and a list of signs, as text',
      rows: ['T04'],
      plant: file(
        '/ProgramData/Scanner/rules.yar',
        `rule tool { strings: $a = "${joined('KMS', 'ELDI')}.pdb" $b = "${joined('Auto', 'KMS')}" condition: any of them }\n`,
      ),
    },
    { name: 'a host of Azure', rows: ['T06', 'G3'], plant: settings('KeyManagementServiceName', 'azkms.core.windows.net') },
    { name: 'no host at all', rows: ['G3'], plant: settings('KeyManagementServiceName', '') },
    {
      name: 'tools of volume activation',
      rows: ['T15'],
      plant: () => ({
        files: {
          '/Program Files (x86)/Windows Kits/10/Assessment and Deployment Kit/VAMT3/Vamt.exe': peFile('Vamt.exe'),
          '/Windows/System32/vmw.exe': peFile('vmw.exe'),
        },
      }),
    },
    {
      name: 'keys that Setup has for every edition',
      rows: ['T24', 'K'],
      plant: file('/sources/product.ini', `[cmi]\r\nenterprise=${GVLK.Enterprise}\r\neducation=${GVLK.Education}\r\n`),
    },
    {
      name: 'published keys in another writing',
      rows: ['T02', 'K'],
      plant: file('/Users/Public/keys.txt', `${bare(GVLK.Enterprise)}\r\n${Buffer.from(GVLK.Education).toString('base64')}\r\n`),
    },
    {
      name: 'serials and digests of the length of a key',
      rows: ['T23', 'K'],
      plant: file(
        '/Users/Public/list.csv',
        `BCDFGHJKMPQRTVWXY23467892\r\n${'3f9a'.repeat(16)}\r\n${Buffer.from(noise('b', 60)).toString('base64')}\r\n`,
      ),
    },
    {
      name: 'a program whose name has a blank, and an old device name in the middle',
      rows: ['E38'],
      plant: () => file('/Program Files/Vendor/con trol.exe', peFile('control.exe')),
    },
    {
      name: 'a service with a licence in its name',
      rows: ['T11', 'G21', 'G8'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\LicenseAgent`]: {
            Type: 0x10,
            Start: 3,
            ImagePath: '"C:\\Program Files\\Vendor\\license.exe"',
            DisplayName: 'Vendor Licence Management',
            ObjectName: 'NT AUTHORITY\\LocalService',
          },
        },
      },
    },
    { name: 'a program of Linux', rows: ['G23'], plant: () => file('/opt/tool', elfFile(noise('elf', 900))) },
    {
      name: 'a program with texts about licences',
      rows: ['G5', 'G4'],
      plant: () => file('/Program Files/Vendor/lic.dll', peFile('lic.dll', Buffer.from('KMS_REGION\0KMS key id %s\0%05u-%03u\0'))),
    },
    {
      name: 'a capture driver with its analyser',
      rows: ['G15'],
      plant: () => ({
        files: {
          '/Program Files/Analyser/WinDivert64.sys': peFile('WinDivert64.sys'),
          '/Program Files/Analyser/analyser.exe': peFile('analyser.exe'),
        },
      }),
    },
    {
      name: 'a hosts file of a laboratory',
      rows: ['G11', 'T21'],
      plant: file('/Windows/System32/drivers/etc/hosts', '10.1.2.3 build.corp.example\r\n10.1.2.4 files.corp.example\r\n'),
    },
    {
      name: 'passwords that are asked for',
      rows: ['S'],
      plant: file('/Tools/join.cmd', '@net use Z: \\\\srv\\deploy /user:corp\\joiner *\r\n@net user helper %PW% /add\r\n'),
    },
    {
      name: 'settings of a deployment without a password',
      rows: ['S'],
      plant: file('/MININT/CustomSettings.ini', '[Default]\r\nUserPassword=\r\nSkipAdminPassword=YES\r\n'),
    },
    {
      name: 'a profile, a drive letter and logs of the reference machine',
      rows: ['W'],
      plant: {
        SYSTEM: { MountedDevices: { '\\DosDevices\\C:': new Uint8Array(12) } },
        SOFTWARE: { 'Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-1-2-3-1001': { ProfileImagePath: 'C:\\Users\\jane' } },
      },
    },
    {
      name: 'a guarded program of a service',
      rows: ['W'],
      plant: {
        SYSTEM: {
          [`${SERVICES}\\Agent`]: { Type: 0x10, Start: 2, ImagePath: 'C:\\Program Files\\Agent\\agent.exe', ObjectName: 'LocalSystem' },
        },
        files: { '/Program Files/Agent/agent.exe': peFile('agent.exe') },
      },
    },
    {
      name: 'a start manager of another system beside that of Windows',
      rows: ['G16'],
      plant: () => file('/EFI/ubuntu/grubx64.efi', peFile('grubx64.efi')),
    },
    {
      name: 'a ticket of a shop',
      rows: ['G6'],
      plant: file('/Users/Public/ticket.xml', '<ticket xmlns="urn:shop"><seat>12</seat></ticket>'),
    },
    { name: 'a policy for activation over a domain', rows: ['G18', 'T15'], plant: { SOFTWARE: { [SPP]: { VLActivationType: 1 } } } },
    {
      name: 'settings of a database on its port',
      rows: ['G22', 'T17'],
      plant: file('/ProgramData/db/db.ini', 'Port = 1688\r\nRandomLevel = 2\r\n'),
    },
    {
      name: 'folders of a vendor with the letters in it',
      rows: ['G14', 'T22'],
      plant: () => file('/Program Files/KmsonlineCo/picorder.exe', peFile('picorder.exe')),
    },
    {
      name: 'a library of a vendor that only bears another name',
      rows: ['G2', 'G21'],
      plant: () => file('/Program Files/Vendor/slcore.dll', peFile('slcore.dll')),
    },
    {
      name: 'a program that prints numbers in groups',
      rows: ['G5'],
      plant: () => file('/Program Files/Vendor/serial.exe', peFile('serial.exe', wide('%05u-%05u\\0serial number %s'))),
    },
    {
      name: 'Defender with an exclusion of one program of a vendor',
      rows: ['G9'],
      plant: { SOFTWARE: { 'Microsoft\\Windows Defender\\Exclusions\\Processes': { 'C:\\Program Files\\Database\\bin\\db.exe': 0 } } },
    },
    {
      name: 'an archive in an archive',
      rows: ['G13', 'E02'],
      plant: () => file('/ProgramData/docs.zip', archive('zip', { 'inner.zip': archive('zip', { 'a.txt': 'a' }) })),
    },
    {
      name: 'the start files of Windows on its own partition',
      rows: ['G16'],
      plant: () => file('/EFI/Boot/bootx64.efi', peFile('bootx64.efi')),
    },
  ],
};
