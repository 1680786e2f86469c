// Names of activators on files, streams, members of archives, services and tasks; the honest names that come near to them.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activatorName } from '../../../rules/activation/activator-name.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { bad, files, found, namedFiles, service, servicesByCommand, TREE, tree } from '../../helpers/activator-name-cases.ts';
import { pack as packed } from '../../helpers/archives.ts';
import type { FakeFile } from '../../helpers/fake-image.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

windowsRuleTester(activatorName, {
  good: [
    { name: 'a service with a command line made to be slow', image: service('x', { ImagePath: 'a'.repeat(3_000_000) }) },
    {
      name: 'names that only contain such a name',
      image: files(
        '/Tools/gohook.exe',
        '/Tools/iohook.node',
        '/x/discohook.dll',
        '/Fonts/ShortsForge.exe',
        '/src/kms.exe',
        '/x/aws-kms-agent.exe',
      ),
    },
    { name: 'projects named tsforge', image: files('/dev/tsforge/index.ts', '/dev/tsforge/cli.js', '/dev/tsforge.zip/readme.md') },
    {
      name: 'texts, rules and catalogues',
      image: files(
        '/docs/KMSpico.md',
        '/docs/vlmcsd.pdf',
        '/av/kmspico.yar',
        '/sbom/py-kms.json',
        '/docs/AutoPico.txt',
        '/KMSAuto/readme.html',
      ),
    },
    {
      name: 'Microsoft’s own programs and tasks',
      image: {
        ...files(
          '/Windows/System32/sppsvc.exe',
          '/Windows/System32/SppExtComObj.exe',
          '/Windows/System32/sppc.dll',
          '/Windows/System32/slmgr.vbs',
          '/Windows/System32/Tasks/Microsoft/Windows/SoftwareProtectionPlatform/SvcRestartTask',
          '/Windows/System32/Tasks/Microsoft/Windows/SoftwareProtectionPlatform/SvcRestartTaskLogon',
        ),
        ...tree('Microsoft\\Windows\\SoftwareProtectionPlatform\\SvcRestartTaskNetwork'),
        ...service('sppsvc', { ImagePath: '%SystemRoot%\\system32\\sppsvc.exe', DisplayName: '@%SystemRoot%\\system32\\sppsvc.exe,-101' }),
      },
    },
    {
      name: 'texts, rules and pictures of such a name',
      // Read, they would be programs: only the ending says that they are not.
      image: {
        files: Object.fromEntries(
          'txt|md|rst|adoc|htm|html|pdf|doc|docx|rtf|odt|json|yml|yaml|toml|csv|xml|yar|yara|sig|rule|rules|ndb|hdb|url|png|jpg|jpeg|svg|mui|manifest|log'
            .split('|')
            .map((ending) => [`/KMSpico/a.${ending}`, 'MZ']),
        ),
      },
    },
    {
      name: 'folders of such names',
      image: {
        files: {
          '/x/AutoPico.exe': { folder: true },
          '/Windows/System32/Tasks/KMSAuto': { folder: true },
          '/Windows/System32/Tasks/AAct': { folder: true },
        },
        SOFTWARE: { [`${TREE}\\AutoKMS`]: {}, [`${TREE}\\KMSTools`]: {} },
      },
    },
    {
      name: 'names that have such a word glued to others',
      image: files('/x/akmspico.exe', '/x/kmspicox.exe', '/x/vlmcsdx.exe', '/x/mykmsauto.exe', '/x/sppc640.dll', '/x/xaact.exe'),
    },
    { name: 'a vpn adapter', image: files('/Windows/System32/drivers/tap0901.sys') },
    { name: 'a file without ending that is text', image: { files: { '/notes/vlmcsd': 'what this word means' } } },
    { name: 'a file named like an archive', image: { files: { '/x/a.zip': 'no archive', '/x/empty.7z': '' } } },
  ],
  bad: [
    bad('a known program', '/Users/Public/AutoPico.exe'),
    ...namedFiles,
    {
      name: 'one that is too large to be read is taken at its name',
      image: { files: { '/x/vlmcsd': Buffer.alloc(64 * 1024 * 1024 + 1) } },
      findings: [found('/x/vlmcsd')],
    },
    {
      name: 'a program that is named as a text, and one without an ending in a folder of such a name',
      image: { files: { '/x/vlmcsd.txt': 'MZ and so on', '/Downloads/KMSpico 10/data': 'MZ and so on' } },
      findings: [found('/x/vlmcsd.txt'), found('/Downloads/KMSpico 10/data', 'folder', 'warning')],
    },
    {
      name: 'a module of an emulator in the root',
      image: files('/pykms_Base.py'),
      findings: [found('/', 'pyKms', 'warning')],
    },
    bad('in other case', '/Users/Public/KMSELDI.EXE'),
    bad('with a version', '/Downloads/KMSpico_v10.2.0_setup.exe'),
    bad('a server under its own name with a target', '/x/vlmcsd-Windows-x64.exe'),
    bad('a hook DLL', '/Windows/System32/SppExtComObjHook.dll'),
    bad('the renamed licensing DLL', '/Program Files/Microsoft Office/root/vfs/System/sppcs.dll'),
    bad('full-width letters', '/x/ＫＭＳｐｉｃｏ.exe'),
    bad('a zero-width space', '/x/KMS\u200bpico.exe'),
    bad('a script', '/Windows/Setup/Scripts/MAS_AIO.cmd'),
    bad('a script by its place', '/Windows/Temp/MAS_0a1b2c3d-1111-2222-3333-444455556666.cmd', 'folder'),
    bad('a program in a folder of the family', '/ProgramData/KMSAutoS/bin/driver.exe', 'folder'),
    bad('a program in any folder of such a name', '/Users/a/Downloads/KMSpico 10/setup.exe', 'folder', 'warning'),
    bad('a name that honest programs have too', '/x/Windows Loader.exe', 'file', 'warning'),
    {
      name: 'a program without ending',
      image: { files: { '/opt/vlmcsd': '\x7fELF and so on', '/opt/KMSpico.dat': 'MZ and so on' } },
      findings: [found('/opt/KMSpico.dat'), found('/opt/vlmcsd')],
    },
    {
      name: 'one that cannot be read is taken at its name',
      image: { files: { '/opt/vlmcsd': { content: 'x', unreadable: 'its blob is missing' } satisfies FakeFile } },
      findings: [found('/opt/vlmcsd')],
    },
    {
      name: 'a named stream',
      image: { files: { '/notes.txt': { content: 'x', streams: { 'AutoPico.exe': 'MZ' } } } },
      findings: [{ messageId: 'file', at: { file: '/notes.txt', stream: 'AutoPico.exe' } }],
    },
    {
      name: 'modules of an emulator in Python',
      image: files('/lab/pykms_Server.py', '/lab/pykms_Client.py', '/lab/pykms_Base.py', '/other/pykms_Misc.py'),
      findings: [found('/lab', 'pyKms', 'error'), found('/other', 'pyKms', 'warning')],
    },
    {
      name: 'a stream of a folder, and one without an ending',
      image: {
        files: {
          '/Data': { folder: true, streams: { 'vlmcsd.exe': 'x' } },
          '/notes.txt': { content: 'x', streams: { vlmcsd: 'x', 'kmspico.txt': 'x', 'Zone.Identifier': 'x' } },
        },
      },
      findings: [
        { messageId: 'file', at: { file: '/Data', stream: 'vlmcsd.exe' } },
        { messageId: 'file', at: { file: '/notes.txt', stream: 'vlmcsd' } },
      ],
    },
    {
      name: 'a service by its library',
      image: {
        SYSTEM: {
          'ControlSet001\\Services\\Updater': { ImagePath: '%SystemRoot%\\System32\\svchost.exe -k x' },
          'ControlSet001\\Services\\Updater\\Parameters': { ServiceDll: 'C:\\Windows\\SECOH-QAD.dll' },
        },
      },
      findings: [{ messageId: 'service', at: { hive: 'SYSTEM', key: 'ControlSet001\\Services\\Updater\\Parameters' }, says: 'Updater' }],
    },
    {
      name: 'a service by name',
      image: service('Service KMSELDI', { ImagePath: 'C:\\x.exe' }),
      findings: [{ messageId: 'service', at: { hive: 'SYSTEM', key: 'ControlSet001\\Services\\Service KMSELDI' } }],
    },
    {
      name: 'a service by its program, in another control set',
      image: { SYSTEM: { 'ControlSet002\\Services\\Updater': { ImagePath: '"C:\\Program Files\\Up date\\KMSSS.exe" -Port 1688' } } },
      findings: [{ messageId: 'service', at: { hive: 'SYSTEM', key: 'ControlSet002\\Services\\Updater' } }],
    },
    ...servicesByCommand,
    {
      name: 'a service and a task by a word in their names',
      image: { ...service('KMSpico Service', { ImagePath: 'C:\\x.exe' }), ...tree('KMSpico at logon') },
      findings: [
        { messageId: 'service', at: { hive: 'SYSTEM', key: 'ControlSet001\\Services\\KMSpico Service' } },
        { messageId: 'task', at: { hive: 'SOFTWARE', key: `${TREE}\\KMSpico at logon` } },
      ],
    },
    {
      name: 'a service by the name it shows',
      image: service('update', { ImagePath: 'C:\\x.exe', DisplayName: 'Key Management Server' }),
      findings: [{ messageId: 'service', at: { hive: 'SYSTEM', key: 'ControlSet001\\Services\\update' } }],
    },
    {
      name: 'tasks in both stores',
      image: {
        ...files('/Windows/System32/Tasks/AutoPico Daily Restart', '/Windows/System32/Tasks/Vendor/Activation-Renewal'),
        ...tree('AutoKMS'),
      },
      findings: [
        { messageId: 'task', at: { hive: 'SOFTWARE', key: `${TREE}\\AutoKMS` } },
        found('/Windows/System32/Tasks/AutoPico Daily Restart', 'task'),
        found('/Windows/System32/Tasks/Vendor/Activation-Renewal', 'task'),
      ],
    },
    ...[
      '/Program Files/KMSpico/x.exe|/Program Files (x86)/KMSpico/x.exe|/ProgramData/KMSAuto/x.exe|/Windows/KMSAuto/x.exe|/Windows/KMSAutoS/x.exe',
      '/Program Files/KMSAuto Net/x.exe|/Program Files (x86)/KMSAutoX/x.exe|/Windows/AAct_Tools/x.exe|/Windows/AutoKMS/x.exe',
      '/Windows/KMSServerService/x.exe|/Program Files/Activation-Renewal/x.cmd',
    ]
      .flatMap((paths) => paths.split('|'))
      .map((path) => bad(`a program by its folder: ${path}`, path, 'folder')),
    ...'exe|dll|sys|com|scr|cpl|ocx|drv|efi|msi|msp|cmd|bat|ps1|psm1|vbs|vbe|js|jse|wsf|hta|py|pyw|lnk|pif|kmd|reg|au3'
      .split('|')
      .map((ending) => bad(`what Windows starts as .${ending}`, `/x/KMSpico.${ending}`)),
    ...['Service KMSELDI', 'KMSEmulator', 'KMSServerService', 'vlmcsd', 'oem-drv64', 'KMSSS', 'py-kms', 'pykms'].map((name) => ({
      name: `a service named ${name}`,
      image: service(name, { ImagePath: 'C:\\x.exe' }),
      findings: [{ messageId: 'service', at: { hive: 'SYSTEM', key: `ControlSet001\\Services\\${name}` } }],
    })),
    ...['KMS Server Service', 'Service KMSELDI'].map((DisplayName) => ({
      name: `a service shown as ${DisplayName}`,
      image: service('update', { ImagePath: 'C:\\x.exe', DisplayName }),
      findings: [{ messageId: 'service', at: { hive: 'SYSTEM', key: 'ControlSet001\\Services\\update' } }],
    })),
    ...[
      'AutoPico Daily Restart',
      'Service KMSELDI',
      'KMSAutoNet',
      'AutoKMS',
      'AutoKMSCustom',
      'KMSTools',
      'Activation-Renewal',
      'AAct',
      'AAct x',
      'AAct_x',
    ].map((name) => ({
      name: `a task named ${name}`,
      image: tree(`Vendor\\${name}`),
      findings: [{ messageId: 'task', at: { hive: 'SOFTWARE', key: `${TREE}\\Vendor\\${name}` } }],
    })),
    {
      name: 'a copy of a genuine task',
      image: tree('Microsoft\\Windows\\SoftwareProtectionPlatform\\SvcTrigger'),
      findings: [
        { messageId: 'task', at: { hive: 'SOFTWARE', key: `${TREE}\\Microsoft\\Windows\\SoftwareProtectionPlatform\\SvcTrigger` } },
      ],
    },
  ],
});

