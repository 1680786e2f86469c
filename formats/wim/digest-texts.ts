// SHA-1 digests as texts that are made once: whoever meets the bytes again gets the same text, which is found quicker in a map than an equal one.

const WORDS = 5;

export class DigestTexts {
  private readonly texts: readonly string[];
  /** Of each digest, one behind the other. */
  private readonly words: Int32Array;
  /** Places of digests, from 1, by their first word; a place that is taken is followed by the next one. */
  private readonly table: Int32Array;

  /** @param texts 40 hexadecimal digits each */
  constructor(texts: readonly string[]) {
    this.texts = texts;
    const bytes = Buffer.from(texts.join(''), 'hex');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.words = new Int32Array(texts.length * WORDS);
    for (let index = 0; index < this.words.length; index++) this.words[index] = view.getInt32(index * 4, true);
    this.table = new Int32Array(2 ** Math.ceil(Math.log2(2 * texts.length + 2)));
    const mask = this.table.length - 1;
    for (let index = 0; index < texts.length; index++) {
      let slot = this.words[index * WORDS]! & mask;
      while (this.table[slot] !== 0) slot = (slot + 1) & mask;
      this.table[slot] = index + 1;
    }
  }

  /** The text of the digest at `at`, or undefined when it is none of these. */
  at(view: DataView, at: number): string | undefined {
    const { words, table } = this;
    const mask = table.length - 1;
    const first = view.getInt32(at, true);
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const index = table[slot]! - 1;
      if (index < 0) return undefined;
      const from = index * WORDS;
      if (
        words[from] === first &&
        words[from + 1] === view.getInt32(at + 4, true) &&
        words[from + 2] === view.getInt32(at + 8, true) &&
        words[from + 3] === view.getInt32(at + 12, true) &&
        words[from + 4] === view.getInt32(at + 16, true)
      )
        return this.texts[index];
    }
  }
}
