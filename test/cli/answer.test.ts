// wtgforge answer check and decode: bad input of every kind, exit codes, formats, and all real files.
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodePassword } from '../../unattend/password.ts';
import { answerXml, withFiles } from '../helpers/answer-folder.ts';
import { needRealData, needTools, realData } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { sarifFaults } from '../helpers/sarif-schema.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const GOOD = answerXml('<TimeZone>UTC</TimeZone>');
const ERRONEOUS = answerXml('<ComputerName>much-too-long-computer-name</ComputerName>');
const utf16 = (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));

interface Document {
  verdict: string;
  counts: Record<string, number>;
  files: {
    path: string;
    fault?: { message: string; line?: number };
    findings: { check: string; severity: string; line?: number; message: string }[];
  }[];
}
const checked = async (...words: string[]) => {
  const { code, out } = await cli(['answer', 'check', ...words, '--json']);
  return { code, document: JSON.parse(out) as Document };
};

test('a good file is exit 0, an error exit 1 with its line, in text and JSON', async () => {
  await withFiles({ 'good.xml': GOOD, 'bad.xml': ERRONEOUS }, async (paths) => {
    const good = await cli(['answer', 'check', paths['good.xml']]);
    assert.equal([good.code, good.err], [0, '']);
    assert.match(good.out, `${paths['good.xml']}: nothing found\n`);
    const bad = await cli(['answer', 'check', paths['bad.xml'], paths['good.xml']]);
    assert.is(bad.code, 1);
    assert.match(bad.out, /^ {2}5:7 {6}error /m);
    const { code, document } = await checked(paths['bad.xml']);
    assert.is(code, 1);
    assert.is(document.verdict, 'rejected');
    assert.is(document.counts.error, 1);
    assert.equal([document.files[0]!.findings[0]!.check, document.files[0]!.findings[0]!.line], ['computer-name', 5]);
  });
});

test('SARIF is valid for good, bad and broken files, and goes to the file that is named', async () => {
  await withFiles({ 'good.xml': GOOD, 'bad.xml': ERRONEOUS, 'broken.xml': '<unattend>' }, async (paths, folder) => {
    const report = join(folder, 'report.sarif');
    const run = await cli(['answer', 'check', ...Object.values(paths), '--format', 'sarif', '--output', report]);
    assert.equal([run.code, run.out, run.err], [2, '', `undecided: the report is in ${report}\n`]);
    const text = readFileSync(report, 'utf8');
    assert.equal(sarifFaults(text), []);
    assert.is(JSON.parse(text).runs[0].results[0].ruleId, 'answer-file/computer-name');
  });
});

/** What no Setup would take: each is named with its reason, and the good file beside it is checked all the same. */
const BROKEN: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ['no XML', 'Windows Registry Editor', /line 1/],
  ['nothing', '', /no root/],
  ['a cut file', GOOD.slice(0, 200), /line \d/],
  ['two roots', `${GOOD}<unattend/>`, /line 9, column 1: has a second root/],
  ['another root', '<oobe/>', /root is <oobe>/],
  ['a DTD', '<!DOCTYPE unattend SYSTEM "x.dtd"><unattend/>', /line 1, column 1: has a DTD/],
  ['an entity', answerXml('<TimeZone>&zone;</TimeZone>'), /line 5/],
  ['10,000 levels', `<unattend xmlns="urn:schemas-microsoft-com:unattend">${'<a>'.repeat(10_000)}`, /nests deeper than 100/],
  ['UTF-16 declared, UTF-8 bytes', GOOD.replace('utf-8', 'utf-16'), /declares encoding utf-16, but its bytes are utf-8/],
  ['UTF-8 declared, UTF-16 bytes', utf16(GOOD), /declares encoding utf-8, but its bytes are utf-16le/],
];

