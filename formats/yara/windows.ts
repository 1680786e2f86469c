// The rarest short texts one of which stands in every match of a pattern: what a quick search can look for in its place.
import { bytesOf, elementsOf } from './elements.ts';
import type { Element, YaraPattern } from './model.ts';

/** Shorter ones cannot be found at every alignment by words of four bytes. */
export const FORM_BYTES_MIN = 6;
/** Texts that may stand for one window of a pattern: character classes multiply. */
const FORMS_MAX = 64;
const NARROW_LENGTHS = [12, 8, 6];
const WIDE_LENGTHS = [8, 6, 4, 3];

/** Texts (folded bytes) of which every match holds one, and how often they are to be expected by chance and habit; smaller is better. */
export interface Literals {
  readonly forms: readonly Uint8Array[];
  readonly cost: number;
}

/** Undefined when there is no such set of texts that is long and small enough. */
export function literalsOf(pattern: YaraPattern): Literals | undefined {
  const wide = pattern.modifiers.has('wide');
  return literalsOfRows(elementsOf(pattern), { wide, narrow: !wide || pattern.modifiers.has('ascii') });
}

/** Of a text that an author names: in either encoding, in any case. */
export function literalsOfText(text: string): Literals | undefined {
  return literalsOfRows([bytesOf(text)], { wide: true, narrow: true });
}

/** Either set may hold what is there. */
export function either(all: readonly (Literals | undefined)[]): Literals | undefined {
  let [forms, cost] = [[] as Uint8Array[], 0];
  for (const one of all) {
    if (!one) return undefined;
    forms = [...forms, ...one.forms];
    cost += one.cost;
  }
  return forms.length === 0 ? undefined : { forms, cost };
}

/** Both sets must hold what is there, so the better one is enough. */
export function better(a: Literals | undefined, b: Literals | undefined): Literals | undefined {
  if (!a || !b) return a ?? b;
  return a.cost <= b.cost ? a : b;
}

function literalsOfRows(
  rows: readonly (readonly Element[])[] | undefined,
  { wide, narrow }: { readonly wide: boolean; readonly narrow: boolean },
): Literals | undefined {
  if (!rows) return undefined;
  return either(
    rows.flatMap((row) => [
      ...(narrow ? [bestWindow(row, NARROW_LENGTHS, false)] : []),
      ...(wide ? [bestWindow(row, WIDE_LENGTHS, true)] : []),
    ]),
  );
}

function bestWindow(row: readonly Element[], lengths: readonly number[], wide: boolean): Literals | undefined {
  const known = new Map<string, readonly (readonly number[])[] | undefined>();
  const side = (at: number, step: 1 | -1, length: number) => {
    const key = `${at} ${step} ${length}`;
    if (!known.has(key)) known.set(key, textsFrom(row, at, step, length));
    return known.get(key);
  };
  let best: Literals | undefined;
  for (const length of lengths) {
    for (let border = 0; border <= row.length; border++) {
      for (let left = 0; left <= length; left++) {
        const before = side(border - 1, -1, left);
        const behind = before && side(border, 1, length - left);
        if (!behind || before.length * behind.length > FORMS_MAX) continue;
        const texts = before.flatMap((start) => behind.map((end) => [...[...start].reverse(), ...end]));
        best = better(best, { forms: texts.map((text) => formOf(text, wide)), cost: costOf(texts) });
      }
    }
    if (best && best.forms.length === 1) break; // a longer text is rarer than any part of it
  }
  return best;
}

/** Every text of `length` places that can follow from `at` on (going left or right); undefined when there are too many or one cannot tell. */
function textsFrom(row: readonly Element[], at: number, step: 1 | -1, length: number): readonly (readonly number[])[] | undefined {
  if (length === 0) return [[]];
  const element = row[at];
  if (!element?.bytes) return undefined;
  const texts: (readonly number[])[] = [];
  let starts: readonly (readonly number[])[] = [[]];
  for (let count = 0; count <= Math.min(element.max, length); count++) {
    if (count > 0) starts = starts.flatMap((start) => element.bytes!.map((byte) => [...start, byte]));
    if (starts.length > FORMS_MAX) return undefined;
    if (count < element.min && count < length) continue;
    const rest = textsFrom(row, at + step, step, length - count);
    if (!rest || texts.length + starts.length * rest.length > FORMS_MAX) return undefined;
    for (const start of starts) for (const end of rest) texts.push([...start, ...end]);
  }
  return [...new Map(texts.map((text) => [text.join(), text])).values()];
}

/** In UTF-16 a zero, folded as everything, stands behind each byte. */
function formOf(text: readonly number[], wide: boolean): Uint8Array {
  return Uint8Array.from(wide ? text.flatMap((byte) => [byte, 0x20]) : text);
}

/**
 * How often a folded byte comes in programs and texts, as a share of all, roughly: measured on 1 GB of programs, scripts and documents.
 * It only decides which of several right answers is the quickest.
 */
function shareOf(byte: number): number {
  if (byte === 0x20) return 0.2; // zeros and spaces
  if ('etaonisrh'.includes(String.fromCharCode(byte))) return 0.03;
  if ((byte >= 0x61 && byte <= 0x7a) || byte === 0xff) return 0.012;
  if (byte >= 0x28 && byte <= 0x3f) return 0.01;
  return 0.003;
}

function costOf(texts: readonly (readonly number[])[]): number {
  return texts.reduce((sum, text) => sum + text.reduce((share, byte) => share * shareOf(byte), 1), 0);
}
