// Hive writing with the real hivexregedit on hives made here: what it writes, keeps, wipes and refuses.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { viewOf } from '../../formats/bytes.ts';
import { checksumOf } from '../../formats/hive/base-block.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { freeCells, openRegf } from '../../formats/hive/hive.ts';
import { nameHash } from '../../formats/hive/tidy.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { openHive } from '../../image/hive.ts';
import { applyHiveEdits } from '../../image/hive-edit.ts';
import type { HiveEdit } from '../../image/image.ts';
import { about, deleteValue, edited, refusal, removeKey, set } from '../helpers/hive-edits.ts';
import { needTools } from '../helpers/need.ts';

const withTool = needTools(test, { hivexregedit: 'libwin-hivex-perl' });

withTool('fills an empty hive: parents are made, any type keeps its bytes', async () => {
  const hive = openHive(
    await edited(
      emptyHive(),
      set('A\\B\\C', 'Text', 'ü "quoted" \\ done'),
      set('A\\B\\C', '', 'default'),
      set('', 'On the root', 7),
      { kind: 'set-value', key: 'A', name: 'Large', value: { type: 'REG_QWORD', data: 0xfedcba9876543210n } },
      { kind: 'set-value', key: 'A', name: 'List', value: { type: 'REG_MULTI_SZ', data: ['one', 'two'] } },
      { kind: 'set-value', key: 'A', name: 'None', value: { type: 'REG_BINARY', data: new Uint8Array() } },
      { kind: 'set-value', key: 'A', name: 'Bytes', value: { type: 'REG_BINARY', data: new Uint8Array(16_344).fill(0xab) } },
      { kind: 'set-value', key: 'A', name: 'Path', value: { type: 'REG_EXPAND_SZ', data: '%WINDIR%' } },
    ),
    'test',
  );
  assert.equal(hive.value('a\\b\\c', 'TEXT')?.decoded, { type: 'REG_SZ', data: 'ü "quoted" \\ done' });
  assert.equal(hive.value('A\\B\\C', '')?.decoded, { type: 'REG_SZ', data: 'default' });
  assert.equal(hive.value('', 'on the ROOT')?.decoded, { type: 'REG_DWORD', data: 7 });
  assert.equal(hive.value('A', 'Large')?.decoded, { type: 'REG_QWORD', data: 0xfedcba9876543210n });
  assert.equal(hive.value('A', 'List')?.decoded, { type: 'REG_MULTI_SZ', data: ['one', 'two'] });
  assert.equal(hive.value('A', 'None')?.raw.length, 0);
  assert.equal(hive.value('A', 'Bytes')?.raw, new Uint8Array(16_344).fill(0xab));
  assert.equal(hive.value('A', 'Path')?.type, 2);
  assert.equal([hive.keys(''), hive.keys('A'), hive.values('A\\B')], [['A'], ['B'], []]);
});

withTool('names beyond ASCII: made, found again in another case, replaced and removed', async () => {
  const first = await edited(
    emptyHive(),
    set('Größe\\Ключ', 'é', 'one'),
    set('Größe\\Ключ', '日本', 'two'),
    set('Größe\\Ключ', 'a"b\\c=-', 1),
  );
  const second = await edited(first, set('GRÖßE\\ключ', 'É', 'three'), deleteValue('größe\\КЛЮЧ', '日本'), set('größe\\ключ\\ÿ', 'x', 1));
  const hive = openHive(second, 'test');
  assert.equal(hive.keys(''), ['Größe']);
  assert.equal(hive.keys('größe'), ['Ключ']);
  assert.equal(
    hive.values('größe\\ключ').map(({ name }) => name),
    ['a"b\\c=-', 'é'],
  );
  assert.equal(hive.value('größe\\ключ', 'é')?.decoded, { type: 'REG_SZ', data: 'three' });
  const third = openHive(await edited(second, removeKey('GRÖßE\\КЛЮЧ')), 'test');
  assert.equal(third.keys('Größe'), []);
});

