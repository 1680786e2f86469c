// Looks for many short texts in bytes at once, several times quicker than signatures are scanned: where none stands, no signature can match.
import { folded } from '../formats/yara/elements.ts';
import { rarestWords } from '../formats/yara/shares.ts';
import { FORM_BYTES_MIN } from '../formats/yara/windows.ts';

/** Bits of the table, as a power of two: 32 KiB stay in the nearest cache. */
const TABLE_BITS = 18;
/** From a spread word to its row of 32 bits; its place in the row are the bits behind, of which a shift takes the last five. */
const TO_ROW = 32 - TABLE_BITS + 5;
const TO_BIT = 32 - TABLE_BITS;
const FOLD_WORD = 0x20202020;
const LOW_THREE = 0x00ffffff;
/** Slots of the list of words, as a power of two: a few thousand words leave most of them empty. */
const SLOT_BITS_MIN = 13;
/** Odd and near 2^32 divided by the golden ratio: neighbouring values land far apart (Knuth, multiplicative hashing). */
const SPREAD = 0x9e3779b1 | 0;

/** Another odd number (MurmurHash3's), so that what meets the bits of a word by chance does not meet its slot too. */
const SPREAD_SLOTS = 0x85ebca6b | 0;

interface Entry {
  readonly form: Uint8Array;
  /** Where in the form the word begins. */
  readonly at: number;
}

/**
 * Every word of four bytes at an address divisible by four is folded and looked up in a table of bits. Of each text four neighbouring words are in the
 * table, so that one of them meets such an address.
 */
export class Prefilter {
  private readonly table = new Int32Array(1 << (TABLE_BITS - 5));
  /** The words themselves, in slots with the next ones behind; 0 is none, since a folded word has bits set. */
  private slots: Int32Array = new Int32Array();
  private readonly words = new Set<number>();
  private readonly entries = new Map<number, Entry[]>();
  /** By three bytes: words that run over the end of their text. */
  private readonly loose = new Map<number, Entry[]>();
  readonly size: number;

  /** `forms`: folded texts of FORM_BYTES_MIN bytes or more. */
  constructor(forms: readonly Uint8Array[]) {
    const distinct = new Map(forms.map((form) => [Buffer.from(form).toString('latin1'), form]));
    this.size = distinct.size;
    for (const form of distinct.values()) {
      if (form.length < FORM_BYTES_MIN) throw new RangeError(`a text of ${form.length} bytes cannot be looked for`);
      const { at: from } = rarestWords(form);
      for (let at = from; at < from + 4; at++) this.add(form, at);
    }
    this.slots = slotsOf(this.words);
  }

  private add(form: Uint8Array, at: number): void {
    const three = form[at]! | (form[at + 1]! << 8) | (form[at + 2]! << 16);
    const fourth = form[at + 3];
    if (fourth === undefined) {
      for (let any = 0; any < 256; any++) this.mark(three | (folded(any) << 24));
      push(this.loose, three, { form, at });
    } else {
      this.mark(three | (fourth << 24));
      push(this.entries, three | (fourth << 24), { form, at });
    }
  }

  private mark(word: number): void {
    const spread = Math.imul(word, SPREAD);
    this.table[spread >>> TO_ROW]! |= 1 << (spread >>> TO_BIT);
    this.words.add(word | 0);
  }

  /** True when one of the texts stands in `data`. */
  matches(data: Uint8Array): boolean {
    let found = false;
    this.find(data, () => {
      found = true;
      return false;
    });
    return found;
  }

  /** Calls `found` with where each text begins, in no order; stops when it answers false. */
  find(data: Uint8Array, found: (at: number) => boolean): void {
    if (this.size === 0 || data.length < FORM_BYTES_MIN) return;
    const start = (4 - (data.byteOffset & 3)) & 3;
    const count = (data.length - start) >> 2;
    const words = new Int32Array(data.buffer, data.byteOffset + start, count);
    const { table, slots } = this;
    for (let index = nextOf(words, 0, table, slots); index < count; index = nextOf(words, index + 1, table, slots))
      if (!this.check(data, start + index * 4, words[index]! | FOLD_WORD, found)) return;
    // The last word is not whole; a text that ends with the data has at least three bytes in it.
    const last = start + count * 4;
    if (data.length - last !== 3) return;
    this.check(data, last, folded(data[last]!) | (folded(data[last + 1]!) << 8) | (folded(data[last + 2]!) << 16), found);
  }

  /** False when `found` has had enough. */
  private check(data: Uint8Array, at: number, word: number, found: (at: number) => boolean): boolean {
    for (const entries of [this.entries.get(word), this.loose.get(word & LOW_THREE)]) {
      if (!entries) continue;
      for (const { form, at: inside } of entries) if (standsAt(form, data, at - inside) && !found(at - inside)) return false;
    }
    return true;
  }
}

/** Where the next word stands that is looked for, from a place on; the number of words when there is none. By itself, since it is where the time goes. */
function nextOf(words: Int32Array, from: number, table: Int32Array, slots: Int32Array): number {
  const [shift, mask] = [Math.clz32(slots.length - 1), slots.length - 1];
  for (let index = from; index < words.length; ) {
    // Four at a time: the processor looks them up side by side, and guesses one branch for all.
    for (; index + 3 < words.length; index += 4) {
      const a = Math.imul(words[index]! | FOLD_WORD, SPREAD);
      const b = Math.imul(words[index + 1]! | FOLD_WORD, SPREAD);
      const c = Math.imul(words[index + 2]! | FOLD_WORD, SPREAD);
      const d = Math.imul(words[index + 3]! | FOLD_WORD, SPREAD);
      const bits =
        (table[a >>> TO_ROW]! >>> (a >>> TO_BIT)) |
        (table[b >>> TO_ROW]! >>> (b >>> TO_BIT)) |
        (table[c >>> TO_ROW]! >>> (c >>> TO_BIT)) |
        (table[d >>> TO_ROW]! >>> (d >>> TO_BIT));
      if ((bits & 1) !== 0) break;
    }
    // Most words that get here have only a bit in common with one that is looked for.
    for (const end = Math.min(index + 4, words.length); index < end; index++) {
      const word = words[index]! | FOLD_WORD;
      let slot = Math.imul(word, SPREAD_SLOTS) >>> shift;
      while (slots[slot] !== word && slots[slot] !== 0) slot = (slot + 1) & mask;
      if (slots[slot] === word) return index;
    }
  }
  return words.length;
}

function slotsOf(words: ReadonlySet<number>): Int32Array {
  const slots = new Int32Array(1 << Math.max(SLOT_BITS_MIN, 33 - Math.clz32(words.size * 2)));
  const shift = Math.clz32(slots.length - 1);
  for (const word of words) {
    let slot = Math.imul(word, SPREAD_SLOTS) >>> shift;
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = word;
  }
  return slots;
}

function push(map: Map<number, Entry[]>, key: number, entry: Entry): void {
  const there = map.get(key);
  if (there) there.push(entry);
  else map.set(key, [entry]);
}

function standsAt(form: Uint8Array, data: Uint8Array, from: number): boolean {
  if (from < 0 || from + form.length > data.length) return false;
  for (let at = 0; at < form.length; at++) if (folded(data[from + at]!) !== form[at]) return false;
  return true;
}
