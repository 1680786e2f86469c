// CRC-32C against the check values of RFC 3720.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32c } from '../../../formats/disk/crc32c.ts';

const test = suite('crc32c');

test('RFC 3720 B.4: zeros, ones, counting up', () => {
  assert.is(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.is(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.is(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e);
});

test('the four bytes of the sum itself count as zero', () => {
  const bytes = new Uint8Array(64).fill(7);
  const zeroed = bytes.slice().fill(0, 4, 8);
  assert.is(crc32c(bytes, 4), crc32c(zeroed));
  assert.is.not(crc32c(bytes), crc32c(zeroed));
});

test.run();
