// A hive is read once for all that ask, until it is cleared; a refusal is told to each.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyHive } from '../../formats/hive/empty.ts';
import { OpenHives } from '../../image/open-hives.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { refusal } from '../helpers/hive-edits.ts';

const PATH = '/Windows/System32/config/SOFTWARE';

test('read once for all that ask, and again when it was cleared', async () => {
  const image = fakeImage({ files: { [PATH]: emptyHive() } });
  const asked: string[] = [];
  const hives = new OpenHives({
    find: (path) => {
      asked.push(path);
      return image.find(path);
    },
  });
  const [one, other] = await Promise.all([hives.open('SOFTWARE'), hives.open('SOFTWARE')]);
  assert.is(one, other);
  assert.is(asked.filter((path) => path === PATH).length, 1);
  hives.clear();
  assert.is.not(await hives.open('SOFTWARE'), one);
  assert.is(asked.filter((path) => path === PATH).length, 2);
});

test('a hive that is absent is absent for everybody', async () => {
  const hives = new OpenHives(fakeImage({ files: {} }));
  for (const _ of [1, 2]) assert.is((await refusal(() => hives.open('SYSTEM'))).code, 'HIVE_ABSENT');
});

test.run();
