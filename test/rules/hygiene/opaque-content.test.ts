// The rule hygiene/opaque-content: archives that can be opened, and those that cannot, by who starts them and where they lie.
import { randomBytes } from 'node:crypto';
import { test } from 'uvu';
import { opaqueContent } from '../../../rules/hygiene/opaque-content.ts';
import { makeProgram, pack } from '../../helpers/archives.ts';
import { needTools } from '../../helpers/need.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const members = { 'a.txt': 'text', 'b/c.txt': 'more' };

if (needTools(test, { '7zz': '7zip' }) !== (test.skip as unknown)) {
  const open = pack('zip', members);
  const locked = pack('7z', members, '-psecret');
  const packed = makeProgram({ overlay: randomBytes(100_000) });
  const task = (command: string) =>
    Buffer.from(`\ufeff<Task><Actions><Exec><Command>cmd</Command><Arguments>/c ${command}</Arguments></Exec></Actions></Task>`, 'utf16le');
  const at = (file: string, ...inside: string[]) => ({ file, ...(inside.length > 0 ? { inside } : {}) });

  windowsRuleTester(opaqueContent, {
    good: [
      {
        name: 'archives that open, whoever starts them',
        image: { files: { '/Tools/a.zip': open, '/Windows/Setup/Scripts/SetupComplete.cmd': 'tar xf a.zip' } },
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
            '/Windows/Panther/unattend.xml': '<unattend><Path>answer.bin</Path></unattend>',
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
          ['SYSTEM', 'Setup', 'CmdLine'],
          ['SOFTWARE', 'Microsoft\\Active Setup\\Installed Components\\{x}', 'StubPath'],
          ['SOFTWARE', 'Microsoft\\Active Setup\\Installed Components\\{x}', 'anything'],
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
