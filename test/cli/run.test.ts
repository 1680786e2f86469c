// The command line itself: help, unknown words, exit codes, one line and a hint for each failure.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cli } from '../helpers/run-cli.ts';

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  for (const word of ['--version', '-V']) assert.equal(await cli([word]), { code: 0, out: `${version}\n`, err: '' });
});

test('help names every command, and each command explains all its options', async () => {
  const general = await cli(['--help']);
  assert.is(general.code, 0);
  for (const id of ['build', 'plan', 'lint', 'inspect', 'mount', 'unmount', 'answer', 'explain', 'list', 'doctor', 'init']) {
    assert.match(general.out, new RegExp(`^ +${id} `, 'm'));
    const own = await cli([id, '--help']);
    assert.is(own.code, 0);
    assert.match(own.out, `wtgforge ${id}`);
    assert.equal(await cli(['help', id]), own);
  }
  assert.match((await cli(['build', '--help'])).out, '--output FILE');
});

const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no command', [], /^$/],
  ['an unknown command', ['biuld'], /biuld: is not a command/],
  ['a property name of every object', ['constructor'], /constructor: is not a command/],
  ['an unknown option', ['build', '--ouptut', 'x'], /wtgforge: build: --ouptut: is not an option/],
  ['an option without its value', ['lint', 'x.wim', '--format'], /wtgforge: lint: --format: needs a value/],
  ['a missing container', ['lint'], /wtgforge: lint: CONTAINER is missing/],
  ['one argument too many', ['inspect', 'a.wim', 'b.wim'], /inspect: b.wim: is one word too many/],
  ['an unknown report format', ['lint', 'a.wim', '--format', 'pdf'], /--format pdf: is not a report format/],
  ['two report formats', ['lint', 'a.wim', '--json', '--format', 'html'], /--json: cannot stand beside --format html/],
  ['a report that cannot be written', ['lint', 'a.wim', '--output', '/absent/a.html'], /\/absent\/a\.html: cannot be written \(ENOENT\)/],
  ['a report in place of a folder', ['lint', 'a.wim', '--output', '/'], /\/: cannot be written \(it is a folder\)/],
  ['a baseline that is none', ['lint', 'a.wim', '--update-baseline', '/etc/passwd'], /\/etc\/passwd: /],
  ['help on what is no command', ['help', 'lnit'], /lnit: is not a command/],
  ['a third word', ['mount', 'a.wim', 'folder', 'more'], /mount: more: is one word too many/],
  ['an image that is no number', ['lint', 'a.wim', '--image', '0'], /--image 0: is not a number/],
  ['a list of nothing that can be listed', ['list', 'toString'], /"toString" cannot be listed/],
];

for (const [name, argv, message] of WRONG) {
  test(`${name} is exit 2 and one clear line`, async () => {
    const { code, err } = await cli(argv);
    assert.is(code, 2);
    assert.match(err.split('\n')[0]!, message);
    assert.not.match(err, /\n\s+at /);
    if (argv.length > 0) assert.match(err, /^wtgforge: (?!wtgforge).*\n {2}hint: \S/);
  });
}

test('steps, rules and formats are listed from their own metadata', async () => {
  const ids = async (what: string) => (JSON.parse((await cli(['list', what, '--json'])).out) as { id: string }[]).map(({ id }) => id);
  assert.ok((await ids('steps')).includes('kms-client'));
  assert.ok((await ids('rules')).includes('activation/kms-host-policy'));
  assert.equal((await ids('formats')).sort(), ['github', 'html', 'json', 'junit', 'sarif', 'text']);
  assert.ok((await ids('containers')).includes('vhdx'));
  assert.match((await cli(['list', 'containers'])).out, /^dism +.* \(experimental\)$/m);
  assert.match((await cli(['list', 'rules'])).out, /^activation\/kms-host-policy +\S/m);
});

test('the doctor knows the tools that every build needs', async () => {
  const { code, out } = await cli(['doctor', '--json']);
  const tools = (
    JSON.parse(out) as { tools: { name: string; package: string; required: boolean; state: string; experimental?: boolean }[] }
  ).tools;
  const wimlib = tools.find(({ name }) => name === 'wimlib-imagex')!;
  assert.is(wimlib.package, 'wimtools');
  const dism = tools.find(({ name }) => name === 'dism.exe')!;
  assert.equal([dism.experimental, dism.state], [true, 'elsewhere']);
  assert.match((await cli(['doctor'])).out, /^elsewhere dism\.exe .*\(experimental\)\n +only on Windows hosts$/m);
  const missing = tools.filter(({ required, state }) => required && state !== 'found');
  assert.is(code, missing.length === 0 ? 0 : 2);
});

test('--debug shows the code and the stack behind a failure', async () => {
  const plain = await cli(['lint', '/absent.wim']);
  const debug = await cli(['lint', '/absent.wim', '--debug']);
  assert.not.match(plain.err, 'CONTAINER_ABSENT');
  assert.match(debug.err, 'code: CONTAINER_ABSENT');
  assert.match(debug.err, /\n +at /);
});

test.run();
