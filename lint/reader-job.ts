// What a lint asks of a reader process and what it answers. The answers come from a process that hostile bytes went through: each is checked.
import { FormatError } from '../formats/bytes.ts';
import { kindOf } from '../formats/content-kind.ts';
import type { KeyText } from '../formats/product-key/text-scan.ts';
import type { Compression } from '../formats/wim/model.ts';
import type { SignatureHit } from './signatures.ts';

/** The first message to a reader; its body holds what the cache knows. */
export interface ReaderSetup {
  readonly store: { readonly path: string; readonly index: number; readonly compression: Compression; readonly chunkSize: number };
  readonly signatures: readonly (readonly [name: string, text: string])[];
  readonly keys: boolean;
  /** Whether contents are looked up in the cache and digests of stored bytes are wanted back. */
  readonly cache: boolean;
  /** Whether the base is there to compare with, behind the file. */
  readonly base: boolean;
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
  readonly visit: 'head' | 'whole' | undefined;
  /** Where the base holds the content that it claims to be the same, in as many bytes. */
  readonly baseOffset: number | undefined;
  readonly listed: string;
}

/** All numbers of a content in a job; its path goes beside it, and only when wimlib-imagex reads. */
const WANTED_BYTES = 64;
const [SCAN, HEAD, WHOLE, BASE] = [1, 2, 4, 8];

export function encodeWanted(wanted: readonly Wanted[]): Buffer {
  const body = Buffer.alloc(wanted.length * WANTED_BYTES);
  for (const [index, one] of wanted.entries()) {
    const at = index * WANTED_BYTES;
    body.writeUInt32LE(one.id, at);
    body.writeUInt8(one.flags, at + 4);
    const visit = one.visit === 'whole' ? WHOLE : HEAD;
    body.writeUInt8((one.scan ? SCAN : 0) | (one.visit ? visit : 0) | (one.baseOffset === undefined ? 0 : BASE), at + 5);
    body.writeDoubleLE(one.offset, at + 8);
    body.writeDoubleLE(one.size, at + 16);
    body.writeDoubleLE(one.uncompressedSize, at + 24);
    body.writeDoubleLE(one.baseOffset ?? 0, at + 32);
    body.write(one.digest, at + 40, 20, 'hex');
  }
  return body;
}

export function decodeWanted(body: Uint8Array, listed: readonly string[]): readonly Wanted[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  return Array.from({ length: bytes.length / WANTED_BYTES }, (_, index) => {
    const at = index * WANTED_BYTES;
    const wishes = bytes.readUInt8(at + 5);
    const visit = wishes & WHOLE ? 'whole' : 'head';
    return {
      id: bytes.readUInt32LE(at),
      flags: bytes.readUInt8(at + 4),
      scan: (wishes & SCAN) !== 0,
      visit: wishes & (HEAD | WHOLE) ? visit : undefined,
      offset: bytes.readDoubleLE(at + 8),
      size: bytes.readDoubleLE(at + 16),
      uncompressedSize: bytes.readDoubleLE(at + 24),
      baseOffset: wishes & BASE ? bytes.readDoubleLE(at + 32) : undefined,
      digest: bytes.toString('hex', at + 40, at + 60),
      listed: listed[index] ?? '',
    };
  });
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
      /** The id of what container of other files it is. */
      readonly kind?: string;
    }
  /** The body is what a visit waits for; the content was read to its end and has its digest. */
  | { readonly type: 'content'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string }
  /** Bytes of content done since the last time. */
  | { readonly type: 'progress'; readonly bytes: number }
  /** A job is done, and what became of its contents; the body holds what the cache may learn. */
  | {
      readonly type: 'done';
      readonly contents: number;
      readonly same: readonly number[];
      readonly cached: readonly number[];
      readonly slowMs: number;
    };

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
        return isId(answer.id);
      case 'failed':
        return isId(answer.id) && typeof answer.reason === 'string';
      case 'progress':
        return isId(answer.bytes);
      case 'done':
        return isId(answer.contents) && isIds(answer.same) && isIds(answer.cached) && isId(answer.slowMs);
      default:
        return false;
    }
  })();
  if (!isSound) throw new FormatError('answer of a reader', 'is none that is known');
  return answer;
}

function isFound({ id, hits, keys, flooded, kind }: Answer & { type: 'found' }): boolean {
  if (!isId(id) || typeof flooded !== 'boolean' || (kind !== undefined && !kindOf(kind))) return false;
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
