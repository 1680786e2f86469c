// Numbers of several readings are the sum of each.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addedContents, addedStats, NO_STATS } from '../../lint/reading-stats.ts';

test('sums', () => {
  const a = { blobs: 1, bytesScanned: 2, bytesSkipped: 3, ofBase: { blobs: 4, bytes: 5 }, cached: { blobs: 6, bytes: 7 }, slowMs: 8 };
  assert.equal(addedStats(a, NO_STATS), a);
  assert.equal(addedStats(a, a), {
    blobs: 2,
    bytesScanned: 4,
    bytesSkipped: 6,
    ofBase: { blobs: 8, bytes: 10 },
    cached: { blobs: 12, bytes: 14 },
    slowMs: 16,
  });
  assert.equal(addedContents(undefined, { blobs: 1, bytes: 2 }), { blobs: 1, bytes: 2 });
});

test.run();
