// The first boot of a built image, as far as Wine goes: SetupComplete.cmd as it lies in the WIM runs, and every action leaves a status and a log.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { infText } from '../helpers/inf-text.ts';
import { needTools } from '../helpers/need.ts';
import { filesOfWim, openWineBox, registryValues, WINE_TOOLS, type WineBox } from '../helpers/wine.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { ...WINE_TOOLS, 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const TRIGGERS = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\TriggerInfo';
const STATUS = 'HKLM\\SOFTWARE\\wtgforge\\FirstBoot';
const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const GUEST = '/Windows/Setup/Scripts/wtgforge';
const ANSWER_FILES = [
  '/Windows/Panther/unattend.xml',
  '/Windows/Panther/UnattendGC/unattend.xml',
  '/Windows/System32/Sysprep/unattend.xml',
];
const LOG = '/Windows/Logs/wtgforge/first-boot.log';
const OWNER = '@echo off\r\necho owner>C:\\owner.txt\r\nexit /b 0\r\n';
const TASK = `<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec><Command>x.exe</Command></Exec></Actions></Task>`;

const HOST_FILES = {
  'net/corpnet.inf': infText(),
  'net/corpnet.sys': 'MZ',
  'own.xml': TASK,
  'once.cmd': '@echo off\necho script %1 %2>C:\\once.txt\nexit 4\n',
  'logon.ps1': "Write-Output 'x'\n",
  'agent.txt': 'agent\r\n',
};
const STEPS = `[generalizeAnswerFile(), kmsClient({ host: 'kms.corp.example', fallbackHosts: ['kms2.corp.example:1700'] }), timeClient({ servers: ['ntp1.corp.example'], repairTriggers: true }), sppCacheTask(),
  drivers({ folders: ['net'] }),
  scheduledTask({ tasks: [{ name: '\\\\corp\\\\Nightly run', command: 'x.exe', triggers: ['daily 03:00'] }, { name: '\\\\corp\\\\own', xml: 'own.xml' }] }),
  script({ scripts: [{ file: 'once.cmd', when: 'first-boot', arguments: 'a "b c"' }, { file: 'logon.ps1', when: 'logon', runAs: 'users' }] }),
  firstBoot({ commands: ['type agent.txt', 'exit 3', 'echo 50%% of %OS%'], files: ['agent.txt'] }), workspacePolicy()]`;
const HEAD = "import { drivers, firstBoot, scheduledTask, script } from 'wtgforge/steps';";

/** Every action in its order, with the result that it should leave. */
const RESULTS = [
  ['delete-answer-files', 0],
  ['kms-host-list', 0],
  ['time-triggers', 0],
  ['spp-cache-task', 0],
  ['drivers-net', 0],
  ['scheduled-task-corp-nightly-run', 0],
  ['scheduled-task-corp-own', 0],
  ['script-first-boot-once-cmd', 4],
  ['script-logon-logon-ps1', 0],
  ['first-boot-01', 0],
  ['first-boot-02', 3],
  ['first-boot-03', 0],
] as const;

let box: WineBox | undefined;
test.after(() => box?.close());

