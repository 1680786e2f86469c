// Digests as texts: the very text that was given for its bytes, at any place, and nothing for others.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DigestTexts } from '../../../formats/wim/digest-texts.ts';
import { seeded } from '../../helpers/seeded.ts';

test('every digest at any place, and none that is not there', () => {
  const random = seeded(3);
  // Few first bytes, so that many want the same place.
  const digest = () => Buffer.from(Array.from({ length: 20 }, (_, at) => Math.floor(random() * (at < 4 ? 2 : 256))));
  const at = (texts: DigestTexts, bytes: Buffer, from: number) =>
    texts.at(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), from);
  for (const count of [0, 1, 2, 500]) {
    const digests = Array.from({ length: count }, digest);
    const texts = new DigestTexts(digests.map((one) => one.toString('hex')));
    for (const one of digests) {
      for (const from of [0, 3]) assert.is(at(texts, Buffer.concat([Buffer.alloc(from, 1), one]), from), one.toString('hex'));
      for (const changed of [0, 4, 8, 12, 16, 19]) {
        const other = Buffer.from(one);
        other[changed]! ^= 0x80;
        assert.is(at(texts, other, 0), undefined, `byte ${changed}`);
      }
    }
    assert.is(at(texts, digest(), 0), undefined);
  }
});

test.run();
