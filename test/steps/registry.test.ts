// The step registry: typed values and .reg files in any hive, wiped keys without churn, and everything that is refused.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StepError } from '../../errors.ts';
import { utf16Bytes } from '../../formats/bytes.ts';
import type { BuildReport } from '../../pipeline/build.ts';
import { secret } from '../../pipeline/secrets.ts';
import { registry } from '../../steps/registry.ts';
import { withScratch } from '../../tools/scratch.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { needTools } from '../helpers/need.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const image = (more: FakeSpec = {}) =>
  fakeImage({
    SOFTWARE: { 'Corp\\Old': { a: 1 }, 'Corp\\Old\\Below': { b: 'x' }, Corp: { keep: 1, gone: 2 } },
    SYSTEM: { Select: { Default: 1 }, 'ControlSet001\\Services\\X': { Start: 2 } },
    DEFAULT: {},
    hives: { '/Users/Default/NTUSER.DAT': {} },
    ...more,
  });

/** Runs the step with .reg files of these texts, as regedit would save them. */
async function withFiles(texts: readonly string[], given: Omit<Parameters<typeof registry>[0] & object, 'files'> = {}, on = image()) {
  return withScratch(async (folder) => {
    const files = texts.map((_, at) => join(folder, `${at}.reg`));
    texts.forEach((text, at) => {
      const whole = `Windows Registry Editor Version 5.00\r\n\r\n${text.replaceAll('\n', '\r\n')}`;
      writeFileSync(files[at]!, Uint8Array.from([0xff, 0xfe, ...utf16Bytes(whole)]));
    });
    return runStep(registry({ ...given, files }), on);
  });
}

async function refusal(run: () => Promise<unknown>): Promise<string> {
  const error = await run().then(
    () => assert.unreachable('was not refused'),
    (reason: unknown) => reason,
  );
  assert.instance(error, StepError, String(error));
  return (error as StepError).message;
}

test('typed values of every type go where their key lies', async () => {
  const { lines } = await runStep(
    registry({
      removeKeys: ['HKLM\\SOFTWARE\\Corp\\Old'],
      removeValues: [{ key: 'HKLM\\SOFTWARE\\Corp', name: 'gone' }],
      values: [
        { key: 'HKLM\\SOFTWARE\\Corp', name: 't', text: 'a' },
        { key: 'HKLM\\SOFTWARE\\Corp', text: 'default' },
        { key: 'HKLM\\SOFTWARE\\Corp', name: 'e', expand: '%X%' },
        { key: 'HKLM\\SOFTWARE\\Corp', name: 'l', list: ['a', 'b'] },
        { key: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\X', name: 'Start', dword: 4 },
        { key: 'HKU\\.DEFAULT\\Corp', name: 'q', qword: '0x10' },
        { key: '/Users/Default/NTUSER.DAT\\Corp', name: 'b', binary: '00ff' },
      ],
    }),
    image(),
  );
  assert.equal(lines, [
    'remove-key SOFTWARE Corp\\Old',
    'delete SOFTWARE Corp!gone',
    'set SOFTWARE Corp!t = "a"',
    'set SOFTWARE Corp! = "default"',
    'set SOFTWARE Corp!e = %X%',
    'set SOFTWARE Corp!l = a,b',
    'set SYSTEM ControlSet001\\Services\\X!Start = 4',
    'set DEFAULT Corp!q = 16',
    'set /Users/Default/NTUSER.DAT Corp!b = 00ff',
  ]);
});

test('.reg files in their order: a later one wins, an empty key is made, HKCU is the profile of new users', async () => {
  const { lines } = await withFiles(
    [
      '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]\n"x"=dword:1\n"gone"=-\n[HKEY_CURRENT_USER\\Software\\Corp]\n@="é"\n',
      '[HKEY_LOCAL_MACHINE\\SOFTWARE\\CORP]\n"X"=dword:2\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp\\Empty]\n',
    ],
    { currentUser: 'default-user' },
  );
  assert.equal(lines, [
    'set SOFTWARE Corp!X = 2',
    'delete SOFTWARE Corp!gone',
    'make-key SOFTWARE Corp\\Empty',
    'make-key /Users/Default/NTUSER.DAT Software\\Corp',
    'set /Users/Default/NTUSER.DAT Software\\Corp! = "é"',
  ]);
});

test('a key that is removed and made again is left with what the file says, and the second run changes nothing', async () => {
  const text =
    '[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]\n"keep"=dword:1\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp\\New\\Deep]\n"n"="x"\n';
  const { lines, image: after } = await withFiles([text]);
  assert.equal(lines, [
    'delete SOFTWARE Corp!gone',
    'remove-key SOFTWARE Corp\\Old',
    'make-key SOFTWARE Corp\\New\\Deep',
    'set SOFTWARE Corp\\New\\Deep!n = "x"',
  ]);
  const hive = await after.hive('SOFTWARE');
  assert.equal(hive.keys('Corp'), ['New']);
});

test('a removal later in the file takes back what was wanted before it', async () => {
  const { lines } = await withFiles([
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp\\Old\\Below]\n"n"="x"\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp\\Old]\n',
  ]);
  assert.equal(lines, ['remove-key SOFTWARE Corp\\Old']);
});

