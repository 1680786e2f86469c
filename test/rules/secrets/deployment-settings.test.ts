// Passwords in the settings of deployment tools, and the same settings without one.
import { test } from 'uvu';
import { deploymentSettings } from '../../../rules/secrets/deployment-settings.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const PASSWORD = 'Decoy-Pa55';
const MDT = '/MININT/SMSOSD/OSDLOGS/CustomSettings.ini';
const GROUPS = '/Windows/SYSVOL/Preferences/Groups/Groups.xml';
const PACKAGE = '/ProgramData/Microsoft/Provisioning/customizations.xml';
const groups = (cpassword: string) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<Groups clsid="{3125E937-EB16-4b4c-9934-544FC6D24D26}"><User name="admin">\n<Properties action="U" cpassword="${cpassword}" userName="admin"/></User></Groups>`;
const customizations = (inner: string) =>
  `<?xml version="1.0"?>\n<WindowsCustomizations><Settings xmlns="urn:schemas-microsoft-com:windows-provisioning"><Customizations><Common>\n${inner}</Common></Customizations></Settings></WindowsCustomizations>`;

windowsRuleTester(deploymentSettings, {
  good: [
    {
      name: 'settings without a password, with a variable, and for an account that has none',
      image: {
        files: {
          [MDT]: '[Default]\r\nUserID=deploy\r\nUserPassword=\r\nDomainAdminPassword=%Pw%\r\nSkipAdminPassword=YES\r\n',
          '/sysprep.inf': 'AdminPassword=*\r\nEncryptedAdminPassword=NO\r\n'.replace(/Enc.*\r\n/, ''),
        },
      },
    },
    ...['%Pw%', '#Pw#', '*', '<password>', 'NoPassword', 'none', 'yes', 'no', 'true', 'false', ''].map((value) => ({
      name: `what only stands for a value: ${value}`,
      image: {
        files: { [MDT]: `UserPassword=${value}`, '/winnt.sif': `AdminPassword="${value}"`, '/unattend.txt': `AdminPassword = ${value} ` },
      },
    })),
    { name: 'a folder of that kind of name', image: { files: { '/groups.xml': { folder: true }, '/sysprep.inf': { folder: true } } } },
    { name: 'a preference without one', image: { files: { [GROUPS]: groups('') } } },
    {
      name: 'a package with switches about passwords',
      image: {
        files: {
          [PACKAGE]: customizations(
            '<Policies><DevicePassword>1</DevicePassword><AllowSimpleDevicePassword>true</AllowSimpleDevicePassword><NoPassword>False</NoPassword><EmptyPassword>%Pw%</EmptyPassword></Policies>',
          ),
        },
      },
    },
    {
      name: 'a preference with an element of a package, and one that is not well-formed without a password',
      image: {
        files: { [GROUPS]: `<Groups><x cpassword=""/><Password>${PASSWORD}</Password></Groups>`, '/d.xml': '<Groups cpassword="a">' },
      },
    },
    {
      name: 'settings that are too large to be any',
      image: { files: { [MDT]: Buffer.from(`UserPassword=${PASSWORD}\r\n`.repeat(200_000)) } },
    },
    {
      name: 'other XML and other settings with such names',
      image: {
        files: { '/a.xml': '<config><Password>abc</Password></config>', '/b.ini': `Password=${PASSWORD}`, '/c.xml': '<a cpassword="x" />' },
      },
    },
  ],
  bad: [
    {
      name: 'MDT',
      image: { files: { [MDT]: `[Default]\r\nUserPassword=${PASSWORD}\r\nDomainAdminPassword = "${PASSWORD}"\r\n` } },
      findings: [
        { messageId: 'ini', at: { file: MDT, line: 2 }, severity: 'error', says: 'UserPassword' },
        { messageId: 'ini', at: { file: MDT, line: 3 }, says: 'DomainAdminPassword' },
      ],
      never: [PASSWORD],
    },
    {
      name: 'the boot settings of MDT in two bytes a letter, and an old answer file',
      image: {
        files: {
          '/Deploy/Bootstrap.ini': new Uint8Array(Buffer.from(`\ufeffUserPassword=${PASSWORD}`, 'utf16le')),
          '/sysprep/sysprep.inf': `AdminPassword="${PASSWORD}"`,
        },
      },
      findings: [
        { messageId: 'ini', at: { file: '/Deploy/Bootstrap.ini', line: 1 } },
        { messageId: 'ini', at: { file: '/sysprep/sysprep.inf', line: 1 } },
      ],
      never: [PASSWORD],
    },
    {
      name: 'a preference of group policy',
      image: { files: { [GROUPS]: groups('j1Uyj3Vx8TY9LtLZil2uAuZkFQA') } },
      findings: [{ messageId: 'preference', at: { file: GROUPS, line: 3 } }],
      never: ['j1Uyj3Vx8TY9LtLZil2uAuZkFQA'],
    },
    ...['NTServices', 'ScheduledTasks', 'DataSources', 'Printers', 'Drives'].map((root) => ({
      name: `a preference of another kind: ${root}`,
      image: { files: { [GROUPS]: `<${root}><Properties cpassword="j1Uyj3Vx8TY9"/></${root}>` } },
      findings: [{ messageId: 'preference', at: { file: GROUPS } }],
    })),
    ...['password', 'passphrase', 'PreSharedKey', 'Preshared_Key', 'SecurityKey', 'BPRT', 'KeyMaterial'].map((name) => ({
      name: `a setting of a package: ${name}`,
      image: { files: { [PACKAGE]: customizations(`<${name}>${PASSWORD}</${name}>`) } },
      findings: [{ messageId: 'package', at: { file: PACKAGE, line: 3 } }],
    })),
    {
      name: 'the old answer files of other names, and a pin',
      image: { files: { '/winnt.sif': `AdminPassword=${PASSWORD}`, '/unattend.txt': `AdminPassword=${PASSWORD}`, [MDT]: 'BDEPin=123456' } },
      findings: ['/winnt.sif', '/unattend.txt', MDT].map((file) => ({ messageId: 'ini', at: { file, line: 1 } })),
    },
    {
      name: 'a file of very many, cut',
      image: { files: { [GROUPS]: `<Groups>${'\n<P cpassword="j1Uyj3Vx8TY9"/>'.repeat(60)}</Groups>` } },
      findings: Array.from({ length: 50 }, () => ({ messageId: 'preference', at: { file: GROUPS } })),
    },
    ...["cpassword = 'j1Uyj3Vx8TY9LtLZ'", 'cpassword\n="j1Uyj3Vx8TY9LtLZ"'].flatMap((attribute) =>
      ['</Groups>', ''].map((end) => ({
        name: `a preference in another writing, ${end === '' ? 'not well-formed' : 'well-formed'}: ${attribute}`,
        image: { files: { [GROUPS]: `<Groups><User><Properties ${attribute}/></User>${end}` } },
        findings: [{ messageId: 'preference' as const, at: { file: GROUPS } }],
        never: ['j1Uyj3Vx8TY9LtLZ'],
      })),
    ),
    {
      name: 'a preference that is not well-formed',
      image: { files: { [GROUPS]: groups('j1Uyj3Vx8TY9LtLZ').replace('</Groups>', '') } },
      findings: [{ messageId: 'preference', at: { file: GROUPS } }],
    },
    {
      name: 'a package: an account, a wireless network, a join in bulk',
      image: {
        files: {
          [PACKAGE]: customizations(
            `<Accounts><ComputerAccount><Account>join</Account><Password>${PASSWORD}</Password></ComputerAccount>\n<Azure><BPRT>eyJ0eXAi${PASSWORD}</BPRT></Azure></Accounts>\n<WLANXmlSettings><SecurityKey>${PASSWORD}</SecurityKey></WLANXmlSettings>`,
          ),
        },
      },
      findings: [
        { messageId: 'package', at: { file: PACKAGE, line: 3 }, says: 'Password' },
        { messageId: 'package', at: { file: PACKAGE, line: 4 }, says: 'BPRT' },
        { messageId: 'package', at: { file: PACKAGE, line: 5 }, says: 'SecurityKey' },
      ],
      never: [PASSWORD],
    },
  ],
});

test.run();