withTool('sub-keys stand in the order and with the hashes that Windows searches by', async () => {
  const names = ['b_d', 'bad', 'Bx', 'éa', 'Éb', 'zz', '[x', '_', 'A'];
  const bytes = await edited(emptyHive(), ...names.map((name) => set(`Top\\${name}`, 'v', 1)));
  const regf = openRegf(bytes);
  const top = regf.find('Top')!;
  const stored = regf.subkeys(top).map(({ name }) => upcase(name));
  assert.equal(stored, [...stored].sort());
  const view = viewOf(bytes);
  const hashes = regf
    .subkeyLists(top)
    .flatMap(({ kind, at, count }) =>
      Array.from({ length: count }, (_, index) => (kind === 'lh' ? view.getUint32(at + index * 8 + 4, true) : 0)),
    );
  assert.equal(hashes, stored.map(nameHash));
});

withTool('the stored case of a value name stays; order of edits counts; removal before setting makes the key anew', async () => {
  const first = await edited(emptyHive(), set('K', 'MixedCase', 'old'), set('K', 'Other', 'stays'), set('K\\Below', 'x', 1));
  const second = openHive(await edited(first, set('k', 'MIXEDCASE', 'new')), 'test');
  assert.equal(
    second.values('K').map(({ name }) => name),
    ['Other', 'MixedCase'],
  );
  const again = openHive(await edited(first, removeKey('K'), set('K', 'Fresh', 1)), 'test');
  assert.equal([again.keys('K'), again.values('K').map(({ name }) => name)], [[], ['Fresh']]);
  const gone = openHive(await edited(first, set('K\\New', 'Fresh', 1), set('Stays', 'x', 1), removeKey('k')), 'test');
  assert.equal(gone.keys(''), ['Stays']);
});

withTool('what is there already and what is absent already is no change: the same bytes come back', async () => {
  const first = await edited(emptyHive(), set('K', 'a', 'text'), set('K', 'b', 5));
  const edits = [set('k', 'A', 'text'), set('K', 'b', 5), deleteValue('K', 'absent'), deleteValue('No\\Such', 'x'), removeKey('Nothing')];
  const bytes = await applyHiveEdits(first, edits, about);
  assert.is(bytes, first);
  assert.equal(openHive(first, 'test').keys(''), ['K']);
});

withTool('two runs give the same bytes', async () => {
  const run = () => edited(emptyHive(), set('A\\B', 'x', 'y'), set('C', 'z', 1));
  assert.is(Buffer.compare(await run(), await run()), 0);
});

withTool('nothing removed stays: values, keys and sub-trees are wiped, and the hive is sealed', async () => {
  const marker = Buffer.from('MARKER-OF-A-SECRET', 'utf16le');
  const first = await edited(
    emptyHive(),
    set('K', 'Password', 'MARKER-OF-A-SECRET'),
    set('Sub\\Tree', 'MARKER-OF-A-SECRET', 'MARKER-OF-A-SECRET'),
    set('Replaced', 'v', 'MARKER-OF-A-SECRET'),
  );
  assert.ok(Buffer.from(first).includes(marker));
  const second = await edited(first, deleteValue('K', 'password'), removeKey('Sub'), set('Replaced', 'v', 'clean'));
  assert.not.ok(Buffer.from(second).includes(marker));
  assert.not.ok(Buffer.from(second).includes('MARKER-OF-A-SECRET')); // the name, stored in Latin-1
  const free = freeCells(second);
  assert.ok(free.length > 3);
  for (const { offset, size } of free) assert.ok(second.subarray(offset + 4, offset + size).every((byte) => byte === 0));
  const header = openRegf(second).header;
  assert.is(header.sequences[0], header.sequences[1]);
  assert.is(viewOf(second).getUint32(0x1fc, true), checksumOf(second));
});

