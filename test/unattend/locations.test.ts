// The search order of Setup: Panther above Sysprep above the drive's root.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerFileCopies, answerFileLocations } from '../../unattend/locations.ts';

test('Panther stands above Sysprep, and Sysprep above the root of the drive', () => {
  const rank = (path: string) => answerFileLocations.findIndex((location) => location.path.toLowerCase() === path);
  const order = [
    '/windows/panther/unattend/unattend.xml',
    '/windows/panther/unattend.xml',
    '/windows/system32/sysprep/unattend.xml',
    '/unattend.xml',
  ];
  const ranks = order.map(rank);
  assert.not.ok(ranks.includes(-1));
  assert.equal(
    ranks,
    ranks.toSorted((a, b) => a - b),
  );
});

test('every place is an absolute image path with a reason, named once', () => {
  const all = [...answerFileLocations, ...answerFileCopies];
  assert.ok(all.every(({ path, reason }) => path.startsWith('/') && reason.length > 10));
  assert.is(new Set(all.map(({ path }) => path.toLowerCase())).size, all.length);
});

test.run();
