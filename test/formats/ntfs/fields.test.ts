// Little-endian fields: the same as a DataView says, for any bytes; text with surrogates that stand alone.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { u16, u32, u64, units } from '../../../formats/ntfs/fields.ts';

test('numbers as a DataView reads them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 9, maxLength: 9 }), (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      assert.is(u16(bytes, 1), view.getUint16(1, true));
      assert.is(u32(bytes, 1), view.getUint32(1, true));
      assert.is(u64(bytes, 1), Number(view.getBigUint64(1, true)));
    }),
  );
});

test('UTF-16 text, also of no letters, and what is no sound text', () => {
  const bytes = Buffer.from('xNtfs \u00e4\ud83d\ude00\ud83d', 'utf16le');
  assert.is(units(bytes, 2, bytes.length / 2 - 1), 'Ntfs \u00e4\ud83d\ude00\ud83d');
  assert.is(units(bytes, 2, 0), '');
});

test.run();
