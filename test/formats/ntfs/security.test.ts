// $Secure:$SDS: entries by id, the copies behind each block are not read twice, damage ends a block.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseSds } from '../../../formats/ntfs/security.ts';
import { survives } from '../../helpers/damage.ts';

const test = suite('security');

function sds(entries: readonly (readonly [number, number, string])[], size = 0x1000): Uint8Array {
  const bytes = Buffer.alloc(size);
  for (const [at, id, text] of entries) {
    bytes.writeUInt32LE(id, at + 4);
    bytes.writeBigUInt64LE(BigInt(at), at + 8);
    bytes.writeUInt32LE(20 + text.length, at + 16);
    bytes.write(text, at + 20);
  }
  return bytes;
}

test('entries stand at multiples of 16; a second pair of blocks is read, too', () => {
  const bytes = sds(
    [
      [0, 0x100, 'first'],
      [32, 0x101, 'second one, longer'],
      [0x80000, 0x102, 'third'],
    ],
    0x81000,
  );
  const found = parseSds(bytes);
  assert.equal(
    [...found].map(([id, data]) => [id, Buffer.from(data).toString()]),
    [
      [0x100, 'first'],
      [0x101, 'second one, longer'],
      [0x102, 'third'],
    ],
  );
});

test('an entry at another place than it says, or of an absurd length, ends the block', () => {
  const bytes = sds([
    [0, 0x100, 'first'],
    [32, 0x101, 'second'],
  ]) as Buffer;
  bytes.writeBigUInt64LE(5n, 32 + 8);
  assert.equal([...parseSds(bytes).keys()], [0x100]);
  bytes.writeUInt32LE(0xffffff, 16);
  assert.is(parseSds(bytes).size, 0);
});

test('damaged tables give fewer or other descriptors', () => {
  survives(
    sds([
      [0, 0x100, 'first'],
      [32, 0x101, 'second'],
    ]),
    (bytes) => parseSds(bytes),
    FormatError,
  );
});

test.run();
