// What the verdict cache knows, as bytes: digests of stored contents in which nothing was found, each with the kind of container that it is and with whose visits found nothing.
import { bufferOf } from '../formats/bytes.ts';
import { type ArchiveKind, kindOf } from '../formats/content-kind.ts';
import { VISIT_KEY_BYTES } from './reader-job.ts';
import { DIGEST_BYTES } from './stored-digest.ts';

/** The id of a kind in ASCII, behind it zeros; zeros alone for no kind. */
const KIND_BYTES = 8;
export const ENTRY_BYTES = DIGEST_BYTES + KIND_BYTES + VISIT_KEY_BYTES;

export interface CleanEntry {
  readonly kind: ArchiveKind | undefined;
  /** Key of the visits (lint/visit-key.ts) that found nothing, too; '' when none did or some found something. */
  readonly visits: string;
}

/** By digest, one byte to a character; keys of visits in the same way. The last entry of a digest counts. */
export type CacheEntries = ReadonlyMap<string, CleanEntry>;

/** Undefined for a kind that has no room: such a content is looked at each time. */
export function encodeEntry(digest: string, kind: string, visits = ''): Buffer | undefined {
  const id = Buffer.from(kind, 'latin1');
  if (id.length > KIND_BYTES) return undefined;
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.write(digest, 'latin1');
  entry.set(id, DIGEST_BYTES);
  entry.write(visits, DIGEST_BYTES + KIND_BYTES, 'latin1');
  return entry;
}

/** The entries, or undefined when the bytes cannot be ones. */
export function decodeEntries(bytes: Uint8Array): CacheEntries | undefined {
  if (bytes.length % ENTRY_BYTES !== 0) return undefined;
  const data = bufferOf(bytes);
  const entries = new Map<string, CleanEntry>();
  const plain = new Map<string, CleanEntry>(); // one object for all entries of a kind: nearly all have no visits
  for (let at = 0; at < data.length; at += ENTRY_BYTES) {
    const id = textOf(data, at + DIGEST_BYTES, KIND_BYTES);
    if (!plain.has(id)) {
      const kind = kindOf(id);
      if (id !== '' && !kind) return undefined;
      plain.set(id, { kind, visits: '' });
    }
    const entry = plain.get(id)!;
    const digest = data.toString('latin1', at, at + DIGEST_BYTES);
    const visits = visitsAt(data, at);
    entries.set(digest, visits === '' ? entry : { ...entry, visits });
  }
  return entries;
}

/** True when the bytes are entries: each kind is one that there is. */
export function areEntries(bytes: Uint8Array): boolean {
  if (bytes.length % ENTRY_BYTES !== 0) return false;
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES)
    if (!areZeros(bytes, at + DIGEST_BYTES, KIND_BYTES) && !decodeEntries(bytes.subarray(at, at + ENTRY_BYTES))) return false;
  return true;
}

const PLAIN: CleanEntry = Object.freeze({ kind: undefined, visits: '' });

/** The entry that begins there, of sound ones. */
export function entryAt(bytes: Uint8Array, at: number): CleanEntry {
  if (hasNothing(bytes, at)) return PLAIN;
  const data = Buffer.from(bytes.buffer, bytes.byteOffset + at, ENTRY_BYTES);
  return { kind: kindOf(textOf(data, DIGEST_BYTES, KIND_BYTES)), visits: visitsAt(data, 0) };
}

/** Key of the visits of the entry that begins there. */
function visitsAt(data: Buffer, at: number): string {
  const from = at + DIGEST_BYTES + KIND_BYTES;
  return data[from] === 0 && textOf(data, from, VISIT_KEY_BYTES) === '' ? '' : data.toString('latin1', from, from + VISIT_KEY_BYTES);
}

function hasNothing(bytes: Uint8Array, at: number): boolean {
  return areZeros(bytes, at + DIGEST_BYTES, ENTRY_BYTES - DIGEST_BYTES);
}

function areZeros(bytes: Uint8Array, from: number, size: number): boolean {
  for (let at = from; at < from + size; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** Without the zeros behind it. */
function textOf(data: Buffer, from: number, size: number): string {
  let end = from + size;
  while (end > from && data[end - 1] === 0) end--;
  return data.toString('latin1', from, end);
}
