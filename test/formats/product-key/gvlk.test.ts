// The table of KMS client setup keys: each key is a known GVLK to the linter, and editions and builds pick the right one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GVLKS, gvlkFor } from '../../../formats/product-key/gvlk.ts';
import { productKeyOf } from '../../../formats/product-key/key.ts';
import { classOf, knownKey } from '../../../formats/product-key/known-keys.ts';

test('every key is a GVLK that the linter knows, so that the gate does not flag our own work', () => {
  assert.ok(GVLKS.length >= 30);
  for (const { edition, firstBuild, lastBuild, key } of GVLKS) {
    assert.is(classOf(productKeyOf(key)), 'gvlk', `${edition} ${firstBuild}`);
    assert.ok(firstBuild <= lastBuild);
  }
});

test('edition and build pick one key', () => {
  const said = (edition: string, build: number) => {
    const found = gvlkFor(edition, build);
    return found && [knownKey(found.key)!.product, knownKey(found.key)!.edition];
  };
  assert.equal(said('Enterprise', 19045), ['Windows 11 and Windows 10', 'Enterprise']);
  assert.equal(said('education', 22631), ['Windows 11 and Windows 10', 'Education']);
  assert.equal(said('Enterprise', 9600), ['Windows 8.1', 'Enterprise']);
  assert.equal(said('EnterpriseS', 14393), ['Windows 10 LTSB 2016', 'Enterprise LTSB']);
  assert.equal(said('EnterpriseS', 19044)?.[1], 'Enterprise LTSC');
  for (const [edition, build] of [
    ['Core', 19045],
    ['Enterprise', 0],
    ['EnterpriseS', 16299],
    ['IoTEnterpriseS', 17763],
  ] as const) {
    assert.is(gvlkFor(edition, build), undefined, `${edition} ${build}`);
  }
});

test('no edition and build has two keys', () => {
  for (const row of GVLKS) assert.is(gvlkFor(row.edition, row.firstBuild), row);
});

test.run();
