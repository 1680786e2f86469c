// The places of KMS settings: roots, 32-bit views, sub-keys, profiles; and what a host proves.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kmsPlaces, SPP_KEY, signOfForgery } from '../../image/kms-settings.ts';
import { fakeImage } from '../helpers/fake-image.ts';

test('finds roots and three levels below, in SOFTWARE and in every profile', async () => {
  const profile = '/Users/Default/NTUSER.DAT';
  const image = fakeImage({
    SOFTWARE: { [`${SPP_KEY}\\Policies\\app\\sku\\toodeep`]: {}, 'Wow6432Node\\Microsoft\\OfficeSoftwareProtectionPlatform': {} },
    hives: { [profile]: { [`Software\\${SPP_KEY}\\app`]: {} } },
    files: { '/Users/b/ntuser.dat': 'no hive' },
  });
  const { places, unread } = await kmsPlaces(image);
  assert.equal(
    places.map(({ hive, key }) => `${hive} ${key.replace(SPP_KEY, 'SPP')}`),
    [
      'SOFTWARE SPP',
      'SOFTWARE Wow6432Node\\Microsoft\\OfficeSoftwareProtectionPlatform',
      'SOFTWARE SPP\\Policies',
      'SOFTWARE SPP\\Policies\\app',
      'SOFTWARE SPP\\Policies\\app\\sku',
      `${profile} Software\\SPP`,
      `${profile} Software\\SPP\\app`,
    ],
  );
  assert.is(unread.length, 1);
});

test('only a host that no organisation can have proves something', () => {
  for (const host of ['127.0.0.2', 'localhost', 'KMS8.msguides.com']) assert.type(signOfForgery(host), 'string', host);
  for (const host of ['kms.corp.example', '10.0.0.1', '', '0.0.0.0', '172.16.0.2']) assert.is(signOfForgery(host), undefined, host);
});

test.run();
