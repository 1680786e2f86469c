// Boot configuration stores: real ones, made ones, and what cannot be one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BCD, isBcdStore, readBcdStore } from '../../../formats/bcd/store.ts';
import { openHive } from '../../../image/hive.ts';
import { type FakeKeys, fakeHive } from '../../helpers/fake-image.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const ID = '{733B62E5-F608-11EB-825C-C112F60133AB}';
const element = (number: number) => `Objects\\${ID}\\Elements\\${number.toString(16)}`;
const binary = (...bytes: readonly number[]) => new Uint8Array(bytes);

const STORE: FakeKeys = {
  Description: {},
  [`Objects\\${ID}\\Description`]: { Type: 0x10200003 },
  [element(BCD.path)]: { Element: '\\Windows\\system32\\winload.efi' },
  [element(BCD.testSigning)]: { Element: binary(1) },
  [element(0x25000020)]: { Element: binary(2, 1, 0, 0, 0, 0, 0, 0) },
  [element(0x14000006)]: { Element: ['{A}', '{B}'] },
  [element(BCD.osDevice)]: { Element: new Uint8Array(Buffer.from('\0\0\\Recovery\\Winre.wim\0', 'utf16le')) },
  [element(0x17000077)]: { Element: binary(1, 2, 3) },
};

test('objects and elements by their numbers', () => {
  const { objects, faults } = readBcdStore(fakeHive(STORE));
  assert.equal(faults, []);
  const [loader] = objects;
  assert.is(loader?.id, ID.toLowerCase());
  assert.is(loader?.kind, 'windows loader');
  const of = (number: number) => loader!.elements.get(number);
  assert.equal(of(BCD.path), { type: BCD.path, kind: 'text', text: '\\Windows\\system32\\winload.efi' });
  assert.equal(of(BCD.testSigning), { type: BCD.testSigning, kind: 'boolean', on: true });
  assert.equal(of(0x25000020), { type: 0x25000020, kind: 'integer', value: 258n });
  assert.equal(of(0x14000006), { type: 0x14000006, kind: 'objects', ids: ['{a}', '{b}'] });
  assert.equal(of(BCD.osDevice), { type: BCD.osDevice, kind: 'device', path: '\\Recovery\\Winre.wim' });
  assert.is(of(0x17000077)?.kind, 'unknown');
});

test('kinds of objects', () => {
  const kindOf = (type: number) => readBcdStore(fakeHive({ 'Objects\\{x}\\Description': { Type: type } })).objects[0]?.kind;
  assert.is(kindOf(0x10100002), 'boot manager');
  assert.is(kindOf(0x10200004), 'resume');
  assert.is(kindOf(0x101fffff), 'other');
  assert.is(kindOf(0x10400008), 'boot sector');
  assert.is(kindOf(0x20100000), 'settings');
  assert.is(kindOf(0x30000000), 'device');
});

test('a hive that is no store, and elements that are not what their number says', () => {
  assert.is(isBcdStore(fakeHive({ Microsoft: {} })), false);
  assert.throws(() => readBcdStore(fakeHive({ Microsoft: {} })), /no key Objects/);
  const { faults } = readBcdStore(
    fakeHive({ [element(0x25000020)]: { Element: new Uint8Array(9) }, [`Objects\\${ID}\\Elements\\odd`]: {}, [element(BCD.kernel)]: {} }),
  );
  assert.is(faults.length, 3);
});

test('a flood of objects or elements is refused', () => {
  const many = (count: number, key: (at: number) => string) =>
    fakeHive(Object.fromEntries(Array.from({ length: count }, (_, at) => [key(at), {}])));
  assert.throws(() => readBcdStore(many(2001, (at) => `Objects\\{${at}}`)), /2001 objects/);
  assert.throws(() => readBcdStore(many(600, (at) => element(0x12000000 + at))), /600 elements/);
});

needRealData(test)('the store of a Windows 10 that was started, and an empty one', () => {
  const open = (name: string) => openHive(new Uint8Array(readFileSync(join(realData, 'hives/bcd', name))), name);
  const { objects, faults } = readBcdStore(open('win10-uefi-installed.BCD'));
  assert.equal(faults, []);
  const loaders = objects.filter(({ kind }) => kind === 'windows loader');
  assert.is(loaders.length, 2);
  for (const { elements } of loaders) {
    const path = elements.get(BCD.path);
    assert.match(path?.kind === 'text' ? path.text : '', /^\\windows\\system32\\winload\.efi$/i);
    assert.is(elements.get(BCD.testSigning), undefined);
  }
  assert.is(objects.filter(({ kind }) => kind === 'boot manager').length, 1);
  assert.equal(readBcdStore(open('empty-BCD-NEW')).objects, []);
});

test.run();
