// What a lint asks of a reader process and what it answers. The answers come from a process that hostile bytes went through: each is checked.
import { bufferOf, FormatError } from '../formats/bytes.ts';
import { kindOf } from '../formats/content-kind.ts';
import type { KeyText } from '../formats/product-key/text-scan.ts';
import type { Compression } from '../formats/wim/model.ts';
import type { SignatureHit } from './signatures.ts';

/** The first message to a reader; its body holds what the cache knows. */
export interface ReaderSetup {
  readonly store: { readonly path: string; readonly index: number; readonly compression: Compression; readonly chunkSize: number };
  readonly signatures: readonly (readonly [name: string, text: string])[];
  /** What the signatures need of a content, by name; texts in hex. */
  readonly needs: Readonly<Record<string, { readonly forms: readonly string[]; readonly without: readonly string[] }>>;
  readonly keys: boolean;
  /** Whether contents are looked up in the cache and digests of stored bytes are wanted back. */
  readonly cache: boolean;
  /** `wimlib-imagex`: even when libwim could be used. */
  readonly source: 'any' | 'wimlib-imagex';
}

/** What is wanted of a content. */
export interface Wanted {
  readonly id: number;
  readonly offset: number;
  readonly size: number;
  readonly uncompressedSize: number;
  readonly flags: number; // RESOURCE_*
  readonly digest: string;
  readonly scan: boolean;
  readonly visit: ContentPart | undefined;
  /** What the visits are, for the cache (lint/visit-key.ts); '' when they are not to be remembered. */
  readonly visitKey: string;
}

export type ContentPart = 'head' | 'whole';

/** A content of a job, and the path by which wimlib-imagex extracts it: '' where it does not read. */
export interface ListedWanted extends Wanted {
  readonly listed: string;
}

/** All of a content in a job but its path: numbers, SHA-1, key of the visits. */
export const WANTED_BYTES = 72;
export const VISIT_KEY_BYTES = 16;
const [SCAN, HEAD, WHOLE] = [1, 2, 4];
const NO_VISIT_KEY = '\0'.repeat(VISIT_KEY_BYTES);

export function writeWanted(body: Buffer, at: number, one: Wanted): void {
  body.writeUInt32LE(one.id, at);
  body[at + 4] = one.flags;
  body[at + 5] = (one.scan ? SCAN : 0) | (one.visit === 'head' ? HEAD : 0) | (one.visit === 'whole' ? WHOLE : 0);
  body.writeDoubleLE(one.offset, at + 8);
  body.writeDoubleLE(one.size, at + 16);
  body.writeDoubleLE(one.uncompressedSize, at + 24);
  body.write(one.digest, at + 32, 20, 'hex');
  body.write(one.visitKey === '' ? NO_VISIT_KEY : one.visitKey, at + 52, VISIT_KEY_BYTES, 'latin1');
}

export function encodeWanted(wanted: readonly Wanted[]): Buffer {
  const body = Buffer.alloc(wanted.length * WANTED_BYTES);
  for (const [index, one] of wanted.entries()) writeWanted(body, index * WANTED_BYTES, one);
  return body;
}

export function decodeWanted(body: Uint8Array, listed: readonly string[]): readonly ListedWanted[] {
  const bytes = bufferOf(body);
  return Array.from({ length: bytes.length / WANTED_BYTES }, (_, index) => {
    const at = index * WANTED_BYTES;
    const wishes = bytes[at + 5]!;
    const visitKey = bytes.toString('latin1', at + 52, at + 52 + VISIT_KEY_BYTES);
    return {
      id: bytes.readUInt32LE(at),
      flags: bytes[at + 4]!,
      scan: (wishes & SCAN) !== 0,
      visit: partOf(wishes & HEAD, wishes & WHOLE),
      visitKey: visitKey === NO_VISIT_KEY ? '' : visitKey,
      offset: bytes.readDoubleLE(at + 8),
      size: bytes.readDoubleLE(at + 16),
      uncompressedSize: bytes.readDoubleLE(at + 24),
      digest: bytes.toString('hex', at + 32, at + 52),
      listed: listed[index] ?? '',
    };
  });
}

