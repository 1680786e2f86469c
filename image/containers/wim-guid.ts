// The GUID of a WIM file, and others that are made from it: the same build gives the same ones, where tools would take random ones.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const GUID_OFFSET = 0x18;
const GUID_SIZE = 16;

/** A GUID for something that is made from the WIM at `path`, which has one made from what it holds. */
export async function derivedGuid(path: string, what: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const own = new Uint8Array(GUID_SIZE);
    await file.read(own, 0, GUID_SIZE, GUID_OFFSET);
    return versionEight(createHash('sha1').update(own).update(what).digest());
  } finally {
    await file.close();
  }
}

/** The first 16 bytes of a digest as a GUID. RFC 9562 version 8: made from data of the maker's choice. */
export function versionEight(digest: Buffer): Uint8Array {
  const guid = digest.subarray(0, GUID_SIZE);
  guid[7] = (guid[7]! & 0x0f) | 0x80;
  guid[8] = (guid[8]! & 0x3f) | 0x80;
  return guid;
}

/** Gives the WIM at `path` another GUID; nothing else in the file depends on it. */
export async function stampGuid(path: string, guid: Uint8Array): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(guid, 0, GUID_SIZE, GUID_OFFSET);
  } finally {
    await file.close();
  }
}