for (const [name, content, reason] of BROKEN) {
  test(`${name}: exit 2 with the reason, for check, decode and merge; the other file is checked`, async () => {
    await withFiles({ 'broken.xml': content, 'good.xml': GOOD }, async (paths) => {
      const { code, document } = await checked(paths['broken.xml'], paths['good.xml']);
      assert.equal([code, document.verdict], [2, 'undecided']);
      const [broken, good] = document.files;
      assert.match(broken!.fault!.message, reason);
      assert.ok(broken!.fault!.message.startsWith(`${paths['broken.xml']}: `));
      assert.is(good!.fault, undefined);
      const decoded = await cli(['answer', 'decode', paths['broken.xml'], paths['good.xml']]);
      assert.is(decoded.code, 2);
      assert.match(decoded.err, reason);
      assert.match(decoded.out, 'no passwords, no product keys');
      const merged = await cli(['answer', 'merge', paths['good.xml'], paths['broken.xml']]);
      assert.equal([merged.code, merged.out], [2, '']);
      assert.match(merged.err, reason);
    });
  });
}

test('50 MB are refused before they are read; so is what is absent, a folder, a device', async () => {
  await withFiles({ 'huge.xml': '' }, async (paths, folder) => {
    truncateSync(paths['huge.xml'], 50 * 1024 * 1024);
    await mkdir(join(folder, 'folder'));
    const { code, document } = await checked(paths['huge.xml'], join(folder, 'absent.xml'), join(folder, 'folder'), '/dev/zero');
    assert.is(code, 2);
    for (const [at, reason] of [/too large \(52428800 bytes/, /is not there$/, /is a folder$/, /not a plain file$/].entries()) {
      assert.match(document.files[at]!.fault!.message, reason);
    }
  });
});

test('a reason never grows with the file', async () => {
  await withFiles({ 'long.xml': `<a></${'b'.repeat(100_000)}>` }, async (paths) => {
    const { code, document } = await checked(paths['long.xml']);
    assert.is(code, 2);
    assert.ok(document.files[0]!.fault!.message.length < 1000);
  });
});

test('a pass twice is found with its line', async () => {
  const twice = answerXml('<TimeZone>UTC</TimeZone>', { more: '\n  <settings pass="specialize"/>' });
  await withFiles({ 'twice.xml': twice }, async (paths) => {
    const { document } = await checked(paths['twice.xml']);
    assert.ok(
      document.files[0]!.findings.some(({ line, message }) => line === 8 && message.includes('specialize')),
      JSON.stringify(document),
    );
  });
});

test('an empty list and wrong options are exit 2 and one line', async () => {
  for (const [words, reason] of [
    [['check'], /answer check: FILE is missing/],
    [['merge'], /answer merge: FILE is missing/],
    [['decode'], /answer decode: FILE is missing/],
    [[], /a command is missing \(there are check, merge, decode\)/],
    [['--json'], /a command is missing/],
    [['mrege'], /mrege: is not a command/],
    [['check', 'a.xml', '--format', 'pdf'], /--format pdf: is not known/],
    [['check', 'a.xml', '--architecture', 'ppc'], /--architecture ppc: is not known/],
    [['check', 'a.xml', '--index', '1'], /--index: means nothing without --image/],
    [['check', 'a.xml', '--image', 'b.wim', '--architecture', 'x86'], /cannot stand beside --image/],
    [['check', 'a.xml', '--image', 'b.wim', '--index', '0'], /--index 0: is not a number/],
    [['merge', 'a.xml', '--conflict', 'maybe'], /--conflict maybe: is not known/],
    [['merge', 'a.xml', '--json'], /--json: needs --output/],
  ] as const) {
    const { code, err, out } = await cli(['answer', ...words]);
    assert.equal([code, out], [2, ''], words.join(' '));
    assert.match(err.split('\n')[0]!, reason);
  }
});

test('help of the group and of each command', async () => {
  const group = await cli(['answer', '--help']);
  assert.is(group.code, 0);
  for (const id of ['check', 'merge', 'decode']) {
    assert.match(group.out, `answer ${id} `);
    const own = await cli(['answer', id, '--help']);
    assert.equal([own.code, own.out.includes(`wtgforge answer ${id} FILE…`)], [0, true]);
    assert.equal(await cli(['help', 'answer', id]), own);
  }
});

test('decode shows states and never a password, as a table and as JSON', async () => {
  const secret = 'Tr0ub4dor';
  const body = `<UserAccounts><AdministratorPassword><Value>${encodePassword('AdministratorPassword', secret)}</Value><PlainText>false</PlainText></AdministratorPassword></UserAccounts>
      <AutoLogon><Password><Value>${secret}</Value><PlainText>true</PlainText></Password></AutoLogon>`;
  await withFiles({ 'a.xml': answerXml(body, { pass: 'oobeSystem' }) }, async (paths) => {
    const table = await cli(['answer', 'decode', paths['a.xml']]);
    assert.is(table.code, 0);
    assert.match(table.out, /^ +5:\d+ +encoded +oobeSystem .*AdministratorPassword/m);
    assert.match(table.out, /^ +6:\d+ +plain +oobeSystem .*AutoLogon\/Password/m);
    const json = await cli(['answer', 'decode', paths['a.xml'], '--json']);
    const { schema, files } = JSON.parse(json.out) as { schema: string; files: { passwords: { state: string }[] }[] };
    assert.is(schema, 'wtgforge/answer-decode@1');
    assert.equal(
      files[0]!.passwords.map(({ state }) => state),
      ['encoded', 'plain'],
    );
    const all = table.out + table.err + json.out + (await cli(['answer', 'check', paths['a.xml'], '--json'])).out;
    for (const hint of [secret, encodePassword('', secret).slice(0, 12)]) assert.not.ok(all.includes(hint));
  });
});

test('the architecture that is given is compared', async () => {
  await withFiles({ 'a.xml': GOOD }, async (paths) => {
    const same = await checked(paths['a.xml'], '--architecture', 'amd64');
    const other = await checked(paths['a.xml'], '--architecture', 'arm64');
    assert.equal([same.document.counts.error! + same.document.counts.warning!, same.code], [0, 0]);
    assert.ok(other.document.files[0]!.findings.some(({ check }) => check === 'architecture'));
  });
});

needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' })(
  'with an image its architecture, its files and the passes that it runs are asked',
  async () => {
    const run = (path: string) =>
      `<RunSynchronousCommand xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State" wcm:action="add"><Order>1</Order><Path>${path}</Path></RunSynchronousCommand>`;
    const deployment = (path: string) =>
      answerXml(`<RunSynchronous>${run(path)}</RunSynchronous>`, { component: 'Microsoft-Windows-Deployment' });
    const sanPolicy = answerXml('<SanPolicy>4</SanPolicy>', { pass: 'offlineServicing', component: 'Microsoft-Windows-PartitionManager' });
    await inWorkspace(
      async ({ image }) => {
        const files = {
          'there.xml': deployment('C:\\Deploy\\Setup.cmd'),
          'absent.xml': deployment('C:\\Deploy\\none.cmd'),
          'san.xml': sanPolicy,
        };
        await withFiles(files, async (paths) => {
          const { code, document } = await checked(...Object.values(paths), '--image', image);
          assert.is(code, 0);
          const checks = document.files.map(({ findings }) => findings.map(({ check }) => check));
          assert.equal(checks, [[], ['missing-file'], ['idle-pass']]);
          const missing = await cli(['answer', 'check', paths['san.xml'], '--image', image, '--index', '7']);
          assert.is(missing.code, 2);
          assert.match(missing.err, 'image 7 does not exist');
        });
      },
      { extraFiles: { '/Deploy/setup.CMD': '@echo off\r\n' } },
    );
  },
);

needRealData(test)('every real file goes through check and decode; a broken one has a line and a reason', async () => {
  const folder = join(realData, 'unattend');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.toLowerCase().endsWith('.xml'))
    .map((name) => join(folder, name));
  assert.ok(paths.length >= 50);
  const { document } = await checked(...paths);
  assert.is(document.files.length, paths.length);
  const broken = document.files.filter(({ fault }) => fault);
  for (const { fault } of broken) assert.ok(fault!.line! >= 1, fault!.message);
  const decoded = JSON.parse((await cli(['answer', 'decode', ...paths, '--json'])).out) as {
    files: { passwords?: object[]; fault?: object }[];
  };
  assert.is(decoded.files.filter(({ fault }) => fault).length, broken.length);
  assert.ok(decoded.files.flatMap(({ passwords = [] }) => passwords).length >= 50);
});

test.run();
