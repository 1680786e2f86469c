// Overlapping parts of a WIM.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobTable } from '../../../formats/wim/blob-table.ts';
import type { BlobEntry, ResourceHeader, WimHeader } from '../../../formats/wim/model.ts';
import { encodeBlobTable } from '../../../formats/wim/write-blob-table.ts';
import { gapsOf, refuseOverlaps } from '../../../image/containers/wim-layout.ts';

const at = (offset: number, size: number, flags = 0): ResourceHeader => ({ size, flags, offset, uncompressedSize: size });
const blob = (offset: number, size: number): BlobEntry => ({ resource: at(offset, size), part: 1, references: 1, digest: 'a'.repeat(40) });
const table = (...blobs: BlobEntry[]) => new BlobTable(encodeBlobTable(blobs));
const header = (given: Partial<WimHeader> = {}) =>
  ({ blobTable: at(1000, 100), xml: at(1100, 50), bootMetadata: at(0, 0), integrity: at(0, 0), ...given }) as WimHeader;

test('parts side by side, in any order', () => {
  refuseOverlaps('x.wim', header(), table(blob(500, 500), blob(208, 292), blob(400, 0)));
});

test('the same place twice is one part', () => {
  refuseOverlaps('x.wim', header({ bootMetadata: at(208, 100) }), table(blob(208, 100), blob(208, 100)));
});

test('a byte in common is refused', () => {
  assert.throws(
    () => refuseOverlaps('x.wim', header(), table(blob(208, 100), blob(307, 10))),
    /x\.wim: .*a blob at byte 307 overlaps a blob, which ends at byte 308/,
  );
  assert.throws(() => refuseOverlaps('x.wim', header(), table(blob(207, 100))), /overlaps the header/);
  assert.throws(() => refuseOverlaps('x.wim', header(), table(blob(208, 793))), /the blob table at byte 1000 overlaps a blob/);
  assert.throws(
    () => refuseOverlaps('x.wim', header({ integrity: at(1149, 20) }), table()),
    /the integrity table at byte 1149 overlaps the XML data/,
  );
  assert.throws(() => refuseOverlaps('x.wim', header({ bootMetadata: at(210, 50) }), table(blob(208, 100))), /boot metadata/);
});

test('one large part cannot hide behind a small one', () => {
  assert.throws(() => refuseOverlaps('x.wim', header(), table(blob(208, 400), blob(300, 0), blob(210, 2))), /overlaps/);
});

test('bytes that no part claims', () => {
  assert.equal(gapsOf(header(), table(blob(300, 100), blob(208, 50)), 1200), [
    { offset: 258, size: 42 },
    { offset: 400, size: 600 },
    { offset: 1150, size: 50 },
  ]);
  assert.equal(gapsOf(header(), table(blob(208, 792), blob(208, 792)), 1150), []);
});

test.run();