withTool('any edits in any order come to what playing them one by one comes to', async () => {
  const key = fc.array(fc.constantFrom('a', 'B', 'b_', 'ba', 'é', 'É'), { minLength: 1, maxLength: 3 }).map((names) => names.join('\\'));
  const name = fc.constantFrom('', 'x', 'X', 'y', 'ö');
  const edit: fc.Arbitrary<HiveEdit> = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(key, name, fc.nat(3)).map(([at, of, data]) => set(at, of, data)) },
    { weight: 1, arbitrary: fc.tuple(key, name).map(([at, of]) => deleteValue(at, of)) },
    { weight: 1, arbitrary: key.map(removeKey) },
  );
  const list = fc.array(edit, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(list, list, async (first, second) => {
      const hive = openHive(await edited(await edited(emptyHive(), ...first), ...second), 'x');
      const found: string[] = [];
      const todo = [''];
      for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
        for (const { name: of, raw } of hive.values(at)) found.push(`${at}|${of}=${raw[0]}`.toUpperCase());
        for (const below of hive.keys(at)) todo.push(at === '' ? below : `${at}\\${below}`);
      }
      assert.equal(found.sort(), played([...first, ...second]));
    }),
    { numRuns: 20 },
  );
});

/** The values that are there after the edits, in the form `KEY|NAME=byte`, sorted. */
function played(edits: readonly HiveEdit[]): string[] {
  const values = new Map<string, number>();
  for (const edit of edits) {
    const at = edit.key.toUpperCase();
    if (edit.kind === 'set-value') values.set(`${at}|${edit.name.toUpperCase()}`, edit.value.data as number);
    if (edit.kind === 'delete-value') values.delete(`${at}|${edit.name.toUpperCase()}`);
    if (edit.kind !== 'remove-key') continue;
    for (const place of values.keys()) if (place.startsWith(`${at}|`) || place.startsWith(`${at}\\`)) values.delete(place);
  }
  return [...values].map(([place, data]) => `${place}=${data}`).sort();
}

withTool('what cannot be written is refused with its code', async () => {
  const large: HiveEdit = { kind: 'set-value', key: 'K', name: 'Big', value: { type: 'REG_BINARY', data: new Uint8Array(16_345) } };
  const error = await refusal(() => edited(emptyHive(), large));
  assert.is(error.code, 'HIVE_VALUE_TOO_LARGE');
  assert.match(error.message, /key K .* value Big \(16345 bytes/);
  for (const edit of [
    set('a]b', 'x', 1),
    set('a\nb', 'x', 1),
    set('K', 'x\ny', 1),
    set('K', 'x\0y', 1),
    set('K\\\\L', 'x', 1),
    set('\\K', 'x', 1),
    set('K', '\ud800', 1),
    set('k'.repeat(256), 'x', 1),
    removeKey(''),
  ]) {
    assert.is((await refusal(() => edited(emptyHive(), edit))).code, 'HIVE_EDIT_REFUSED', JSON.stringify(edit.key));
  }
  assert.is((await refusal(() => edited(new Uint8Array(8192), set('K', 'x', 1)))).code, 'HIVE_CORRUPT');
});

withTool('a hive that was not closed properly is sealed when it is written', async () => {
  const dirty = emptyHive();
  new DataView(dirty.buffer).setUint32(4, 9, true);
  new DataView(dirty.buffer).setUint32(0x1fc, checksumOf(dirty), true);
  assert.ok(openRegf(dirty).dirty);
  assert.not.ok(openRegf(await edited(dirty, set('K', 'x', 1))).dirty);
});

withTool('an aborted write ends with the reason of the signal', async () => {
  const signal = AbortSignal.abort(new Error('stop'));
  try {
    await applyHiveEdits(emptyHive(), [set('K', 'x', 1)], { ...about, signal });
    assert.unreachable('went on');
  } catch (error) {
    assert.is((error as Error).message, 'stop');
  }
});

withTool('a key announces the sizes of its longest name and value', async () => {
  const bytes = await edited(emptyHive(), set('K', 'né', 'twelve'), set('K\\日本語日本語', 'x', 1), set('K', 'longer', 1));
  const at = 0x1000 + openRegf(bytes).find('K')!.cell + 4;
  const view = viewOf(bytes);
  assert.equal([view.getUint16(at + 52, true), view.getUint32(at + 60, true), view.getUint32(at + 64, true)], [12, 12, 14]);
});

test.run();
