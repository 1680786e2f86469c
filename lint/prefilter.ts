// Looks for many short texts in bytes at once, several times quicker than signatures are scanned: where none stands, no signature can match.
import { folded } from '../formats/yara/elements.ts';
import { FORM_BYTES_MIN } from '../formats/yara/windows.ts';

const TABLE_BITS = 16;
const FOLD_WORD = 0x20202020;
const LOW_THREE = 0x00ffffff;
/** Odd and near 2^32 divided by the golden ratio: neighbouring values land far apart (Knuth, multiplicative hashing). */
const SPREAD = 0x9e3779b1 | 0;

interface Entry {
  readonly form: Uint8Array;
  /** Where in the form the word begins. */
  readonly at: number;
}

/**
 * Every word of four bytes at an address divisible by four is folded and looked up by its first three bytes in a table of 64 KiB, whose entry says which
 * fourth bytes are of interest. Of each form four neighbouring places are in the table, so that one of them meets such an address.
 */
export class Prefilter {
  /** Bit n: a fourth byte whose low three bits are n may follow. */
  private readonly table = new Uint8Array(1 << TABLE_BITS);
  private readonly entries = new Map<number, Entry[]>();
  readonly size: number;

  /** `forms`: folded texts of FORM_BYTES_MIN bytes or more. */
  constructor(forms: readonly Uint8Array[]) {
    const distinct = new Map(forms.map((form) => [Buffer.from(form).toString('latin1'), form]));
    this.size = distinct.size;
    for (const form of distinct.values()) {
      if (form.length < FORM_BYTES_MIN) throw new RangeError(`a text of ${form.length} bytes cannot be looked for`);
      const from = rarestPlace(form);
      for (let at = from; at < from + 4; at++) this.add(form, at);
    }
  }

  private add(form: Uint8Array, at: number): void {
    const key = form[at]! | (form[at + 1]! << 8) | (form[at + 2]! << 16);
    const fourth = form[at + 3];
    this.table[slotOf(key)]! |= fourth === undefined ? 0xff : 1 << (fourth & 7);
    const there = this.entries.get(key);
    if (there) there.push({ form, at });
    else this.entries.set(key, [{ form, at }]);
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
    const { table } = this;
    for (let index = 0; index < count; index++) {
      const word = words[index]! | FOLD_WORD;
      // The same as slotOf, written out: the loop runs over gigabytes.
      if (((table[Math.imul(word << 8, SPREAD) >>> (32 - TABLE_BITS)]! >>> ((word >>> 24) & 7)) & 1) === 0) continue;
      if (!this.check(data, start + index * 4, word & LOW_THREE, found)) return;
    }
    // The last word is not whole; a form that ends with the data has at least three bytes in it.
    const last = start + count * 4;
    if (data.length - last === 3)
      this.check(data, last, folded(data[last]!) | (folded(data[last + 1]!) << 8) | (folded(data[last + 2]!) << 16), found);
  }

  /** False when `found` has had enough. */
  private check(data: Uint8Array, at: number, key: number, found: (at: number) => boolean): boolean {
    const entries = this.entries.get(key);
    if (!entries) return true;
    for (const { form, at: inside } of entries) if (standsAt(form, data, at - inside) && !found(at - inside)) return false;
    return true;
  }
}

function slotOf(key: number): number {
  return Math.imul(key << 8, SPREAD) >>> (32 - TABLE_BITS);
}

function standsAt(form: Uint8Array, data: Uint8Array, from: number): boolean {
  if (from < 0 || from + form.length > data.length) return false;
  for (let at = 0; at < form.length; at++) if (folded(data[from + at]!) !== form[at]) return false;
  return true;
}

/** The place from which four words are the least often met: zeros and spaces are everywhere, lower-case letters in every text. */
function rarestPlace(form: Uint8Array): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let from = 0; from + FORM_BYTES_MIN <= form.length; from++) {
    let weight = 0;
    for (let at = from; at < from + 4; at++) weight += weightOf(form[at]!) * weightOf(form[at + 1]!) * weightOf(form[at + 2]!);
    if (weight < least) [best, least] = [from, weight];
  }
  return best;
}

function weightOf(byte: number): number {
  if (byte === 0x20) return 16;
  return byte >= 0x61 && byte <= 0x7a ? 4 : 1;
}
