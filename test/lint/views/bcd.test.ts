// The view of boot configuration: stores by their names, other files of that name, and what cannot be read.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { bcd } from '../../../lint/views/bcd.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';

async function seen(spec: FakeSpec) {
  const unable: string[] = [];
  const views = new ViewStore(fakeImage(spec)).open({ bcd }, (reason) => unable.push(reason));
  return { found: await views.bcd(), unable };
}

const STORE = { Description: {}, 'Objects\\{x}\\Description': { Type: 0x10200003 } };

test('stores of both places, in any case; a hive of that name that is none is passed over', async () => {
  const hives = { '/EFI/Microsoft/Boot/BCD': STORE, '/boot/bcd': STORE, '/other/BCD': { Microsoft: {} } };
  const { found, unable } = await seen({ hives });
  assert.equal(
    found?.map(({ hive, store }) => [hive, store.objects.length]),
    [
      ['/EFI/Microsoft/Boot/BCD', 1],
      ['/boot/bcd', 1],
    ],
  );
  assert.equal(unable, []);
});

test('an element that makes no sense, a store of another shape, and a file that is no hive are told', async () => {
  const odd = { ...STORE, 'Objects\\{x}\\Elements\\16000049': {} };
  assert.match((await seen({ hives: { '/Boot/BCD': odd } })).unable.join(), /^\/Boot\/BCD: \{x\}: the element 16000049/);
  const many = Object.fromEntries(Array.from({ length: 2001 }, (_, at) => [`Objects\\{${at}}`, {}]));
  assert.match((await seen({ hives: { '/Boot/BCD': { Description: {}, ...many } } })).unable.join(), /2001 objects/);
  assert.match((await seen({ files: { '/Boot/BCD': 'no hive' } })).unable.join(), /BCD: is not in the image/);
});

test('an image without one has none', async () => assert.equal(await seen({}), { found: [], unable: [] }));

test.run();