const archived = needTools(test, { '7zz': '7zip' });
const pack = (kind: string, names: readonly string[], more: Record<string, string | Uint8Array> = {}) =>
  packed(kind, { ...Object.fromEntries(names.map((name) => [name, 'x'])), ...more });

if (archived !== (test.skip as unknown)) {
  windowsRuleTester(activatorName, {
    good: [
      { name: 'archives with honest members', image: { files: { '/a.zip': pack('zip', ['gohook/gohook.exe', 'docs/KMSpico.md']) } } },
      { name: 'an archive of documents', image: { files: { '/b.7z': pack('7z', ['vlmcsd.txt']) } } },
    ],
    bad: [
      {
        name: 'a member of a zip and of a 7z',
        image: { files: { '/a.zip': pack('zip', ['tool/AutoPico.exe', 'a.txt']), '/b.7z': pack('7z', ['x/y/KMSELDI.exe']) } },
        findings: [
          { messageId: 'file', at: { file: '/a.zip', inside: ['tool/AutoPico.exe'] } },
          { messageId: 'file', at: { file: '/b.7z', inside: ['x/y/KMSELDI.exe'] } },
        ],
      },
      {
        name: 'a member without a telling ending, in an archive in an archive',
        image: { files: { '/a.dat': pack('zip', ['b/c.txt'], { 'b/inner.7z': pack('7z', ['vlmcsd'], { vlmcsd: '\x7fELF' }) }) } },
        findings: [{ messageId: 'file', at: { file: '/a.dat', inside: ['b/inner.7z', 'vlmcsd'] } }],
      },
    ],
  });
}

needRealData(test)('no path of three real Windows has such a name', async () => {
  const { visitor, reports } = await visitorOf();
  let paths = 0;
  await withScratch(async (scratch) => {
    for (const name of readdirSync(join(realData, 'filelists')).filter((one) => one.endsWith('.tar.gz'))) {
      execFileSync('tar', ['-xzf', join(realData, 'filelists', name), '-C', scratch]);
      for (const line of readFileSync(join(scratch, 'default.txt')).toString('latin1').split(/\r?\n/)) {
        const path = line
          .replaceAll('\0', '')
          .replace(/^[^A-Za-z]*[A-Za-z]:/, '')
          .replaceAll('\\', '/')
          .trim();
        if (!path.startsWith('/')) continue;
        paths++;
        visitor.file!({ path, folder: false, size: 0, streams: [] } as never, undefined);
      }
    }
  });
  assert.ok(paths > 300_000, `${paths} paths`);
  assert.equal(reports, []);
});

async function visitorOf() {
  const reports: unknown[] = [];
  const visitor = activatorName.create({ report: (finding: unknown) => reports.push(finding), unable: () => {} } as never);
  return { visitor, reports };
}

test.run();
