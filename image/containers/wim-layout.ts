// No two parts of a WIM may share bytes: overlapping resources are how one file shows different content to different readers.
import type { BlobTable } from '../../formats/wim/blob-table.ts';
import { HEADER_SIZE, type ResourceHeader, type WimHeader } from '../../formats/wim/model.ts';
import { corrupt } from './wim-errors.ts';

interface Part {
  readonly what: string;
  readonly resource: ResourceHeader;
}

/** A stretch of the file that belongs to no part. */
export interface Gap {
  readonly offset: number;
  readonly size: number;
}

/** Throws when two parts overlap. The very same place and size twice is one part (the boot metadata always is). */
export function refuseOverlaps(path: string, header: WimHeader, blobs: BlobTable): void {
  let before: Part | undefined;
  for (const part of partsInOrder(header, blobs)) {
    const end = before ? before.resource.offset + before.resource.size : 0;
    if (before && part.resource.offset < end && !isSame(before.resource, part.resource))
      throw corrupt(path, `${part.what} at byte ${part.resource.offset} overlaps ${before.what}, which ends at byte ${end}`);
    before = part;
  }
}

/** Bytes that no part claims: what deleted images and replaced files leave behind when a tool drops only their entries. */
export function gapsOf(header: WimHeader, blobs: BlobTable, fileSize: number): Gap[] {
  const gaps: Gap[] = [];
  let end = 0;
  for (const { resource } of partsInOrder(header, blobs)) {
    if (resource.offset > end) gaps.push({ offset: end, size: resource.offset - end });
    end = Math.max(end, resource.offset + resource.size);
  }
  if (end < fileSize) gaps.push({ offset: end, size: fileSize - end });
  return gaps;
}

function* partsInOrder(header: WimHeader, blobs: BlobTable): Generator<Part> {
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
    const resource = blobs.resource(row);
    while (fixed[0] && fixed[0].resource.offset < resource.offset) yield fixed.shift()!;
    yield { what: 'a blob', resource };
  }
  yield* fixed;
}

function isSame(a: ResourceHeader, b: ResourceHeader): boolean {
  return a.offset === b.offset && a.size === b.size && a.uncompressedSize === b.uncompressedSize && a.flags === b.flags;
}
