// Scans one content as it streams by: in one piece when it fits the buffer, in overlapping windows when it does not.
import { searchRoom } from '../formats/byte-search/byte-search.ts';
import type { ArchiveKind } from '../formats/content-kind.ts';
import { type KeyText, scanProductKeys } from '../formats/product-key/text-scan.ts';
import { KindProbe, OVERLAP_BYTES } from './kind-probe.ts';
import type { SignatureHit, Signatures } from './signatures.ts';

/** Up to this size a content is scanned in one piece, so that conditions on offsets and on the size mean what they say. */
export const WINDOW_BYTES = 8 * 1024 * 1024;
/** What of it is searched at a time: these bytes were just written, and are still in the core's own cache. */
const STEP_BYTES = 256 * 1024;
/** The first bytes of a large content stand in front of each window, so that `uint16(0) == 0x5A4D` holds in every one of them. */
const LEAD_BYTES = 4096;
/** Key candidates in one content. More is an attempt to hide one among many. */
const KEYS_MAX = 10_000;
/** Offsets of one signature in one content that are kept; rules look at kinds of strings more than at their number. */
const STRINGS_MAX = 1000;

export interface ScanResult {
  readonly hits: readonly SignatureHit[];
  readonly keys: readonly KeyText[];
  /** True when there were more candidates than are kept. */
  readonly flooded: boolean;
  /** What container of other files the content is. */
  readonly kind: ArchiveKind | undefined;
}

export const NOTHING_FOUND: ScanResult = Object.freeze({ hits: [], keys: [], flooded: false, kind: undefined });

export interface ScanWishes {
  readonly signatures: Signatures | undefined;
  readonly keys: boolean;
}

/** Scans content after content; one buffer serves them all, so memory does not grow with them. */
export class ContentScanner {
  private readonly wishes: ScanWishes;
  private buffer: Buffer | undefined;
  private filled = 0;
  /** Offset in the content of the first byte behind the lead. */
  private start = 0;
  /** Where in the content the search stands. */
  private searched = 0;
  /** Where texts of signatures stand: the first one, and one that is not far from the last. */
  private firstText = Number.POSITIVE_INFINITY;
  private lastText = -1;
  /** Candidates that begin below were accepted before. */
  private keysFrom = 0;
  private hits = new Map<string, SignatureHit>();
  private keys: KeyText[] = [];
  private flooded = false;
  private readonly probe = new KindProbe();

  constructor(wishes: ScanWishes) {
    this.wishes = wishes;
  }

  /** Forgets the content before. */
  begin(): void {
    this.filled = 0;
    this.start = 0;
    this.searched = 0;
    this.firstText = Number.POSITIVE_INFINITY;
    this.lastText = -1;
    this.keysFrom = 0;
    this.hits = new Map();
    this.keys = [];
    this.flooded = false;
    this.probe.begin();
  }

  /** Where the next `size` bytes of the content will be copied to: who writes them there himself spares that. Undefined when they do not fit. */
  room(size: number): Uint8Array | undefined {
    this.buffer ??= searchRoom(LEAD_BYTES + WINDOW_BYTES);
    if (this.filled === WINDOW_BYTES) this.slide(this.buffer);
    const from = LEAD_BYTES + this.filled;
    return from + size > this.buffer.length ? undefined : this.buffer.subarray(from, from + size);
  }

  /** The next bytes of the content. `whole` says that they are all of it: then they are scanned where they are. */
  take(bytes: Uint8Array, whole: boolean): void {
    if (whole && this.filled === 0 && bytes.length <= WINDOW_BYTES) {
      this.search(bytes, true);
      this.scan(bytes, 0, true);
      return;
    }
    this.buffer ??= searchRoom(LEAD_BYTES + WINDOW_BYTES);
    for (let at = 0; at < bytes.length; ) {
      if (this.filled === WINDOW_BYTES) this.slide(this.buffer);
      const stop = Math.min(WINDOW_BYTES, this.searched - this.start + STEP_BYTES);
      const part = bytes.subarray(at, at + stop - this.filled);
      const place = LEAD_BYTES + this.filled;
      if (part.buffer !== this.buffer.buffer || part.byteOffset !== this.buffer.byteOffset + place) this.buffer.set(part, place);
      this.filled += part.length;
      at += part.length;
      if (this.filled === stop) this.search(this.buffer.subarray(LEAD_BYTES, LEAD_BYTES + stop), false);
    }
  }