test('a secret is set, and shown nowhere', async () => {
  const { lines, changes } = await runStep(
    registry({ values: [{ key: 'HKLM\\SOFTWARE\\Corp', name: 'Token', secret: secret.env('CORP_TOKEN') }] }),
    image(),
    { secrets: { CORP_TOKEN: 'hunter2' } },
  );
  assert.equal(lines, ['set SOFTWARE Corp!Token = "hunter2"']);
  assert.ok(changes[0]?.kind === 'set-value' && changes[0].secret);
});

test('refuses hives and roots that are not configuration, with the line', async () => {
  const said = (key: string, given = {}) => refusal(() => withFiles([`[${key}]\n"a"="b"\n`], given));
  assert.match(await said('HKEY_LOCAL_MACHINE\\SAM\\SAM'), /0\.reg, line 3: HKEY_LOCAL_MACHINE\\SAM\\SAM: is a key of the hive SAM/);
  assert.match(await said('HKEY_LOCAL_MACHINE\\SECURITY'), 'hive SECURITY');
  assert.match(await said('HKEY_CURRENT_USER\\Software'), 'no current user');
  assert.match(await said('HKEY_OTHER\\Software'), 'HKEY_OTHER, which is no root');
  assert.match(await said('HKEY_LOCAL_MACHINE\\SOFTWARE\\a]b'), 'holds a "]"');
  assert.match(await refusal(() => withFiles(['[-HKEY_LOCAL_MACHINE\\SOFTWARE]\n'])), 'is the root of a hive');
  assert.match(await refusal(() => runStep(registry({ removeKeys: ['HKLM\\SYSTEM'] }), image())), 'is the root of a hive');
  assert.match(await refusal(() => runStep(registry({ values: [{ key: '/Windows/System32/config/SAM\\X', dword: 1 }] }), image())), 'SAM');
});

