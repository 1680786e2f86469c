// Text that knows where in the file each of its characters came from, however it was rewritten.
import { FormatError } from '../bytes.ts';

/** Stretches of one text: a self-extracting script of 10 MB has some ten thousand, and each takes a hundred bytes. */
const PIECES_MAX = 1_000_000;

/** A stretch of text whose characters stand `step` bytes apart in the file; 0 when all of them stand for one place. */
interface Piece {
  readonly start: number; // index in the text
  readonly offset: number; // in the file
  readonly step: number;
}

export class MappedText {
  readonly text: string;
  private readonly pieces: readonly Piece[];

  constructor(text: string, pieces: readonly Piece[]) {
    this.text = text;
    this.pieces = pieces;
  }

  /** The offset in the file, in bytes, of the character at `index`. */
  at(index: number): number {
    const piece = this.pieces[this.pieceAt(index)];
    return piece ? piece.offset + (index - piece.start) * piece.step : 0;
  }

  /** Calls `take` for each stretch of the text between two indexes. */
  stretches(from: number, to: number, take: (text: string, offset: number, step: number) => void): void {
    for (let at = this.pieceAt(from); at < this.pieces.length; at++) {
      const { start, offset, step } = this.pieces[at]!;
      const end = this.pieces[at + 1]?.start ?? this.text.length;
      if (start >= to) return;
      const [first, last] = [Math.max(start, from), Math.min(end, to)];
      if (first < last) take(this.text.slice(first, last), offset + (first - start) * step, step);
    }
  }

  private pieceAt(index: number): number {
    let [low, high] = [0, this.pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.pieces[middle]!.start <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Puts a new text together from stretches of an old one and from text that stands for one place. */
export class MappedBuilder {
  private readonly parts: string[] = [];
  private readonly pieces: Piece[] = [];
  private length = 0;

  /** Text whose characters stand `step` bytes apart from `offset` on. */
  put(text: string, offset: number, step: number): void {
    if (text === '') return;
    const last = this.pieces.at(-1);
    const goesOn = last && last.step === step && last.offset + (this.length - last.start) * step === offset;
    if (!goesOn) this.pieces.push({ start: this.length, offset, step });
    this.parts.push(text);
    this.length += text.length;
  }

  copy(source: MappedText, from: number, to: number): void {
    source.stretches(from, to, (text, offset, step) => this.put(text, offset, step));
  }

  /** Characters so far. */
  get size(): number {
    return this.length;
  }

  /** Stretches so far. */
  get stretches(): number {
    return this.pieces.length;
  }

  done(): MappedText {
    return new MappedText(this.parts.join(''), this.pieces);
  }
}

/**
 * Replaces every match; `by` gives the new text (which stands for the place of the match), or undefined to leave it as it is.
 * The expression must be global.
 * @throws FormatError when the text is rewritten at more places than any honest one.
 */
export function replaceMapped(source: MappedText, expression: RegExp, by: (match: RegExpExecArray) => string | undefined): MappedText {
  const builder = new MappedBuilder();
  let from = 0;
  expression.lastIndex = 0;
  for (let match = expression.exec(source.text); match; match = expression.exec(source.text)) {
    if (match[0] === '') expression.lastIndex++;
    const text = by(match);
    if (text === undefined) continue;
    builder.copy(source, from, match.index);
    builder.put(text, source.at(match.index), 0);
    from = match.index + match[0].length;
    if (builder.stretches > PIECES_MAX) throw new FormatError('script', `is rewritten at more than ${PIECES_MAX} places`);
  }
  if (from === 0) return source;
  builder.copy(source, from, source.text.length);
  return builder.done();
}
