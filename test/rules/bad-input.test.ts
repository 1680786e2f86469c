// Images that are odd or made to keep the rules busy: all rules end, none crashes, what cannot be seen is told, and what is planted among it is found.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LintedImage, lintImage } from '../../lint/lint-image.ts';
import { rules } from '../../rules/index.ts';
import { taskXml } from '../../scripts/dev/fixtures/tasks.ts';
import { pack } from '../helpers/archives.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';

const STATE = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const WHOLE: FakeSpec = {
  SOFTWARE: { [STATE]: { ImageState: 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE' } },
  SYSTEM: {
    Select: { Current: 1, Default: 1 },
    Setup: { SetupType: 2, CmdLine: 'oobe\\windeploy.exe' },
    'ControlSet001\\Services\\partmgr\\Parameters': { SanPolicy: 4 },
  },
};
const EVIL = 'cscript slmgr.vbs /skms kms.evil.example\r\n';
const SCRIPT = '/Windows/Setup/Scripts/SetupComplete.cmd';

async function lint(spec: FakeSpec): Promise<LintedImage> {
  const result = await lintImage(fakeImage({ ...WHOLE, ...spec }), { rules });
  const crashed = result.outcomes.filter((one) => 'reason' in one && one.reason.includes('crashed'));
  assert.equal(crashed, []);
  return result;
}

const unable = ({ outcomes }: LintedImage) => outcomes.filter(({ outcome }) => outcome === 'unable').map(({ rule }) => rule);
const found = ({ findings }: LintedImage) => [...new Set(findings.map(({ rule, messageId }) => `${rule} ${messageId}`))].sort();

test('an image in order: every rule can look, and none finds anything', async () => {
  const result = await lint({});
  assert.equal(unable(result), []);
  assert.equal(found(result), []);
});

test('no SOFTWARE hive: undecided, and the files are looked at all the same', async () => {
  const { SOFTWARE: _, ...rest } = WHOLE;
  const result = await lintImage(
    fakeImage({
      ...rest,
      files: {
        [SCRIPT]: EVIL,
        '/Windows/System32/Tasks/x': taskXml({ path: '\\x', trigger: 'boot', principal: 'S-1-5-18', action: `cmd /c ${EVIL.trim()}` }),
      },
    }),
    { rules },
  );
  assert.ok(unable(result).includes('hygiene/generalized') && unable(result).includes('secrets/product-key'), unable(result).join(', '));
  assert.is.not(result.verdict, 'accepted');
  assert.ok(found(result).includes('activation/script-semantics activates'), found(result).join(', '));
  assert.ok(found(result).includes('activation/scheduled-task activates'), found(result).join(', '));
});

test('no hive of a user: nothing is missing; one that is none is told, and only by the rules that look there', async () => {
  const result = await lint({ files: { '/Users/Default/NTUSER.DAT': 'no hive' } });
  assert.ok(unable(result).includes('activation/autostart-command') && unable(result).includes('activation/kms-host-policy'));
  assert.not.ok(unable(result).includes('hygiene/san-policy'));
  assert.is(result.verdict, 'undecided');
});

test('no hive at all', async () => {
  const result = await lintImage(fakeImage({ files: { [SCRIPT]: EVIL } }), { rules });
  assert.is.not(result.verdict, 'accepted');
  assert.ok(found(result).includes('activation/script-semantics activates'));
});

test('100,000 services: the one that listens is found', async () => {
  const services = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, at) => [
      `ControlSet001\\Services\\s${at}`,
      { ImagePath: `C:\\Program Files\\s\\s${at}.exe`, Start: 3, Type: 16 },
    ]),
  );
  const result = await lint({
    SYSTEM: {
      ...WHOLE.SYSTEM,
      ...services,
      'ControlSet001\\Services\\relay': { ImagePath: 'C:\\relay.exe -L 0.0.0.0:1688', Start: 2, Type: 16 },
    },
  });
  assert.equal(unable(result), []);
  assert.equal(found(result), ['activation/background-program listens']);
});

test('a task of 1,000 actions: the last one is found', async () => {
  const task = taskXml({ path: '\\many', trigger: 'boot', principal: 'S-1-5-18', action: 'C:\\first.exe' });
  const exec = (command: string, args: string) => `<Exec><Command>${command}</Command><Arguments>${args}</Arguments></Exec>`;
  const actions = `${exec('C:\\Program Files\\v\\v.exe', '-x').repeat(999)}${exec('cscript.exe', 'slmgr.vbs /skms kms.evil.example')}`;
  const result = await lint({ files: { '/Windows/System32/Tasks/many': task.replace(/<Exec>[\s\S]*<\/Exec>/, actions) } });
  assert.ok(
    found(result).includes('activation/scheduled-task activates'),
    `${found(result).join(', ')} unable: ${unable(result).join(', ')}`,
  );
});

test('a script of 50 MB: told, not searched for ever', async () => {
  const result = await lint({ files: { '/Users/Public/a.cmd': Buffer.alloc(50 * 1024 * 1024, 'rem nothing\r\n') } });
  assert.ok(unable(result).includes('activation/script-semantics'), unable(result).join(', '));
  assert.is(result.verdict, 'undecided');
});

test('an answer file of 50 MB: told', async () => {
  const result = await lint({ files: { '/Windows/Panther/unattend.xml': Buffer.alloc(50 * 1024 * 1024, '<a/>') } });
  assert.ok(unable(result).includes('secrets/answer-file-password'), unable(result).join(', '));
  assert.is(result.verdict, 'undecided');
});

test('a hosts file of a million lines: the last line is found', async () => {
  const lines = `${'10.0.0.1 a.corp.example\r\n'.repeat(1_000_000)}0.0.0.0 activation-v2.sls.microsoft.com\r\n`;
  const result = await lint({ files: { '/Windows/System32/drivers/etc/hosts': lines } });
  assert.equal(unable(result), []);
  assert.equal(found(result), ['activation/name-redirection activation']);
});

test('answer files in archives in archives', async () => {
  const answer = `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><UserAccounts><AdministratorPassword><Value>Decoy-Pa55</Value><PlainText>true</PlainText></AdministratorPassword></UserAccounts></component></settings></unattend>`;
  const inner = pack('zip', { 'unattend.xml': answer });
  const result = await lint({ files: { '/ProgramData/deploy.7z': new Uint8Array(pack('7z', { 'a/inner.zip': inner })) } });
  assert.ok(found(result).includes('secrets/answer-file-password plain'), found(result).join(', '));
});

test.run();
