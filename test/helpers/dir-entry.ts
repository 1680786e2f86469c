// Directory entries of a WIM with nothing special about them but what the test gives.
import type { DirEntry, ImageMetadata } from '../../formats/wim/model.ts';

export function dirEntry(name: string, given: Partial<DirEntry> = {}): DirEntry {
  return {
    name,
    shortName: '',
    attributes: 0x20,
    securityId: -1,
    creationTime: 1n,
    lastAccessTime: 2n,
    lastWriteTime: 3n,
    digest: undefined,
    reparse: undefined,
    linkGroup: 0n,
    unknown54: 0,
    streams: [],
    extra: new Uint8Array(),
    children: [],
    ...given,
  };
}

/** A folder of the same kind. */
export function dirFolder(name: string, children: readonly DirEntry[], given: Partial<DirEntry> = {}): DirEntry {
  return dirEntry(name, { attributes: 0x10, children, ...given });
}

/** An image of these entries, with one security descriptor. */
export function dirImage(...children: DirEntry[]): ImageMetadata {
  return { securityDescriptors: [Uint8Array.from([1, 2, 3])], root: dirFolder('', children) };
}
