// No two parts of a WIM may share bytes: overlapping resources are how one file shows different content to different readers.
import { type BlobEntry, HEADER_SIZE, type ResourceHeader, type WimHeader } from '../../formats/wim/model.ts';
import { corrupt } from './wim-errors.ts';

interface Part {
  readonly what: string;
  readonly resource: ResourceHeader;
}

/** Throws when two parts overlap. The very same place and size twice is one part (the boot metadata always is). */
export function refuseOverlaps(path: string, header: WimHeader, blobs: readonly BlobEntry[]): void {
  const parts: Part[] = blobs.map(({ resource }) => ({ what: 'a blob', resource }));
  parts.push(
    { what: 'the header', resource: { size: HEADER_SIZE, flags: 0, offset: 0, uncompressedSize: HEADER_SIZE } },
    { what: 'the blob table', resource: header.blobTable },
    { what: 'the XML data', resource: header.xml },
    { what: 'the integrity table', resource: header.integrity },
    { what: 'the boot metadata', resource: header.bootMetadata },
  );
  const used = parts.filter((part) => part.resource.size > 0);
  used.sort((a, b) => a.resource.offset - b.resource.offset);
  for (let index = 1; index < used.length; index++) {
    const before = used[index - 1]!;
    const part = used[index]!;
    const end = before.resource.offset + before.resource.size;
    if (part.resource.offset >= end || isSame(before.resource, part.resource)) continue;
    throw corrupt(path, `${part.what} at byte ${part.resource.offset} overlaps ${before.what}, which ends at byte ${end}`);
  }
}

function isSame(a: ResourceHeader, b: ResourceHeader): boolean {
  return a.offset === b.offset && a.size === b.size && a.uncompressedSize === b.uncompressedSize && a.flags === b.flags;
}
