// No two parts of a WIM may share bytes: overlapping resources are how one file shows different content to different readers.
import type { BlobTable } from '../../formats/wim/blob-table.ts';
import { HEADER_SIZE, type ResourceHeader, type WimHeader } from '../../formats/wim/model.ts';
import { corrupt } from './wim-errors.ts';

/** One that there is once. */
interface FixedPart {
  readonly what: string;
  readonly resource: ResourceHeader;
}

/** Or the row of a blob: as objects, 100,000 of them would take longer to make than to look at. */
type Part = FixedPart | number;

/** A stretch of the file that belongs to no part. */
export interface Gap {
  readonly offset: number;
  readonly size: number;
}

/** Throws when two parts overlap. The very same place and size twice is one part (the boot metadata always is). */
export function refuseOverlaps(path: string, header: WimHeader, blobs: BlobTable): void {
  let before: Part | undefined;
  let end = 0;
  const resourceOf = (part: Part) => (typeof part === 'number' ? blobs.resource(part) : part.resource);
  eachPart(header, blobs, (part, offset, size) => {
    if (before !== undefined && offset < end && !isSame(resourceOf(before), resourceOf(part)))
      throw corrupt(path, `${nameOf(part)} at byte ${offset} overlaps ${nameOf(before)}, which ends at byte ${end}`);
    before = part;
    end = offset + size;
  });
}

/** Bytes that no part claims: what deleted images and replaced files leave behind when a tool drops only their entries. */
export function gapsOf(header: WimHeader, blobs: BlobTable, fileSize: number): Gap[] {
  const gaps: Gap[] = [];
  let end = 0;
  eachPart(header, blobs, (_, offset, size) => {
    if (offset > end) gaps.push({ offset: end, size: offset - end });
    end = Math.max(end, offset + size);
  });
  if (end < fileSize) gaps.push({ offset: end, size: fileSize - end });
  return gaps;
}

/** By place in the file. */
function eachPart(header: WimHeader, blobs: BlobTable, visit: (part: Part, offset: number, size: number) => void): void {
  const visitFixed = (part: FixedPart) => visit(part, part.resource.offset, part.resource.size);
  const fixed = [
    { what: 'the header', resource: { size: HEADER_SIZE, flags: 0, offset: 0, uncompressedSize: HEADER_SIZE } },
    { what: 'the blob table', resource: header.blobTable },
    { what: 'the XML data', resource: header.xml },
    { what: 'the integrity table', resource: header.integrity },
    { what: 'the boot metadata', resource: header.bootMetadata },
  ]
    .filter(({ resource }) => resource.size > 0)
    .sort((a, b) => a.resource.offset - b.resource.offset);
  for (const row of blobs.rowsInOrder()) {
    const offset = blobs.offset(row);
    while (fixed[0] && fixed[0].resource.offset < offset) visitFixed(fixed.shift()!);
    visit(row, offset, blobs.size(row));
  }
  for (const part of fixed) visitFixed(part);
}

function nameOf(part: Part): string {
  return typeof part === 'number' ? 'a blob' : part.what;
}

function isSame(a: ResourceHeader, b: ResourceHeader): boolean {
  return a.offset === b.offset && a.size === b.size && a.uncompressedSize === b.uncompressedSize && a.flags === b.flags;
}
