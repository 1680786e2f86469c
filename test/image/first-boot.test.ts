// Actions of the first boot: their files, the block in SetupComplete.cmd, what goes when it is no longer wanted, and when Windows would skip all of it.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Draft } from '../../image/draft.ts';
import { actionSlug, type FirstBootAction, GUEST_FOLDER, guestScript, runAtFirstBoot } from '../../image/first-boot.ts';
import { createJournal } from '../../image/journal.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';

const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const guest = async (name: string) => readFileSync(new URL(`../../scripts/guest/${name}`, import.meta.url), 'utf8');
const call = (id: string) => `call "%SystemRoot%\\Setup\\Scripts\\wtgforge\\first-boot.cmd" ${id}`;

function open(spec: FakeSpec = {}) {
  const notes: string[] = [];
  const ctx = {
    guest,
    note: (text: string) => void notes.push(text),
    fail: (message: string): never => {
      throw new Error(message);
    },
  };
  const draft = createJournal(fakeImage(spec)).draft('test');
  return { draft, notes, ctx, run: (id: string, actions: readonly FirstBootAction[]) => runAtFirstBoot(draft, id, actions, ctx) };
}
const text = async (draft: Draft, path: string) => Buffer.from(await draft.read(path)).toString('latin1');

test('an action is a .cmd file, a call of the runner in its block, and the runner beside it', async () => {
  const { draft, run, notes } = open();
  await run('one', [{ id: 'one', lines: ['echo 1', 'exit /b 5'] }]);
  assert.is(
    await text(draft, `${GUEST_FOLDER}/one.cmd`),
    '@echo off\r\nsetlocal EnableExtensions DisableDelayedExpansion\r\necho 1\r\nexit /b 5\r\n',
  );
  assert.is(await text(draft, COMPLETE), `@echo off\r\nrem wtgforge >>> one\r\n${call('one')}\r\nrem wtgforge <<< one\r\n`);
  const runner = await text(draft, `${GUEST_FOLDER}/first-boot.cmd`);
  assert.is(runner, (await guest('first-boot.cmd')).replaceAll('\n', '\r\n'));
  assert.equal(notes, []);
});

test("blocks stand in the order of the steps, before the owner's lines, which stay byte for byte", async () => {
  const owner = Buffer.from('@echo off\r\necho \x81\xe4\r\nexit /b 0', 'latin1');
  const { draft, run } = open({ files: { '/Windows/Setup/scripts/setupcomplete.CMD': new Uint8Array(owner) } });
  await run('one', [{ id: 'one', lines: [] }]);
  await run('two', [
    { id: 'two-a', lines: [] },
    { id: 'two-b', lines: [] },
  ]);
  const lines = (await text(draft, COMPLETE)).split('\r\n');
  assert.equal(lines, [
    '@echo off',
    ...['rem wtgforge >>> one', call('one'), 'rem wtgforge <<< one'],
    ...['rem wtgforge >>> two', call('two-a'), call('two-b'), 'rem wtgforge <<< two'],
    ...['echo \x81\xe4', 'exit /b 0'],
  ]);
});

test('a second run changes nothing; an action that is no longer wanted goes, its neighbours stay', async () => {
  const { draft, run } = open();
  const actions = ['two-a', 'two-b'].map((id) => ({ id, lines: ['rem'] }));
  await run('one', [{ id: 'one', lines: [] }]);
  await run('two', actions);
  const before = draft.changes.length;
  await run('two', actions);
  assert.is(draft.changes.length, before);
  await run('two', actions.slice(0, 1));
  assert.equal(
    draft.changes.slice(before).map((change) => [change.kind, 'path' in change && change.path]),
    [
      ['write', COMPLETE],
      ['remove', `${GUEST_FOLDER}/two-b.cmd`],
    ],
  );
  assert.ok(await draft.has(`${GUEST_FOLDER}/one.cmd`));
});

test('refuses names and lines that a batch file cannot hold, and a script that cannot be shared', async () => {
  const refusal = (actions: readonly FirstBootAction[], spec: FakeSpec = {}) =>
    open(spec)
      .run('one', actions)
      .then(
        () => 'taken',
        (error: Error) => error.message,
      );
  for (const id of ['', 'a b', '../x', 'A', 'first-boot', 'x'.repeat(65), 'a-'])
    assert.match(await refusal([{ id, lines: [] }]), 'cannot name an action');
  for (const line of ['caf\xe9', 'a\nb', 'x'.repeat(8192), '\0']) {
    const message = await refusal([{ id: 'one', lines: ['echo secret', line] }]);
    assert.match(message, 'is not one line of at most 8191 ASCII characters');
    assert.not.match(message, 'secret');
  }
  assert.is(await refusal([{ id: 'x'.repeat(64), lines: ['x'.repeat(8191)] }]), 'taken');
  assert.match(await refusal([], { files: { [COMPLETE]: 'rem wtgforge >>> one\r\n' } }), `${COMPLETE}: cannot be shared`);
});

test('says when the edition or an OEM key would skip it', async () => {
  const key = (channel: string) => {
    const bytes = new Uint8Array(1272);
    bytes.set([0xf8, 0x04, 0, 0, 4]);
    bytes.set(Buffer.from(channel, 'utf16le'), 1016);
    return { SOFTWARE: { 'Microsoft\\Windows NT\\CurrentVersion': { DigitalProductId4: bytes } } };
  };
  const said = async (spec: FakeSpec) => {
    const { run, notes } = open(spec);
    await run('one', []);
    return notes.join();
  };
  assert.match(
    await said({ info: { edition: 'Education' } }),
    'one: on Education Windows skips SetupComplete.cmd when an OEM key is installed',
  );
  assert.match(await said({ info: { edition: 'Professional' }, ...key('OEM:DM') }), 'with a key of the channel OEM:DM Windows skips');
  assert.match(await said({ info: { edition: 'Education' }, ...key('Volume:GVLK') }), 'when an OEM key is installed');
  for (const edition of ['Enterprise', 'EnterpriseS', 'ServerStandard'])
    assert.is(await said({ info: { edition }, ...key('OEM:DM') }), '', edition);
});

test('a guest script is ASCII with the line ends of Windows', async () => {
  const fail = (message: string): never => {
    throw new Error(message);
  };
  assert.is(await guestScript('x', { guest: async () => 'a\nb\n', fail }), 'a\r\nb\r\n');
  const error = await guestScript('x.ps1', { guest: async () => 'caf\xe9', fail }).catch((reason: Error) => reason);
  assert.match((error as Error).message, 'x.ps1 is not plain ASCII');
});

test('a name as the end of an id', () => {
  for (const [name, expected] of [
    ['Set-Wallpaper.ps1', 'set-wallpaper-ps1'],
    ['Intel  NIC_2.0', 'intel-nic-2-0'],
    ['--a--', 'a'],
    ['Ünï', 'n'],
    ['', ''],
  ] as const)
    assert.is(actionSlug(name), expected);
});

test.run();
