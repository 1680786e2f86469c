// The rule hygiene/opaque-content: archives that can be opened, and those that cannot, by who starts them and where they lie.
import { randomBytes } from 'node:crypto';
import { test } from 'uvu';
import { opaqueContent } from '../../../rules/hygiene/opaque-content.ts';
import { actionsBlob, triggersBlob } from '../../../scripts/dev/fixtures/tasks.ts';
import { makeProgram, pack } from '../../helpers/archives.ts';
import type { FakeSpec } from '../../helpers/fake-image.ts';
import { needTools } from '../../helpers/need.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';
import { STANDING, STARTUP, STOCK } from '../../helpers/opaque-places.ts';

const UNPACKS = '7z x -psecret C:\\Windows\\System32\\run.bin\r\n';
const RUN_BIN = 'C:\\Windows\\System32\\run.bin';
const RUN = 'Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const ID = '{11111111-2222-3333-4444-555555555555}';
const CACHE = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache';
const SETUP_SCRIPT = '/Windows/Setup/Scripts/SetupComplete.cmd';
const ofTask = { path: '\\T', trigger: 'boot', principal: 'S-1-5-18', action: `cmd.exe /c ${RUN_BIN}` } as const;

/** Ways to start a file that no list of keys shows, and scripts whose plain form alone names it. */
const STARTS: readonly (readonly [string, FakeSpec])[] = [
  [
    'a task in the registry alone',
    {
      SOFTWARE: {
        [`${CACHE}\\Tree\\T`]: { Id: ID, SD: new Uint8Array(20) },
        [`${CACHE}\\Tasks\\${ID}`]: { Path: '\\T', Actions: actionsBlob(ofTask), Triggers: triggersBlob(ofTask) },
      },
    },
  ],
  ...['/Windows/ServiceProfiles/NetworkService/NTUSER.DAT', '/Windows/System32/config/DEFAULT', '/Users/Default/NTUSER.DAT'].map(
    (hive): readonly [string, FakeSpec] => [hive, { hives: { [hive]: { [RUN]: { x: RUN_BIN } } } }],
  ),
  ...(
    [
      ['Policies\\Microsoft\\Windows\\System\\Scripts\\Startup\\0\\0', 'Script'],
      ['Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer\\Run', '1'],
      ['Wow6432Node\\Microsoft\\Windows NT\\CurrentVersion\\Windows', 'AppInit_DLLs'],
      ['Microsoft\\Command Processor', 'AutoRun'],
      ['Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\a.exe', 'Debugger'],
      ['Wow6432Node\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\b.exe', 'Debugger'],
      ['Microsoft\\Windows NT\\CurrentVersion\\SilentProcessExit\\a.exe', 'MonitorProcess'],
    ] as const
  ).map(([key, value]): readonly [string, FakeSpec] => [value, { SOFTWARE: { [key]: { [value]: RUN_BIN } } }]),
  [
    'data that a task hands to a class',
    {
      files: {
        '/Windows/System32/Tasks/T': `<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><ComHandler><ClassId>${ID}</ClassId><Data>${RUN_BIN}</Data></ComHandler></Actions></Task>`,
      },
    },
  ],
  ['an answer file of two bytes a letter', { files: { '/x/unattend.xml': Buffer.from(`<a>${RUN_BIN}</a>`, 'utf16le') } }],
  ...STARTUP.map((folder): readonly [string, FakeSpec] => [`a text in ${folder}`, { files: { [`${folder}/read.txt`]: RUN_BIN } }]),
  ['the boot', { SYSTEM: { 'ControlSet001\\Control\\Session Manager': { BootExecute: ['autocheck autochk *', RUN_BIN] } } }],
  ['a service that fails', { SYSTEM: { 'ControlSet001\\Services\\x': { FailureCommand: RUN_BIN } } }],
  [
    'a provisioning package',
    {
      files: {
        '/ProgramData/Microsoft/Provisioning/{1}/Prov/RunTime/0/customizations.xml': `<W><CommandLine>${RUN_BIN}</CommandLine></W>`,
      },
    },
  ],
  ...['cmd', 'bat', 'ps1', 'psm1', 'vbs', 'vbe', 'js', 'jse', 'wsf', 'hta'].map((ending): readonly [string, FakeSpec] => [
    `a .${ending} that a script of Setup calls`,
    { files: { [SETUP_SCRIPT]: `C:\\ProgramData\\x\\a.${ending}`, [`/ProgramData/x/a.${ending}`]: UNPACKS } },
  ]),
  [
    'a split name in a script of group policy',
    { files: { '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/a.cmd': '7z x r^un.b%none%in' } },
  ],
  ['a split name', { files: { [SETUP_SCRIPT]: '7z x %windir%\\System32\\r^un.b%none%in' } }],
  ['an encoded command', { files: { [SETUP_SCRIPT]: `powershell -enc ${Buffer.from(UNPACKS, 'utf16le').toString('base64')}` } }],
  [
    'a script that a script calls',
    {
      files: {
        [SETUP_SCRIPT]: 'call C:\\ProgramData\\x\\a.cmd',
        '/ProgramData/x/a.cmd': 'call "%~dp0b.cmd"',
        '/ProgramData/x/b.cmd': UNPACKS,
      },
    },
  ],
  [
    'a script that a service starts',
    {
      files: { '/ProgramData/x/a.ps1': UNPACKS },
      SYSTEM: { 'ControlSet001\\Services\\x': { ImagePath: 'powershell.exe -File C:\\ProgramData\\x\\a.ps1' } },
    },
  ],
];

