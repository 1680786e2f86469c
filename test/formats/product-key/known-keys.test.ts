// The tables of public keys: known ones by digest, default keys by their serial, everything else unknown.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeKey, productKeyOf } from '../../../formats/product-key/key.ts';
import { classOf, knownKey } from '../../../formats/product-key/known-keys.ts';
import { madeKey, madeOldKey } from '../../helpers/product-keys.ts';

/** Stored form of public keys, so that this file holds no key in the clear. */
const key = (hex: string) => decodeKey(new Uint8Array(Buffer.from(hex, 'hex')))!;
const WINDOWS_11_PRO_DEFAULT = key('ec0c00000000a8d27b6e89814f6d0900');

test('a published key is known with its edition', () => {
  assert.equal(knownKey(WINDOWS_11_PRO_DEFAULT.text), {
    class: 'generic',
    product: 'Windows 11 and Windows 10',
    edition: 'Pro (default install key)',
  });
  assert.is(classOf(WINDOWS_11_PRO_DEFAULT), 'generic');
});

test('an unknown key with a person’s serial is unknown, with one of the first serials a default', () => {
  assert.is(classOf(productKeyOf(madeKey(1))), 'unknown');
  assert.is(classOf(productKeyOf(madeKey(1, { serial: 3, group: 3290 }))), 'default-series');
  assert.is(classOf(productKeyOf(madeKey(1, { serial: 100, group: 3290 }))), 'unknown');
});

test('a serial counts only where the checksum fits, and not for keys without an N', () => {
  const text = madeKey(1, { serial: 0 });
  const at = [...text].findIndex((letter) => letter !== '-' && letter !== 'N' && letter !== 'B');
  assert.is(classOf(productKeyOf(`${text.slice(0, at)}B${text.slice(at + 1)}`)), 'unknown');
  assert.is(classOf(productKeyOf(madeOldKey(1))), 'unknown');
});

test.run();
