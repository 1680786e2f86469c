// The journal: reads of own writes, no-ops, conflicts that name both steps, edits for commit.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { StepError, WtgforgeError } from '../../errors.ts';
import type { Change } from '../../image/draft.ts';
import { createJournal } from '../../image/journal.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const SPP = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const image = () =>
  fakeImage({
    files: { '/Windows/Setup/Scripts/SetupComplete.cmd': 'echo hello\r\n', '/Windows/Panther/old/unattend.xml': '<old/>' },
    SOFTWARE: { [SPP]: { SkipRearm: 0, KeyManagementServiceName: 'old.example' }, [`${SPP}\\sub`]: { a: 'b' } },
  });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function refusal(run: () => Promise<unknown>): Promise<WtgforgeError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof WtgforgeError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('a step reads what an earlier step wrote, and the stored case is kept', async () => {
  const journal = createJournal(image());
  await journal.draft('one').write('/windows/setup/scripts/setupcomplete.CMD', 'echo one');
  const two = journal.draft('two');
  assert.is(text(await two.read('/Windows/Setup/Scripts/SetupComplete.cmd')), 'echo one');
  assert.equal(
    journal.fileEdits.map((edit) => edit.path),
    ['/Windows/Setup/Scripts/SetupComplete.cmd'],
  );
  assert.is(journal.changes[0]!.kind, 'write');
});

test('writing and setting what is there already is no change', async () => {
  const journal = createJournal(image());
  const draft = journal.draft('one');
  await draft.write('/Windows/Setup/Scripts/SetupComplete.cmd', 'echo hello\r\n');
  await draft.setValue('SOFTWARE', SPP, 'skiprearm', { type: 'REG_DWORD', data: 0 });
  await draft.deleteValue('SOFTWARE', SPP, 'KeyManagementServicePort');
  await draft.remove('/Windows/absent.txt');
  await draft.removeKey('SOFTWARE', `${SPP}\\absent`);
  assert.equal(journal.changes, []);
  assert.is(journal.hiveEdits.size, 0);
});

test('two steps that set one value differently are an error that names both', async () => {
  const journal = createJournal(image());
  await journal.draft('kms-client').setValue('SOFTWARE', SPP, 'SkipRearm', { type: 'REG_DWORD', data: 0 });
  const error = await refusal(() => journal.draft('other').setValue('SOFTWARE', SPP, 'SKIPREARM', { type: 'REG_DWORD', data: 1 }));
  assert.instance(error, StepError);
  assert.is(error.code, 'CHANGE_CONFLICT');
  assert.match(error.message, /other.*kms-client/);
  await journal.draft('third').setValue('SOFTWARE', SPP, 'SkipRearm', { type: 'REG_DWORD', data: 0 });
});

test('a blind overwrite is a conflict, a merge after reading is not', async () => {
  const journal = createJournal(image());
  await journal.draft('one').write('/Windows/a.txt', 'one');
  const blind = await refusal(() => journal.draft('two').write('/Windows/a.txt', 'two'));
  assert.is(blind.code, 'CHANGE_CONFLICT');
  assert.match(blind.message, /two.*one/);
  const three = journal.draft('three');
  await three.write('/Windows/a.txt', `${text(await three.read('/Windows/a.txt'))} and three`);
  assert.is(text(await three.read('/Windows/a.txt')), 'one and three');
});

test('the blind overwriter is refused every time, not only the first', async () => {
  const journal = createJournal(image());
  await journal.draft('one').write('/Windows/a.txt', 'one');
  for (const content of ['two', 'two', 'six']) {
    assert.is((await refusal(() => journal.draft('two').write('/Windows/a.txt', content))).code, 'CHANGE_CONFLICT');
  }
});

test('a step cannot take away what another one wrote below: a folder with its file, a key with its value', async () => {
  const journal = createJournal(image());
  await journal.draft('one').write('/Windows/Panther/old/new.xml', 'x');
  await journal.draft('one').setValue('SOFTWARE', `${SPP}\\sub\\deep`, 'v', { type: 'REG_DWORD', data: 1 });
  const two = journal.draft('two');
  for (const run of [
    () => two.remove('/windows/PANTHER'),
    () => two.removeKey('SOFTWARE', SPP.toUpperCase()),
    () => two.removeKey('/Windows/System32/config/software', `${SPP}\\sub`),
    () => two.removeKey('SOFTWARE', `${SPP}\\sub\\deep`),
  ]) {
    const error = await refusal(run);
    assert.is(error.code, 'CHANGE_CONFLICT');
    assert.match(error.message, /^two: removes .* one /);
  }
  // What merely begins with the same letters is another key; and what is its own a step may take back.
  await two.setValue('SOFTWARE', `${SPP}\\sub2`, 'v', { type: 'REG_DWORD', data: 1 });
  await two.removeKey('SOFTWARE', `${SPP}\\sub2`);
  await journal.draft('one').removeKey('SOFTWARE', SPP);
  await journal.draft('one').remove('/Windows/Panther');
});

