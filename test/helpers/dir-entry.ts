// A directory entry of a WIM with nothing special about it but what the test gives.
import type { DirEntry } from '../../formats/wim/model.ts';

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