const members = { 'a.txt': 'text', 'b/c.txt': 'more' };

if (needTools(test, { '7zz': '7zip' }) !== (test.skip as unknown)) {
  const open = pack('zip', members);
  const locked = pack('7z', members, '-psecret');
  const packed = makeProgram({ overlay: randomBytes(100_000) });
  const task = (command: string) =>
    Buffer.from(
      `\ufeff<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec><Command>cmd</Command><Arguments>/c ${command}</Arguments></Exec></Actions></Task>`,
      'utf16le',
    );
  const at = (file: string, ...inside: string[]) => ({ file, ...(inside.length > 0 ? { inside } : {}) });

  windowsRuleTester(opaqueContent, {
    good: [
      {
        name: 'archives that open, whoever starts them',
        image: { files: { '/Tools/a.zip': open, '/Windows/Setup/Scripts/SetupComplete.cmd': 'tar xf a.zip' } },
      },
      {
        name: 'folders among the scripts of Setup',
        image: { files: { '/Windows/Setup/Scripts/sub/read.txt': 'a.zip', '/Windows/Setup/Scripts/a.zip': open } },
      },
      {
        name: 'a task that cannot be read, where everything opens',
        image: { files: { '/Tools/a.zip': open, '/Windows/System32/Tasks/T': '<Task' } },
      },
      { name: 'archives in archives', image: { files: { '/Tools/b.7z': pack('7z', { 'a.zip': open, 'c.tar': pack('tar', members) }) } } },
      { name: 'a file that is only named like an archive', image: { files: { '/Tools/c.zip': 'text' } } },
    ],
    bad: [
      {
        name: 'an encrypted archive where users put files, in another one too',
        image: { files: { '/Tools/a.7z': locked, '/Users/Public/b.zip': pack('zip', { 'in.dat': locked }) } },
        findings: [
          { messageId: 'opaque', at: at('/Tools/a.7z'), severity: 'error' },
          { messageId: 'opaque', at: at('/Users/Public/b.zip', 'in.dat'), severity: 'error' },
        ],
      },
      {
        name: 'one where Windows keeps its own, which nothing starts',
        image: {
          files: { '/Windows/WinSxS/x/a.cab': locked, '/Program Files/WindowsApps/a/b.msix': locked, '/Windows/Temp/c.tmp': locked },
        },
        findings: [
          { messageId: 'stock', at: at('/Windows/WinSxS/x/a.cab'), severity: 'warning' },
          { messageId: 'stock', at: at('/Program Files/WindowsApps/a/b.msix'), severity: 'warning' },
          { messageId: 'opaque', at: at('/Windows/Temp/c.tmp'), severity: 'error' },
        ],
      },
      {
        name: 'each folder of Windows and its makers',
        image: { files: Object.fromEntries(STOCK.map((path) => [path, locked])) },
        findings: STOCK.map((path) => ({ messageId: 'stock', at: at(path), severity: 'warning' as const })),
      },
      {
        name: 'what stands where standing there starts it',
        image: { files: Object.fromEntries(STANDING.map((path) => [path, locked])) },
        findings: STANDING.map((path) => ({ messageId: 'started', at: at(path), severity: 'error' as const })),
      },
      {
        name: 'an unknown packer that nothing starts, and one that a task starts',
        image: {
          files: {
            '/Program Files/App/setup.exe': packed,
            '/Windows/System32/agent.exe': packed,
            '/Windows/System32/Tasks/Agent': task('C:\\Windows\\System32\\agent.exe /quiet'),
          },
        },
        findings: [
          { messageId: 'opaque', at: at('/Program Files/App/setup.exe'), severity: 'warning' },
          { messageId: 'started', at: at('/Windows/System32/agent.exe'), severity: 'error' },
        ],
      },
      {
        name: 'what a service, an autostart entry, a script of Setup and an answer file name',
        image: {
          files: {
            '/Windows/System32/service.bin': locked,
            '/Windows/System32/run.bin': locked,
            '/Windows/System32/setup.bin': locked,
            '/Windows/System32/answer.bin': locked,
            '/Windows/System32/mysetup.bin': locked,
            '/Windows/Setup/Scripts/SetupComplete.cmd': '7z x -psecret %windir%\\System32\\SETUP.bin',
            '/Windows/Panther/unattend.xml':
              '<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="x"><Path>answer.bin</Path></component></settings></unattend>',
          },
          SYSTEM: { 'ControlSet001\\Services\\x': { ImagePath: '\\??\\C:\\Windows\\System32\\service.bin' } },
          SOFTWARE: { 'Microsoft\\Windows\\CurrentVersion\\Run': { x: '"%SystemRoot%\\system32\\run.bin" -k' } },
        },
        findings: [
          { messageId: 'started', at: at('/Windows/System32/service.bin') },
          { messageId: 'started', at: at('/Windows/System32/run.bin') },
          { messageId: 'started', at: at('/Windows/System32/setup.bin') },
          { messageId: 'started', at: at('/Windows/System32/answer.bin') },
          { messageId: 'stock', at: at('/Windows/System32/mysetup.bin'), severity: 'warning' },
        ],
      },
      ...(
        [
          ['SYSTEM', 'ControlSet001\\Services\\x\\Parameters', 'ServiceDll'],
          ['SOFTWARE', 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon', 'Shell'],
          ['SOFTWARE', 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon', 'Userinit'],
          ['SOFTWARE', 'Microsoft\\Windows NT\\CurrentVersion\\Winlogon', 'Taskman'],
          ['SOFTWARE', 'Microsoft\\Windows NT\\CurrentVersion\\Windows', 'AppInit_DLLs'],
          ['SOFTWARE', 'Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\app.exe', 'Debugger'],
          ['SYSTEM', 'Setup', 'CmdLine'],
          ['SOFTWARE', 'Microsoft\\Active Setup\\Installed Components\\{x}', 'StubPath'],
          ['SOFTWARE', 'Microsoft\\Windows\\CurrentVersion\\RunOnce', 'x'],
          ['SOFTWARE', 'Microsoft\\Windows\\CurrentVersion\\RunOnceEx\\001', 'x'],
        ] as const
      ).map(([hive, key, value]) => ({
        name: `what a value starts: ${key.split('\\').at(-1)} ${value}`,
        image: {
          files: { '/Windows/System32/run.bin': locked },
          [hive]: { [key]: { [value]: { type: 'REG_EXPAND_SZ', data: '%SystemRoot%\\System32\\run.bin' } } },
        },
        findings: [{ messageId: 'started' as const, at: at('/Windows/System32/run.bin') }],
      })),
      ...STARTS.map(([name, image]) => ({
        name: `what something starts: ${name}`,
        image: { ...image, files: { '/Windows/System32/run.bin': locked, ...image.files } },
        findings: [{ messageId: 'started' as const, at: at('/Windows/System32/run.bin'), severity: 'error' as const }],
      })),
      {
        name: 'what a fourth script down the chain names, what a text names in parts, a folder and a file that are not there',
        image: {
          files: {
            '/Windows/System32/run.bin': locked,
            '/Windows/Setup/Scripts/read.txt': '7z x r^un.b%none%in',
            [SETUP_SCRIPT]: ['a.cmd', 'gone.cmd', 'folder.cmd'].map((name) => `call C:\\ProgramData\\x\\${name}`).join('\r\n'),
            '/ProgramData/x/folder.cmd': { folder: true, unreadable: 'is a folder' },
            '/ProgramData/x/a.cmd': 'call "%~dp0b.cmd"',
            '/ProgramData/x/b.cmd': 'call "%~dp0c.cmd"',
            '/ProgramData/x/c.cmd': 'call "%~dp0d.cmd"',
            '/ProgramData/x/d.cmd': UNPACKS,
          },
        },
        findings: [{ messageId: 'stock', at: at('/Windows/System32/run.bin'), severity: 'warning' }],
      },
      {
        name: 'more scripts than are looked at',
        image: {
          files: {
            '/Windows/Temp/run.bin': locked,
            ...Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`/Windows/Setup/Scripts/s${at}.cmd`, 'rem'])),
          },
        },
        findings: [{ messageId: 'opaque', at: at('/Windows/Temp/run.bin') }],
        unable: 'more than 500 scripts are started',
      },
      {
        name: 'what lies among the scripts of group policy',
        image: { files: { '/Windows/System32/GroupPolicy/Machine/Scripts/Startup/x.bin': locked } },
        findings: [{ messageId: 'started', at: at('/Windows/System32/GroupPolicy/Machine/Scripts/Startup/x.bin') }],
      },
      {
        name: 'a script that nothing starts, and a task of another file',
        image: {
          files: {
            '/Windows/System32/run.bin': locked,
            '/ProgramData/x/unpack.cmd': UNPACKS,
            '/Windows/System32/Tasks/Agent': task('C:\\Windows\\System32\\run.bin.exe'),
          },
        },
        findings: [{ messageId: 'stock', at: at('/Windows/System32/run.bin'), severity: 'warning' }],
      },
      {
        name: 'what a value of several texts starts',
        image: {
          files: { '/Windows/System32/run.bin': locked },
          SYSTEM: { Setup: { CmdLine: { type: 'REG_MULTI_SZ', data: ['a', 'run.bin'] } } },
        },
        findings: [{ messageId: 'started', at: at('/Windows/System32/run.bin') }],
      },
      {
        name: 'values that start nothing, and a text that is too large to be a list of commands',
        image: {
          files: { '/Windows/System32/run.bin': locked, '/Windows/Setup/Scripts/a.txt': `run.bin${' '.repeat(4 * 1024 * 1024)}` },
          SYSTEM: { 'ControlSet001\\Services\\x': { Description: 'run.bin' } },
          SOFTWARE: { 'Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\run.bin': { Note: 'run.bin' } },
        },
        findings: [{ messageId: 'stock', at: at('/Windows/System32/run.bin'), severity: 'warning' }],
      },
      {
        name: 'what lies where it starts by itself',
        image: { files: { '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/x.exe': packed } },
        findings: [{ messageId: 'started', at: at('/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/x.exe') }],
      },
    ],
  });
}

test.run();