test('a hive is one hive by whichever name', async () => {
  const journal = createJournal(image());
  await journal.draft('one').setValue('SOFTWARE', 'A', 'x', { type: 'REG_SZ', data: '1' });
  const two = journal.draft('two');
  assert.is((await two.hive('/windows/system32/CONFIG/software')).value('A', 'x')?.decoded?.data, '1');
  await two.setValue('/Windows/System32/config/SOFTWARE', 'A', 'y', { type: 'REG_SZ', data: '2' });
  assert.equal([...journal.hiveEdits.keys()], ['SOFTWARE']);
  const error = await refusal(() => two.setValue('/Windows/System32/config/SOFTWARE', 'A', 'x', { type: 'REG_SZ', data: '3' }));
  assert.is(error.code, 'CHANGE_CONFLICT');
});

test('a value or content that cannot be stored is refused with the step, and never shown', async () => {
  const draft = createJournal(image()).draft('one');
  for (const value of [
    { type: 'REG_DWORD', data: 2 ** 32 },
    { type: 'REG_DWORD', data: -1 },
    { type: 'REG_DWORD', data: 0.5 },
    { type: 'REG_DWORD', data: 'hunter2' },
    { type: 'REG_QWORD', data: 1 },
    { type: 'REG_QWORD', data: 2n ** 64n },
    { type: 'REG_SZ', data: 'hunter2\0' },
    { type: 'REG_SZ', data: undefined },
    { type: 'REG_MULTI_SZ', data: 'hunter2' },
    { type: 'REG_MULTI_SZ', data: ['a', 5] },
    { type: 'REG_BINARY', data: 'hunter2' },
    { type: 'REG_FOO', data: 'hunter2' },
    'hunter2',
    undefined,
  ]) {
    const error = await refusal(() => draft.setValue('SOFTWARE', 'A', 'x', value as never));
    assert.is(error.code, 'VALUE_WRONG');
    assert.match(error.message, /^one: sets SOFTWARE\\A!x /);
    assert.not.match(`${error.message}${error.hint}`, /hunter2/);
  }
  const error = await refusal(() => draft.write('/Windows/x', 5 as never));
  assert.is(error.code, 'CONTENT_WRONG');
});

test('removed files, values and keys are gone for later steps', async () => {
  const journal = createJournal(image());
  const one = journal.draft('one');
  await one.remove('/Windows/Panther');
  await one.deleteValue('SOFTWARE', SPP, 'KeyManagementServiceName');
  await one.removeKey('SOFTWARE', `${SPP}\\sub`);
  const two = journal.draft('two');
  assert.not(await two.has('/Windows/Panther/old/unattend.xml'));
  const hive = await two.hive('SOFTWARE');
  assert.is(hive.value(SPP, 'KeyManagementServiceName'), undefined);
  assert.equal(hive.keys(SPP), []);
  await two.setValue('SOFTWARE', `${SPP}\\sub`, 'new', { type: 'REG_SZ', data: 'x' });
  assert.equal(hive.keys(SPP), ['sub']);
  assert.equal(
    hive.values(`${SPP}\\sub`).map(({ name }) => name),
    ['new'],
  );
  assert.equal(
    journal.hiveEdits.get('SOFTWARE')!.map(({ kind }) => kind),
    ['delete-value', 'remove-key', 'set-value'],
  );
});

test('walk shows the draft: written files, no removed ones', async () => {
  const journal = createJournal(image());
  const draft = journal.draft('one');
  await draft.write('/Windows/Panther/unattend.xml', '<new/>');
  await draft.remove('/Windows/Panther/old/unattend.xml');
  const paths: string[] = [];
  for await (const file of draft.walk({ files: ['/Windows/Panther/**/*'] })) paths.push(file.path);
  assert.equal(paths, ['/Windows/Panther/old', '/Windows/Panther/unattend.xml']);
});