test('refuses broken hex with its line, values over 16,344 bytes, and a file that is not there', async () => {
  assert.match(await refusal(() => withFiles(['[HKLM\\SOFTWARE\\A]\n"a"=hex:0,1,\\\n  zz\n'])), /0\.reg: .*line 5: has broken hex/);
  assert.match(
    await refusal(() => withFiles([`[HKLM\\SOFTWARE\\A]\n"a"="${'x'.repeat(8200)}"\n`])),
    /line 4: has a value of 16402 bytes \(at most 16344/,
  );
  const long = { key: 'HKLM\\SOFTWARE\\A', name: 'n', text: 'x'.repeat(8172) };
  assert.match(await refusal(() => runStep(registry({ values: [long] }), image())), 'HKLM\\SOFTWARE\\A!n: has a value of 16346 bytes');
  assert.match(await refusal(() => runStep(registry({ files: ['/nowhere/a.reg'] }), image())), '/nowhere/a.reg: cannot be read');
  assert.match(
    await refusal(() => runStep(registry({ values: [{ key: '/Users/Bob/NTUSER.DAT\\A', dword: 1 }] }), image())),
    'is not in the image',
  );
});

test('refuses a value with no data, with two, or with a wrong one', async () => {
  const key = 'HKLM\\SOFTWARE\\A';
  assert.match(await refusal(() => runStep(registry({ values: [{ key }] }), image())), 'has none');
  assert.match(await refusal(() => runStep(registry({ values: [{ key, text: 'a', dword: 1 }] }), image())), 'has text, dword');
  assert.match(await refusal(() => runStep(registry({ values: [{ key, qword: '99999999999999999999' }] }), image())), 'REG_QWORD takes');
  assert.match(optionFaults(registry({ values: [{ key, dword: -1 }] }))[0]!, 'values[0].dword: must be at least 0');
  assert.match(optionFaults(registry({ values: [{ key, binary: 'abc' }] }))[0]!, 'values[0].binary: does not have the right form');
  assert.match(optionFaults(registry({ values: [{ key: 'a\\\\b', dword: 1 }] }))[0]!, 'values[0].key: does not have');
  assert.match(optionFaults(unchecked(registry, { values: [{ name: 'x' }] }))[0]!, 'values[0].key: is missing');
});

test('is skipped when nothing is asked for', async () => {
  assert.is((await runStep(registry(), image())).skipped, 'the config names no key and no value');
});

const tools = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

tools('in a real WIM, hivexregedit finds what was asked for', async () => {
  await inWorkspace(async ({ build, configure, folder }) => {
    writeFileSync(
      join(folder, 'corp.reg'),
      'REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp\\Empty]\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Corp]\r\n@="default"\r\n"e"=hex(2):25,41,25,\\\r\n  00\r\n"n"=hex(0):\r\n',
    );
    await configure({
      head: "import { registry } from 'wtgforge/steps';",
      steps: `[registry({ files: ['corp.reg'], currentUser: 'default-user', values: [
        { key: 'HKCU\\\\Software\\\\Corp', name: 'theme', text: 'dark' },
        { key: 'HKU\\\\.DEFAULT\\\\Control Panel\\\\Keyboard', name: 'InitialKeyboardIndicators', text: '2' },
        { key: 'HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Control\\\\Corp', name: 'big', qword: '4294967296' },
      ] })]`,
    });
    const { out, err } = await build('--json');
    const report = JSON.parse(out || '{}') as BuildReport & { artifact?: { path: string } };
    assert.ok(report.artifact, err);
    assert.is(report.steps[0]!.changes.length, 7);
    const made = report.artifact.path;
    const exported = (path: string, key: string) => {
      const file = join(folder, 'hive');
      writeFileSync(
        file,
        execFileSync('wimlib-imagex', ['extract', made, '1', path, '--to-stdout'], {
          stdio: ['ignore', 'pipe', 'pipe'],
          maxBuffer: 2 ** 28,
        }),
      );
      return execFileSync('hivexregedit', ['--export', file, key], { encoding: 'utf8' })
        .split(/\r?\n/)
        .filter((line) => line !== '')
        .slice(1);
    };
    assert.equal(exported('/Windows/System32/config/SOFTWARE', '\\Corp'), [
      '[\\Corp]',
      '@=hex(1):64,00,65,00,66,00,61,00,75,00,6c,00,74,00,00,00',
      '"e"=hex(2):25,00,41,00,25,00,00,00',
      '"n"=hex(0):',
      '[\\Corp\\Empty]',
    ]);
    assert.equal(exported('/Users/Default/NTUSER.DAT', '\\Software\\Corp').slice(0, 2), [
      '[\\Software\\Corp]',
      '"theme"=hex(1):64,00,61,00,72,00,6b,00,00,00',
    ]);
    assert.equal(
      exported('/Windows/System32/config/DEFAULT', '\\Control Panel\\Keyboard').at(-1),
      '"InitialKeyboardIndicators"=hex(1):32,00,00,00',
    );
    assert.equal(
      exported('/Windows/System32/config/SYSTEM', '\\ControlSet001\\Control\\Corp').at(-1),
      '"big"=hex(b):00,00,00,00,01,00,00,00',
    );
    // Its own output as source: nothing to change.
    await configure({
      image: `{ path: ${JSON.stringify(made)} }`,
      output: "{ path: 'second.wim' }",
      head: "import { registry } from 'wtgforge/steps';",
      steps: "[registry({ files: ['corp.reg'] })]",
    });
    const again = JSON.parse((await build('--dry-run', '--json')).out) as BuildReport;
    assert.equal(again.steps[0]!.changes, []);
    assert.equal(
      again.steps[0]!.inputs.map(({ path }) => path),
      ['corp.reg'],
    );
  });
});

test.run();
