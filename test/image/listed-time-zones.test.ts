// The time zones of an image: those of its registry, of a real hive too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../image/hive.ts';
import { listedTimeZones } from '../../image/listed-time-zones.ts';
import { knownTimeZone, timeZones } from '../../unattend/time-zones.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';

const KEY = 'Microsoft\\Windows NT\\CurrentVersion\\Time Zones';

test('the names are those of the registry; an image without a list gives none', async () => {
  assert.equal(await listedTimeZones(fakeImage({ SOFTWARE: { [`${KEY}\\UTC`]: {}, [`${KEY}\\Corp Time`]: {} } })), ['UTC', 'Corp Time']);
  assert.equal(await listedTimeZones(fakeImage({ SOFTWARE: {} })), []);
  assert.equal(await listedTimeZones(fakeImage()), []);
});

needRealData(test)('our own list knows every zone of real registries', () => {
  for (const [name, count] of [
    ['win81ent-eval-x64', 132],
    ['win7ult-x64', 101],
  ] as const) {
    const hive = openHive(new Uint8Array(gunzipSync(readFileSync(join(realData, `hives/${name}.SOFTWARE.gz`)))), name);
    const listed = hive.keys(KEY);
    assert.is(listed.length, count);
    assert.equal(
      listed.filter((zone) => knownTimeZone(zone) !== zone),
      [],
    );
  }
  assert.is(new Set(timeZones).size, 141);
});

test.run();