function partOf(head: number, whole: number): ContentPart | undefined {
  if (whole !== 0) return 'whole';
  return head === 0 ? undefined : 'head';
}

export type Answer =
  /** Before all others: how contents are read. */
  | { readonly type: 'ready'; readonly source: 'libwim' | 'wimlib-imagex' }
  /** Something was found; contents of which nothing is said hold nothing. */
  | {
      readonly type: 'found';
      readonly id: number;
      readonly hits: readonly SignatureHit[];
      readonly keys: readonly KeyText[];
      readonly flooded: boolean;
    }
  /** The body is what a visit waits for; the content was read to its end and has its digest. */
  | { readonly type: 'content'; readonly id: number; readonly clean?: Clean }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  /** Bytes of content done since the last time. */
  | { readonly type: 'progress'; readonly bytes: number }
  /** A job is done, and what became of its contents; the body holds what the cache may learn. */
  | {
      readonly type: 'done';
      readonly contents: number;
      readonly cached: readonly number[];
      /** Contents that hold other files, by the id of what container they are. */
      readonly kinds: Readonly<Record<string, readonly number[]>>;
      readonly slowMs: number;
    };

/** A content in which the scan found nothing, for the cache: what its visits find is still open. */
export interface Clean {
  /** Of the stored bytes (lint/stored-digest.ts), in Base64. */
  readonly digest: string;
  readonly kind: string;
  /** False when the cache knows the content, but not with these visits. */
  readonly fresh: boolean;
}

/** @throws FormatError for what no reader of ours would say. */
export function answerOf(head: unknown): Answer {
  const answer = head as Answer;
  const isSound = (() => {
    if (typeof answer !== 'object' || answer === null) return false;
    switch (answer.type) {
      case 'ready':
        return answer.source === 'libwim' || answer.source === 'wimlib-imagex';
      case 'found':
        return isFound(answer);
      case 'content':
        return isId(answer.id) && (answer.clean === undefined || isClean(answer.clean));
      case 'failed':
        return isId(answer.id) && typeof answer.reason === 'string';
      case 'progress':
        return isId(answer.bytes);
      case 'done':
        return isId(answer.contents) && isIds(answer.cached) && isKinds(answer.kinds) && isId(answer.slowMs);
      default:
        return false;
    }
  })();
  if (!isSound) throw new FormatError('answer of a reader', 'is none that is known');
  return answer;
}

function isClean(clean: Clean | null): boolean {
  if (typeof clean !== 'object' || clean === null) return false;
  const { digest, kind, fresh } = clean;
  return (
    typeof digest === 'string' && /^[\w+/]{43}=$/.test(digest) && (kind === '' || kindOf(kind) !== undefined) && typeof fresh === 'boolean'
  );
}

function isKinds(kinds: Readonly<Record<string, readonly number[]>> | null): boolean {
  return (
    typeof kinds === 'object' && kinds !== null && Object.entries(kinds).every(([kind, ids]) => kindOf(kind) !== undefined && isIds(ids))
  );
}

function isFound({ id, hits, keys, flooded }: Answer & { type: 'found' }): boolean {
  if (!isId(id) || typeof flooded !== 'boolean') return false;
  return Array.isArray(hits) && Array.isArray(keys) && hits.every(isHit) && keys.every(isKey);
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isIds(value: unknown): boolean {
  return Array.isArray(value) && value.every(isId);
}

function isHit(hit: SignatureHit | null): boolean {
  if (typeof hit !== 'object' || hit === null) return false;
  const { signature, rule, meta, strings } = hit;
  const named = typeof signature === 'string' && typeof rule === 'string' && typeof meta === 'object' && meta !== null;
  return (
    named &&
    Array.isArray(strings) &&
    strings.every(({ id, offset }: { id?: unknown; offset?: unknown }) => typeof id === 'string' && isId(offset))
  );
}

function isKey(key: KeyText | null): boolean {
  if (typeof key !== 'object' || key === null) return false;
  const { text, offset, encoding, before } = key;
  return typeof text === 'string' && isId(offset) && (encoding === 'ascii' || encoding === 'utf-16le') && typeof before === 'string';
}
