// A pattern of a YARA rule as a row of places, each with the bytes that can stand there. What is not understood is any byte, any number of times.
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import type { Element, YaraPattern } from './model.ts';

const ANY: Element = { bytes: undefined, min: 1, max: 1 };
const ANYTHING: Element = { bytes: undefined, min: 0, max: Number.POSITIVE_INFINITY };
/** More than this many bytes at one place are as good as any. */
const CLASS_MAX = 16;

/** Folds a byte: upper and lower case letters become one, and other bytes pairs that nobody minds. */
export function folded(byte: number): number {
  return byte | 0x20;
}

/** The rows one of which every match of the pattern follows; undefined when that cannot be said. */
export function elementsOf(pattern: YaraPattern): readonly (readonly Element[])[] | undefined {
  if (['xor', 'base64', 'base64wide'].some((modifier) => pattern.modifiers.has(modifier))) return undefined;
  switch (pattern.kind) {
    case 'text':
      return [bytesOf(pattern.source)];
    case 'hex':
      return [hexElements(pattern.source)];
    case 'regex':
      return regexElements(pattern.source);
  }
}

export function bytesOf(text: string): readonly Element[] {
  return [...text].map((char) => one([char.charCodeAt(0)]));
}

function one(bytes: readonly number[]): Element {
  const distinct = [...new Set(bytes.map(folded))];
  return distinct.length > CLASS_MAX ? ANY : { bytes: distinct, min: 1, max: 1 };
}

function hexElements(source: string): readonly Element[] {
  const elements: Element[] = [];
  const token = /([0-9a-fA-F]{2})|(~?[0-9a-fA-F?]{2})|\[\s*(?:(\d*)\s*(-)?\s*(\d*))\s*\]|\(|./gy;
  const compact = source.replace(/\s+/g, '');
  for (let found = token.exec(compact); found; found = token.exec(compact)) {
    if (found[1] !== undefined) elements.push(one([Number.parseInt(found[1], 16)]));
    else if (found[2] !== undefined) elements.push(ANY);
    else if (found[0].startsWith('[')) elements.push(jump(found[3], found[4], found[5]));
    else if (found[0] === '(') {
      elements.push(ANYTHING);
      for (let depth = 1; depth > 0 && token.lastIndex < compact.length; token.lastIndex++) {
        if (compact[token.lastIndex] === '(') depth++;
        if (compact[token.lastIndex] === ')') depth--;
      }
    } else elements.push(ANYTHING);
  }
  return elements;
}

function jump(from: string | undefined, dash: string | undefined, to: string | undefined): Element {
  const min = Number(from || 0);
  if (dash === undefined) return { bytes: undefined, min, max: min };
  return { bytes: undefined, min, max: to ? Number(to) : Number.POSITIVE_INFINITY };
}

function regexElements(source: string): readonly (readonly Element[])[] | undefined {
  // `{,3}` is a quantifier in YARA and text in JavaScript.
  if (/\{\s*,/.test(source)) return undefined;
  let pattern: AST.Pattern;
  try {
    pattern = new RegExpParser({ ecmaVersion: 2018, strict: false }).parsePattern(Buffer.from(source, 'utf8').toString('latin1'));
  } catch {
    return undefined;
  }
  return pattern.alternatives.map(({ elements }) => elements.flatMap(elementOf));
}

function elementOf(node: AST.Element | AST.QuantifiableElement): readonly Element[] {
  switch (node.type) {
    case 'Assertion':
      // Word borders and ends of the text take no byte.
      return node.kind === 'lookahead' || node.kind === 'lookbehind' ? [ANYTHING] : [];
    case 'Character':
      return [isPlain(node) ? one([node.value]) : ANYTHING];
    case 'CharacterClass':
      return [classElement(node)];
    case 'CharacterSet':
      return [setElement(node)];
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives.length === 1 ? node.alternatives[0]!.elements.flatMap(elementOf) : [ANYTHING];
    case 'Quantifier': {
      const inner = elementOf(node.element);
      const [single] = inner;
      if (inner.length !== 1 || single!.min !== 1 || single!.max !== 1) return [ANYTHING];
      return [{ bytes: single!.bytes, min: node.min, max: node.max }];
    }
    default:
      return [ANYTHING];
  }
}

/** What means the same in YARA and in JavaScript: ASCII, escaped signs, and the escapes that both know. */
function isPlain({ raw, value }: AST.Character): boolean {
  if (raw.length === 1) return value < 0x80;
  return /^\\(?:[^0-9A-Za-z]|[tnrfv]|x[0-9a-fA-F]{2})$/.test(raw);
}

function classElement({ negate, elements }: AST.CharacterClass): Element {
  const bytes: number[] = [];
  for (const element of elements) {
    if (element.type === 'Character' && isPlain(element)) bytes.push(element.value);
    else if (element.type === 'CharacterClassRange' && isPlain(element.min) && isPlain(element.max)) {
      for (let code = element.min.value; code <= element.max.value; code++) bytes.push(code);
    } else if (element.type === 'CharacterSet' && !element.raw.startsWith('\\p')) {
      const set = setElement(element).bytes;
      if (!set) return ANY;
      bytes.push(...set);
    } else return ANYTHING; // of the two languages only one may take it for a byte
  }
  return negate ? ANY : one(bytes);
}

function setElement({ raw }: AST.CharacterSet): Element {
  if (raw === '\\d') return one([...'0123456789'].map((char) => char.charCodeAt(0)));
  if (raw === '\\s') return one([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]);
  return ANY;
}