  /** What was found in the bytes so far, all taken. */
  end(): ScanResult {
    if (this.filled > 0) {
      this.search(this.buffer!.subarray(LEAD_BYTES, LEAD_BYTES + this.filled), true);
      this.scanWindow(this.buffer!, true);
    }
    const hits = [...this.hits.values()].map((hit) => ({ ...hit, strings: [...hit.strings].sort((a, b) => a.offset - b.offset) }));
    return { hits, keys: this.keys.sort((a, b) => a.offset - b.offset), flooded: this.flooded, kind: this.probe.kind };
  }

  private slide(buffer: Buffer): void {
    this.scanWindow(buffer, false);
    if (this.start === 0) buffer.copyWithin(0, LEAD_BYTES, 2 * LEAD_BYTES);
    buffer.copyWithin(LEAD_BYTES, LEAD_BYTES + this.filled - OVERLAP_BYTES, LEAD_BYTES + this.filled);
    this.start += this.filled - OVERLAP_BYTES;
    this.filled = OVERLAP_BYTES;
  }

  private scanWindow(buffer: Buffer, last: boolean): void {
    const lead = this.start === 0 ? 0 : LEAD_BYTES;
    this.scan(buffer.subarray(LEAD_BYTES - lead, LEAD_BYTES + this.filled), lead, last);
  }

  /** Looks for texts of signatures and for keys in what is new of a window, and once more in the end of what is not. */
  private search(window: Uint8Array, last: boolean): void {
    const { signatures, keys } = this.wishes;
    const from = Math.max(0, this.searched - this.start - OVERLAP_BYTES);
    const fresh = window.subarray(from);
    this.searched = this.start + window.length;
    signatures?.prefilter.find(fresh, (at) => {
      this.lastText = this.start + from + at;
      this.firstText = Math.min(this.firstText, this.lastText);
      return false;
    });
    if (keys) this.scanKeys(fresh, this.start + from, last);
  }

  private scan(data: Uint8Array, lead: number, last: boolean): void {
    const { signatures } = this.wishes;
    this.probe.take(lead === 0 ? data : data.subarray(lead), this.start, last);
    if (!signatures) return;
    // What this window shares with the one before was searched as a part of both.
    const holdsText = this.firstText < lead || this.lastText >= this.start;
    for (const hit of holdsText ? signatures.scan(data) : signatures.scanSlow(data)) this.addHit(hit, lead);
  }

  /** Offsets become those of the content; what lies in the lead was found in the first window, what runs over its end is no text of the content. */
  private addHit(hit: SignatureHit, lead: number): void {
    const own = hit.strings.filter(({ offset }) => offset >= lead).map((found) => ({ ...found, offset: found.offset - lead + this.start }));
    const id = `${hit.signature}\0${hit.rule}`;
    const known = this.hits.get(id);
    if (!known) {
      // A condition that holds without a text of this window held in the first one, or only because a window has a size of its own.
      if (lead > 0 && own.length === 0) return;
      this.hits.set(id, { ...hit, strings: own });
      return;
    }
    const seen = new Set(known.strings.map(({ id: name, offset }) => `${name}@${offset}`));
    const fresh = own.filter(({ id: name, offset }) => !seen.has(`${name}@${offset}`));
    this.hits.set(id, { ...known, strings: [...known.strings, ...fresh].slice(0, STRINGS_MAX) });
  }

  /** In the middle of the overlap a candidate has its neighbours on both sides in either part: it is taken from one of them. */
  private scanKeys(data: Uint8Array, start: number, last: boolean): void {
    const end = last ? Number.POSITIVE_INFINITY : start + data.length - OVERLAP_BYTES / 2;
    scanProductKeys(data, (key) => {
      const offset = key.offset + start;
      if (offset < this.keysFrom || offset >= end) return;
      if (this.keys.length >= KEYS_MAX) this.flooded = true;
      else this.keys.push({ ...key, offset });
    });
    this.keysFrom = end;
  }
}
