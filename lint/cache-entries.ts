// What the verdict cache knows, as bytes: digests of stored contents in which nothing was found, each with the kind of container that it is.
import { type ArchiveKind, kindOf } from '../formats/content-kind.ts';
import { DIGEST_BYTES } from './stored-digest.ts';

/** The id of a kind in ASCII, behind it zeros; zeros alone for no kind. */
const KIND_BYTES = 8;
export const ENTRY_BYTES = DIGEST_BYTES + KIND_BYTES;

/** By digest, one byte to a character. */
export type CacheEntries = ReadonlyMap<string, { readonly kind: ArchiveKind | undefined }>;

/** Undefined for a kind that has no room: such a content is looked at each time. */
export function encodeEntry(digest: string, kind: ArchiveKind | undefined): Buffer | undefined {
  const id = Buffer.from(kind?.id ?? '', 'latin1');
  if (id.length > KIND_BYTES) return undefined;
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.write(digest, 'latin1');
  entry.set(id, DIGEST_BYTES);
  return entry;
}

/** The entries, or undefined when the bytes cannot be ones. */
export function decodeEntries(bytes: Uint8Array): CacheEntries | undefined {
  if (bytes.length % ENTRY_BYTES !== 0) return undefined;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const none = { kind: undefined };
  const entries = new Map<string, { readonly kind: ArchiveKind | undefined }>();
  for (let at = 0; at < data.length; at += ENTRY_BYTES) {
    const id = data.toString('latin1', at + DIGEST_BYTES, at + ENTRY_BYTES).replace(/\0+$/, '');
    const kind = kindOf(id);
    if (id !== '' && !kind) return undefined;
    entries.set(data.toString('latin1', at, at + DIGEST_BYTES), kind ? { kind } : none);
  }
  return entries;
}
