// Searches bytes for many words at once, and for what could be product keys, as quickly as the processor reads them: the loops are WebAssembly.
import type { SeenSigns } from '../product-key/writing-signs.ts';
import { instanceOf } from '../wasm.ts';
import { COMPILED } from './compiled.ts';

/** What assembly/index.ts exports; addresses are offsets in `memory`. */
interface Loops extends Readonly<Record<Place | Sign, { readonly value: number }>> {
  readonly memory: { readonly buffer: ArrayBuffer };
  nextWord(at: number, end: number, slotBits: number): number;
  addWord(word: number, slotBits: number): void;
  nextKeyDash(at: number, end: number): number;
  beginSigns(least: number, most: number): void;
  nextSigns(at: number, end: number): number;
  signsSeen(): number;
}

type Place = 'MAYBE' | 'SLOTS' | 'COPY' | 'COPY_BYTES' | 'SPANS' | 'ROOM';
type Sign = 'LOOSE' | 'ESCAPES' | 'BASE64' | 'NUMBERS' | 'FOREIGN';

const WORD = 4;
/** Bytes around what is searched that the loops may look at. */
const AROUND = 64;
/** A few thousand words leave most slots empty. */
const SLOT_BITS_MIN = 13;
/** As many as there are slots for that are half empty. */
export const WORDS_MAX = 65_536;

/** The loops and their memory; one for the process, since all that is searched goes through it one after the other. */
class Search {
  readonly loops: Loops;
  readonly memory: Uint8Array;
  private roomFrom: number;
  /** How often something was copied in: what was there before is gone. */
  copies = 0;
  words: WordSet | undefined;

  constructor() {
    this.loops = instanceOf<Loops>(COMPILED);
    this.memory = new Uint8Array(this.loops.memory.buffer);
    this.roomFrom = this.loops.ROOM.value;
  }

  room(size: number): Buffer {
    const from = this.roomFrom;
    if (from + size + AROUND > this.memory.length) return Buffer.alloc(size);
    this.roomFrom = from + size + AROUND;
    return Buffer.from(this.loops.memory.buffer, from, size);
  }
}

let made: Search | undefined;

function theSearch(): Search {
  made ??= new Search();
  return made;
}

/** Zeros that are searched where they are; other bytes are copied first, some at a time. There is such room for a few MiB, then it is like any other. */
export function searchRoom(size: number): Buffer {
  return theSearch().room(size);
}

/** Words of four bytes that are looked for, each folded (formats/yara/elements.ts) and in the order of bytes of the file, the first one lowest. */
export class WordSet {
  private readonly words: ReadonlySet<number>;
  private readonly slotBits: number;

  constructor(words: ReadonlySet<number>) {
    this.words = words;
    this.slotBits = words.size > WORDS_MAX ? 0 : Math.max(SLOT_BITS_MIN, Math.ceil(Math.log2(words.size * 2)));
  }

  /**
   * Calls `found` with the offset of each word in `data` that is one of them, of those at multiples of four; stops when it answers false. With more than
   * WORDS_MAX of them it may be called for others as well.
   */
  search(data: Uint8Array, found: (at: number) => boolean): void {
    const { loops } = theSearch();
    walk(
      data,
      WORD,
      (at, end) => {
        this.load();
        return loops.nextWord(at, end, this.slotBits);
      },
      (at) => (found(at) ? at + WORD : data.length),
    );
  }

  /** The tables of the module are those of whoever searched last. */
  private load(): void {
    const search = theSearch();
    if (search.words === this) return;
    const { MAYBE, SLOTS, addWord } = search.loops;
    search.memory.fill(0, MAYBE.value, SLOTS.value + WORD * 2 ** this.slotBits);
    for (const word of this.words) addWord(word, this.slotBits);
    search.words = this;
  }
}

/**
 * Calls `found` with the offset of a dash of each thing in `data` that is built like a product key, in ASCII or UTF-16, and of other dashes, and goes on from
 * where it says.
 */
export function searchKeyDashes(data: Uint8Array, found: (at: number) => number): void {
  walk(data, 1, theSearch().loops.nextKeyDash, found);
}

/** What of a content could be a key in another writing. @param base64 how long a stretch of it is to be told, and how long a key can be */
export function searchSigns(data: Uint8Array, base64: { readonly least: number; readonly most: number }): SeenSigns {
  const search = theSearch();
  const { loops, memory } = search;
  const { COPY, COPY_BYTES, SPANS } = loops;
  const spans: number[] = [];
  loops.beginSigns(base64.least, base64.most);
  search.copies++;
  // One more byte than is looked at; behind the last one a space ends the last word.
  const step = COPY_BYTES.value - 2;
  for (let at = 0; at <= data.length; at += step) {
    const part = data.subarray(at, at + step + 1);
    memory.set(part, COPY.value);
    memory[COPY.value + part.length] = 0x20;
    const isLast = at + step > data.length;
    const count = loops.nextSigns(COPY.value, COPY.value + (isLast ? part.length + 1 : step));
    if (count > 0) spans.push(...new Int32Array(memory.buffer, SPANS.value, count * 2));
  }
  const seen = loops.signsSeen();
  const has = (sign: Sign) => (seen & loops[sign].value) !== 0;
  return {
    signs: { loose: has('LOOSE'), escapes: has('ESCAPES'), base64: has('BASE64'), numbers: has('NUMBERS'), foreign: has('FOREIGN') },
    spans,
  };
}

/** Moves `next` over the data, which gives the address of something of `width` bytes or the first one that has no room for it before the end. */
function walk(data: Uint8Array, width: number, next: (at: number, end: number) => number, found: (at: number) => number): void {
  const search = theSearch();
  const { COPY, COPY_BYTES } = search.loops;
  const isThere = data.buffer === search.memory.buffer;
  // Offset 0 of the data has the address `base`, and what lies up to the offset `end` can be searched.
  let [base, end, copies] = isThere ? [data.byteOffset, data.length, 0] : [0, 0, -1];
  for (let at = 0; at + width <= data.length; ) {
    if (!isThere && (at + width > end || copies !== search.copies)) {
      end = Math.min(at + COPY_BYTES.value, data.length);
      search.memory.set(data.subarray(at, end), COPY.value);
      base = COPY.value - at;
      copies = ++search.copies;
    }
    const place = next(base + at, base + end) - base;
    at = place + width > end ? place : found(place);
  }
}