test('removing residue is no wish: a later step may set the value, which a plain removal forbids', async () => {
  const journal = createJournal(fakeImage({ SOFTWARE: { Key: { Residue: 'old', Plain: 'old' } } }));
  await journal.draft('cleaner').deleteValue('SOFTWARE', 'Key', 'Residue', { residue: true });
  await journal.draft('setter').setValue('SOFTWARE', 'Key', 'Residue', { type: 'REG_SZ', data: 'new' });
  await journal.draft('cleaner').deleteValue('SOFTWARE', 'Key', 'Plain');
  const set = () => journal.draft('setter').setValue('SOFTWARE', 'Key', 'Plain', { type: 'REG_SZ', data: 'new' });
  assert.is((await refusal(set)).code, 'CHANGE_CONFLICT');
});

test('paths that are not plain image paths are refused', async () => {
  const draft = createJournal(image()).draft('one');
  for (const path of ['', '/', 'a', '/a/../b', '/a//b', '/a\\b', '/a/b\n', '/a/.', '/a:stream', '/a/b?']) {
    assert.is((await refusal(() => draft.write(path, 'x'))).code, 'PATH_INVALID', JSON.stringify(path));
  }
  assert.is((await refusal(() => draft.write('/Windows/Setup', 'x'))).code, 'PATH_IS_FOLDER');
  assert.is((await refusal(() => draft.removeKey('SOFTWARE', ''))).code, 'KEY_IS_ROOT');
});

test('a key without values is made once, and is there for later steps', async () => {
  const journal = createJournal(image());
  await journal.draft('one').makeKey('SOFTWARE', SPP);
  await journal.draft('one').makeKey('SOFTWARE', 'New\\Key');
  await journal.draft('two').makeKey('SOFTWARE', 'new\\key');
  assert.equal(journal.changes, [{ step: 'one', kind: 'make-key', hive: 'SOFTWARE', key: 'New\\Key' }]);
  assert.equal(journal.hiveEdits.get('SOFTWARE'), [{ kind: 'make-key', key: 'New\\Key' }]);
  assert.ok((await journal.draft('two').hive('SOFTWARE')).has('New\\Key'));
  assert.is((await refusal(() => journal.draft('three').removeKey('SOFTWARE', 'New'))).code, 'CHANGE_CONFLICT');
});

test('a change knows what was there before, and what goes with a folder or key', async () => {
  const journal = createJournal(image());
  const one = journal.draft('one');
  await one.write('/Windows/Panther/old/unattend.xml', '<new/>');
  await one.remove('/Windows/Panther/old');
  await one.setValue('SOFTWARE', SPP, 'SkipRearm', { type: 'REG_SZ', data: '1' });
  await one.removeKey('SOFTWARE', SPP);
  const [write, remove, set, key] = journal.changes as never as [
    { before: unknown; xml: { before: Uint8Array; after: Uint8Array } },
    { folder: boolean; files: unknown },
    { before: { decoded: unknown } },
    { values: { entries: { key: string; value: { name: string } }[] } },
  ];
  assert.equal([write.before, text(write.xml.before), text(write.xml.after)], [{ size: 6, secret: false }, '<old/>', '<new/>']);
  assert.equal([remove.folder, remove.files], [true, { entries: [{ path: '/Windows/Panther/old/unattend.xml', size: 6 }], more: 0 }]);
  assert.equal(set.before.decoded, { type: 'REG_DWORD', data: 0 });
  assert.equal(key.values.entries.map((entry) => `${entry.key}!${entry.value.name}`).sort(), [
    `${SPP}!KeyManagementServiceName`,
    `${SPP}!SkipRearm`,
    `${SPP}\\sub!a`,
  ]);
});

test('a secret write is marked and its content stays out of the journal', async () => {
  const journal = createJournal(image());
  await journal.draft('one').write('/Windows/Panther/unattend.xml', 'Passw0rd', { secret: true });
  assert.is(journal.changes[0]!.kind === 'write' && journal.changes[0]!.secret, true);
  assert.not.match(JSON.stringify(journal.changes), /Passw0rd/);
  const later = journal.draft('two');
  await later.write('/Windows/Panther/unattend.xml', `${await later.read('/Windows/Panther/unattend.xml')}, and more`);
  const [, second] = journal.changes as Extract<Change, { kind: 'write' }>[];
  assert.equal([second!.secret, second!.before!.secret], [true, true], 'what another step adds to it is no less secret');
});

test.run();
