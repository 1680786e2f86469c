// Looks for many short texts in bytes at once, several times quicker than signatures are scanned: where none stands, no signature can match.
import { WordSet } from '../formats/byte-search/byte-search.ts';
import { folded } from '../formats/yara/elements.ts';
import { rarestWords } from '../formats/yara/shares.ts';
import { FORM_BYTES_MIN } from '../formats/yara/windows.ts';

const LOW_THREE = 0x00ffffff;

interface Entry {
  readonly form: Uint8Array;
  /** Where in the form the word begins. */
  readonly at: number;
}

/** Every fourth word of four bytes is looked up among those of the texts. Of each text four neighbouring words are there, so that one of them is met. */
export class Prefilter {
  private readonly words: WordSet;
  private readonly entries = new Map<number, Entry[]>();
  /** By three bytes: words that run over the end of their text. */
  private readonly loose = new Map<number, Entry[]>();
  readonly size: number;

  /** `forms`: folded texts of FORM_BYTES_MIN bytes or more. */
  constructor(forms: readonly Uint8Array[]) {
    const distinct = new Map(forms.map((form) => [Buffer.from(form).toString('latin1'), form]));
    this.size = distinct.size;
    const words = new Set<number>();
    for (const form of distinct.values()) {
      if (form.length < FORM_BYTES_MIN) throw new RangeError(`a text of ${form.length} bytes cannot be looked for`);
      const { at: from } = rarestWords(form);
      for (let at = from; at < from + 4; at++) this.add(form, at, words);
    }
    this.words = new WordSet(words);
  }

  private add(form: Uint8Array, at: number, words: Set<number>): void {
    const three = form[at]! | (form[at + 1]! << 8) | (form[at + 2]! << 16);
    const fourth = form[at + 3];
    if (fourth === undefined) {
      for (let any = 0; any < 256; any++) words.add(three | (folded(any) << 24));
      push(this.loose, three, { form, at });
    } else {
      words.add(three | (fourth << 24));
      push(this.entries, three | (fourth << 24), { form, at });
    }
  }

  /** Calls `found` with where each text begins, in no order; stops when it answers false. */
  find(data: Uint8Array, found: (at: number) => boolean): void {
    if (this.size === 0 || data.length < FORM_BYTES_MIN) return;
    let isWanted = true;
    this.words.search(data, (at) => {
      isWanted = this.check(data, at, wordAt(data, at), found);
      return isWanted;
    });
    // The last word is not whole; a text that ends with the data has at least three bytes in it.
    const last = data.length & ~3;
    if (isWanted && data.length - last === 3) this.check(data, last, wordAt(data, last), found);
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

/** Folded; what stands behind the data counts as zeros. */
function wordAt(data: Uint8Array, at: number): number {
  return folded(data[at]!) | (folded(data[at + 1]!) << 8) | (folded(data[at + 2]!) << 16) | (folded(data[at + 3] ?? 0) << 24);
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
