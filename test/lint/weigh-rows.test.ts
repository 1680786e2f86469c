// Contents as rows: each field of each, and each row by its digest, also when many digests want the same place.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RowFinder, rowsOf, SHA1_BYTES } from '../../lint/weigh-rows.ts';
import { seeded } from '../helpers/seeded.ts';

test('a row holds what is stored of a content', () => {
  const digests = ['0123456789abcdef0123456789abcdef01234567', 'f'.repeat(40)];
  const rows = rowsOf(
    digests.map((digest, at) => ({
      digest,
      resource: { offset: 2 ** 40 + at, size: 7 + at, uncompressedSize: 2 ** 35 + at, flags: 4 * at },
    })),
  );
  assert.equal([...rows.offset], [2 ** 40, 2 ** 40 + 1]);
  assert.equal(
    [[...rows.size], [...rows.uncompressedSize], [...rows.flags]],
    [
      [7, 8],
      [2 ** 35, 2 ** 35 + 1],
      [0, 4],
    ],
  );
  assert.is(Buffer.from(rows.sha1).toString('hex'), digests.join(''));
});

test('every row of a digest, and none of another', () => {
  const random = seeded(7);
  const digest = () => Buffer.from(Array.from({ length: SHA1_BYTES }, (_, at) => Math.floor(random() * (at < 4 ? 2 : 256))));
  for (const count of [0, 1, 2, 300]) {
    const digests = Array.from({ length: count }, digest);
    if (count > 2) digests[7] = digests[3]!;
    const all = Buffer.concat(digests);
    const finder = new RowFinder(all);
    for (const [row, one] of digests.entries()) {
      const found: number[] = [];
      finder.each(all, row * SHA1_BYTES, (at) => void found.push(at));
      assert.equal(found, count > 2 && (row === 3 || row === 7) ? [3, 7] : [row], one.toString('hex'));
    }
    for (let tried = 0; tried < 50; tried++) finder.each(digest(), 0, () => assert.unreachable());
  }
});

test.run();
