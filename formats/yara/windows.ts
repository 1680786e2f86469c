// The rarest short texts one of which stands in every match of a pattern: what a quick search can look for in its place.
import { bytesOf, elementsOf } from './elements.ts';
import type { Element, YaraPattern } from './model.ts';
import { rarestWords } from './shares.ts';

/** Shorter ones cannot be found at every alignment by words of four bytes. */
export const FORM_BYTES_MIN = 6;
/** Texts that may stand for one window of a pattern: character classes multiply. */
const FORMS_MAX = 64;
/** Longest first: of two that are as rare the longer one stands in fewer contents. */
const NARROW_LENGTHS = [24, 12, 8, 6];
const WIDE_LENGTHS = [12, 6, 4, 3];
/** More than any length of a window. */
const LENGTHS = 32;
/** Places of a fixed text that are compared; more say no more. */
const TEXT_MAX = 64;

/** Texts (folded bytes) of which every match holds one, and how often something like them is met; smaller is better. */
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
  if (row.every((element) => isFixed(element) && element.bytes?.length === 1))
    return bestPart(
      row.map(({ bytes }) => bytes![0]!),
      lengths,
      wide,
    );
  const [left, right] = [new Side(row, -1), new Side(row, 1)];
  let best: Literals | undefined;
  for (const length of lengths) {
    for (let border = 0; border <= row.length; border++) {
      // Behind a fixed place a window that begins at the place itself says the same.
      const most = isFixed(row[border - 1]) ? 0 : length;
      for (let places = 0; places <= most; places++) {
        const before = left.texts(border - 1, places);
        const behind = before && right.texts(border, length - places);
        if (!behind || before.length * behind.length > FORMS_MAX) continue;
        const forms = before.flatMap((start) => behind.map((end) => formOf([...[...start].reverse(), ...end], wide)));
        best = better(best, { forms, cost: forms.reduce((sum, form) => sum + rarestWords(form).share, 0) });
      }
    }
  }
  return best;
}

/** The same for a text without choice, which most patterns are: as much of it as can be compared, since a part of a word stands in many others. */
function bestPart(text: readonly number[], lengths: readonly number[], wide: boolean): Literals | undefined {
  if (text.length < Math.min(...lengths)) return undefined;
  let best: Literals | undefined;
  for (let at = 0; at === 0 || at + TEXT_MAX <= text.length; at++) {
    const form = formOf(text.slice(at, at + TEXT_MAX), wide);
    best = better(best, { forms: [form], cost: rarestWords(form).share });
  }
  return best;
}

function isFixed(element: Element | undefined): boolean {
  return element !== undefined && element.min === 1 && element.max === 1;
}

type Texts = readonly (readonly number[])[];

/** The texts that can follow from a place on, going left or right. */
class Side {
  private readonly row: readonly Element[];
  private readonly step: 1 | -1;
  /** By place and length: most are asked for again and again. */
  private readonly known = new Map<number, Texts | undefined>();

  constructor(row: readonly Element[], step: 1 | -1) {
    this.row = row;
    this.step = step;
  }

  /** Every text of `length` places from `at` on; undefined when there are too many or one cannot tell. */
  texts(at: number, length: number): Texts | undefined {
    if (length === 0) return [[]];
    const key = at * LENGTHS + length;
    if (!this.known.has(key)) this.known.set(key, this.found(at, length));
    return this.known.get(key);
  }

  private found(at: number, length: number): Texts | undefined {
    const element = this.row[at];
    if (!element?.bytes) return undefined;
    const texts: (readonly number[])[] = [];
    let starts: Texts = [[]];
    for (let count = 0; count <= Math.min(element.max, length); count++) {
      if (count > 0) starts = starts.flatMap((start) => element.bytes!.map((byte) => [...start, byte]));
      if (starts.length > FORMS_MAX) return undefined;
      if (count < element.min && count < length) continue;
      const rest = this.texts(at + this.step, length - count);
      if (!rest || texts.length + starts.length * rest.length > FORMS_MAX) return undefined;
      for (const start of starts) for (const end of rest) texts.push([...start, ...end]);
    }
    // Where the number of places is fixed, no two ways lead to one text.
    return element.min === element.max ? texts : [...new Map(texts.map((text) => [text.join(), text])).values()];
  }
}

/** In UTF-16 a zero, folded as everything, stands behind each byte. */
function formOf(text: readonly number[], wide: boolean): Uint8Array {
  return Uint8Array.from(wide ? text.flatMap((byte) => [byte, 0x20]) : text);
}