e2e('the image is accepted, built once more without a change, and holds the files', async () => {
  await inWorkspace(
    async ({ folder, build, configure, output }) => {
      for (const [path, content] of Object.entries(HOST_FILES)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      await configure({ steps: STEPS, head: HEAD });
      const first = await build();
      assert.is(first.code, 0, first.err + first.out);
      const files = filesOfWim(output, '/Windows/Setup/Scripts');
      assert.is(Buffer.from(files.get(`${GUEST}/files/agent.txt`)!).toString(), HOST_FILES['agent.txt']);
      assert.ok(filesOfWim(output, '/Windows/wtgforge').has('/Windows/wtgforge/drivers/net/corpnet.sys'));
      assert.match(devicePath(output, folder), /^%SystemRoot%\\inf;.*%SystemRoot%\\wtgforge\\drivers\\net$/i);
      await configure({ steps: STEPS, head: HEAD, image: `{ path: ${JSON.stringify(output)} }`, output: "{ path: 'second.wim' }" });
      const second = await build('--json');
      assert.is(second.code, 0, second.err);
      assert.equal(
        (JSON.parse(second.out) as { steps: { changes: unknown[] }[] }).steps.flatMap(({ changes }) => changes),
        [],
      );
      box = openWineBox();
      box.install(files);
    },
    { extraFiles: { [COMPLETE]: OWNER } },
  );
});

e2e('every action runs in its order, before the lines of the owner, and leaves a status and a log', () => {
  const wine = box!;
  wine.stub('pnputil', 'exit /b 259');
  assert.is(wine.batch(`reg add ${TRIGGERS}\\0 /v GUID /t REG_BINARY /d def2274fe2140b43a5497cd48cbc8245 /f`).status, 0);
  for (const path of ANSWER_FILES) wine.put(path, '<unattend/>');
  wine.put('/Windows/Panther/setupact.log', 'stays');
  assert.is(wine.run(COMPLETE).status, 0);
  assert.equal(
    ANSWER_FILES.filter((path) => wine.has(path)),
    [],
    'no answer file is left when somebody can log on',
  );
  assert.ok(wine.has('/Windows/Panther/setupact.log'));
  assert.match(wine.text('/owner.txt'), 'owner');
  const folder = 'C:\\windows\\Setup\\Scripts\\wtgforge';
  const created = (name: string, file: string, user = ' /RU SYSTEM') =>
    `schtasks /Create /TN "${name}" /XML "${folder}\\${file}.xml"${user} /F`;
  assert.equal(wine.calls(), [
    created('\\wtgforge\\kms-hosts', 'kms-host-list'),
    created('\\wtgforge\\spp-cache', 'spp-cache-task'),
    'pnputil /add-driver "C:\\windows\\wtgforge\\drivers\\net\\*.inf" /subdirs /install',
    created('\\corp\\Nightly run', 'scheduled-task-corp-nightly-run'),
    created('\\corp\\own', 'scheduled-task-corp-own', ''),
    created('\\wtgforge\\script logon logon.ps1', 'script-logon-logon-ps1', ''),
  ]);
  const { out } = wine.batch(...RESULTS.map(([name]) => `reg query "${STATUS}\\${name}"`));
  const keys = out
    .split(/(?=HKEY_LOCAL_MACHINE)/)
    .filter((part) => part.startsWith('HKEY'))
    .map(registryValues);
  assert.equal(
    keys.map(({ Step, Result }) => [Step, Number(Result)]),
    RESULTS.map((result) => [...result]),
  );
  for (const { Time } of keys) assert.match(Time ?? '', /\d+[/.-]\d+[/.-]\d+ .*\d+:\d\d/);
  const log = wine.text(LOG);
  const places = RESULTS.flatMap(([name, result]) => [`${name}: starts`, `${name}: ended with ${result}`]).map((line) => log.indexOf(line));
  assert.not.ok(places.includes(-1));
  assert.equal(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.match(log, 'agent\r\n');
  assert.match(log, '50% of Windows_NT');
  assert.match(wine.text('/once.txt'), 'script a "b c"');
});

e2e('a driver that fails is told; an action that is missing leaves a code other than 0', () => {
  const wine = box!;
  wine.stub('pnputil', 'exit /b 5');
  assert.is(wine.run(`${GUEST}/first-boot.cmd`, 'drivers-net').status, 5);
  assert.is(wine.registry(`${STATUS}\\drivers-net`)?.Result, '5');
  assert.is.not(wine.run(`${GUEST}/first-boot.cmd`, 'absent').status, 0);
});

e2e('the triggers of the time service are set anew only when they are gone; a failure is told', () => {
  const wine = box!;
  wine.calls();
  const look = (code: number) => {
    wine.stub('sc', `exit /b ${code}`);
    return [wine.run(`${GUEST}/first-boot.cmd`, 'time-triggers').status, wine.calls()];
  };
  assert.equal(look(0), [0, []]);
  assert.is(wine.batch(`reg delete ${TRIGGERS} /f`).status, 0);
  const set = 'sc triggerinfo w32time start/networkon stop/networkoff';
  assert.equal(look(0), [0, [set]]);
  assert.equal(look(5), [5, [set]]);
  assert.is(wine.registry(`${STATUS}\\time-triggers`)?.Result, '5');
});

e2e('of the KMS hosts the first that answers is pinned, and nothing is done when it is, or none answers', () => {
  const wine = box!;
  const look = (pinned: string, host: string) => {
    wine.stub('powershell', 'echo time=2026-01-01T00:00:00Z', `echo pinned=${pinned}`, `echo host=${host}`);
    const { status } = wine.run(`${GUEST}/kms-hosts.cmd`);
    return [
      status,
      wine
        .calls()
        .filter((line) => line.startsWith('cscript'))
        .map((line) => line.replace(/^.*slmgr\.vbs" /, '')),
    ];
  };
  wine.calls();
  assert.equal(look('kms.corp.example:1688', 'kms2.corp.example:1700'), [0, ['/skms kms2.corp.example:1700']]);
  assert.equal(look('none', 'kms.corp.example:1688'), [0, ['/skms kms.corp.example:1688']]);
  assert.equal(look('KMS.corp.example:1688', 'kms.corp.example:1688'), [0, []]);
  assert.equal(look('kms.corp.example:1688', 'none'), [0, []]);
  wine.stub('powershell', 'echo unexpected=X');
  assert.is(wine.run(`${GUEST}/kms-hosts.cmd`).status, 3);
  assert.match(
    wine.text('/Windows/Logs/wtgforge/kms-hosts.log'),
    'pinned kms2.corp.example:1700 in place of kms.corp.example:1688: slmgr ended with 0',
  );
});

/** As hivexregedit, which is not ours, prints it. */
function devicePath(wim: string, folder: string): string {
  const key = 'Microsoft\\Windows\\CurrentVersion';
  const hive = join(folder, 'SOFTWARE');
  writeFileSync(hive, filesOfWim(wim, '/Windows/System32/config/SOFTWARE').get('/Windows/System32/config/SOFTWARE')!);
  const text = execFileSync('hivexregedit', ['--export', '--max-depth', '1', hive, key], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const hex = /^"DevicePath"=hex\(2\):([0-9a-f,]+)/m.exec(text)?.[1] ?? '';
  return Buffer.from(hex.replaceAll(',', ''), 'hex').toString('utf16le').replace(/\0$/, '');
}

test.run();
