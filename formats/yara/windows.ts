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
  const known = new Map<string, readonly (readonly number[])[] | undefined>();
  const side = (at: number, step: 1 | -1, length: number) => {
    const key = `${at} ${step} ${length}`;
    if (!known.has(key)) known.set(key, textsFrom(row, at, step, length));
    return known.get(key);
  };
  let best: Literals | undefined;
  for (const length of lengths) {
    for (let border = 0; border <= row.length; border++) {
      // Behind a fixed place a window that begins at the place itself says the same.
      const most = isFixed(row[border - 1]) ? 0 : length;
      for (let left = 0; left <= most; left++) {
        const before = side(border - 1, -1, left);
        const behind = before && side(border, 1, length - left);
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
  // Where the number of places is fixed, no two ways lead to one text.
  return element.min === element.max ? texts : [...new Map(texts.map((text) => [text.join(), text])).values()];
}

/** In UTF-16 a zero, folded as everything, stands behind each byte. */
function formOf(text: readonly number[], wide: boolean): Uint8Array {
  return Uint8Array.from(wide ? text.flatMap((byte) => [byte, 0x20]) : text);
}
