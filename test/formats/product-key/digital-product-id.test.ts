// DigitalProductId and DigitalProductId4: fields, both checks, and damage.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseDigitalProductId, parseDigitalProductId4 } from '../../../formats/product-key/digital-product-id.ts';
import { madeDigitalProductId, madeDigitalProductId4, madeKey } from '../../helpers/product-keys.ts';

test('version 3: the key stands at 52 and the CRC fits', () => {
  const key = madeKey(7);
  const parsed = parseDigitalProductId(madeDigitalProductId(key, '[TH]X19-98841'));
  assert.is(parsed.key?.text, key);
  assert.is(parsed.partNumber, '[TH]X19-98841');
  assert.is(parsed.intact, true);
  assert.is(parseDigitalProductId(madeDigitalProductId(undefined)).key, undefined);
});

test('version 4: the key stands at 808, the channel at 1016, both digests fit', () => {
  const key = madeKey(8);
  const parsed = parseDigitalProductId4(madeDigitalProductId4('Volume:MAK', key, 'Education'));
  assert.is(parsed.key?.text, key);
  assert.is(parsed.channel, 'Volume:MAK');
  assert.is(parsed.edition, 'Education');
  assert.is(parsed.intact, true);
});

test('a changed key or a changed channel is not intact', () => {
  const third = madeDigitalProductId(madeKey(7));
  third[52]! ^= 1;
  assert.is(parseDigitalProductId(third).intact, false);
  for (const at of [808, 1016]) {
    const fourth = madeDigitalProductId4('Volume:GVLK', madeKey(9));
    fourth[at]! ^= 1;
    assert.is(parseDigitalProductId4(fourth).intact, false, `byte ${at}`);
  }
});

test('another size, version or end is a FormatError', () => {
  const third = madeDigitalProductId(madeKey(7));
  const fourth = madeDigitalProductId4('Retail', madeKey(7));
  for (const [parse, data] of [
    [parseDigitalProductId, third.slice(0, 163)],
    [parseDigitalProductId, fourth],
    [parseDigitalProductId, new Uint8Array()],
    [parseDigitalProductId4, third],
    [parseDigitalProductId4, fourth.slice(0, 1271)],
  ] as const) {
    assert.throws(
      () => parse(data),
      (error: Error) => error instanceof FormatError,
    );
  }
});

test('damaged values give a value or a FormatError', () => {
  const good = [madeDigitalProductId(madeKey(1)), madeDigitalProductId4('Retail', madeKey(1))] as const;
  fc.assert(
    fc.property(fc.nat(1271), fc.integer({ min: 0, max: 255 }), fc.nat(1272), (at, byte, length) => {
      for (const [index, parse] of [parseDigitalProductId, parseDigitalProductId4].entries()) {
        const data = good[index]!.slice(0, length);
        if (at < data.length) data[at] = byte;
        try {
          parse(data);
        } catch (error) {
          assert.instance(error, FormatError);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test.run();
