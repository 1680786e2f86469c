// Small damages to a source file, each of one clause: what a test of that file must notice.
import { parseSync } from 'oxc-parser';

export interface Mutant {
  readonly line: number;
  /** What was done, in a few words; no two of a file are the same. */
  readonly what: string;
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
  readonly what: string;
}

/** One mutant for each clause: an operand, a branch or choice, a report, an alternative of a pattern, an entry of a set or list. */
export function mutantsOfSource(text: string): readonly Mutant[] {
  const { program, errors } = parseSync('rule.ts', text);
  if (errors.length > 0) throw new Error(`cannot be parsed: ${errors[0]!.message}`);
  const edits: Edit[] = [];
  const open: unknown[] = [program];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) open.push(...next);
    else if (typeof next === 'object' && next !== null) {
      if (typeof (next as Node).type === 'string') edits.push(...editsOf(next as Node & Record<string, never>, text));
      open.push(...Object.values(next));
    }
  }
  return made(text, edits);
}

/** One mutant for each string of a signature file: its bytes are replaced by others that no file holds. */
export function mutantsOfSignatures(text: string): readonly Mutant[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(/^[ \t]*\$\w+ = (\{[^}]*\}|"(?:[^"\\\n]|\\.)*"|\/(?:[^/\\\n]|\\.)+\/)/gm)) {
    const start = match.index + match[0].length - match[1]!.length;
    edits.push({
      start,
      end: start + match[1]!.length,
      by: '"no file holds this text 0451"',
      what: `drops ${match[0].trim().split(' ')[0]}`,
    });
  }
  return made(text, edits);
}

function made(text: string, edits: readonly Edit[]): readonly Mutant[] {
  const times = new Map<string, number>();
  return [...edits]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ start, end, by, what }) => {
      const time = (times.get(what) ?? 0) + 1;
      times.set(what, time);
      return {
        line: text.slice(0, start).split('\n').length,
        what: time === 1 ? what : `${what} #${time}`,
        text: text.slice(0, start) + by + text.slice(end),
      };
    });
}

function editsOf(node: Node & Record<string, unknown>, text: string): readonly Edit[] {
  const source = (part: unknown) => text.slice((part as Node).start, (part as Node).end);
  const short = (part: unknown) => source(part).replace(/\s+/g, ' ').slice(0, 50);
  const { start, end } = node;
  switch (node.type) {
    case 'LogicalExpression':
      return [
        { start, end, by: source(node.left), what: `drops "${node.operator} ${short(node.right)}"` },
        { start, end, by: source(node.right), what: `drops "${short(node.left)} ${node.operator}"` },
      ];
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node as unknown as { test: Node; consequent: Node; alternate: Node };
      const always = { start, end, by: source(consequent), what: `takes always "${short(test)} ?"` };
      // Without a value, a property that is there is as good as none.
      if (source(consequent) === '{}' && source(test).endsWith(' === undefined')) return [always];
      return [always, { start, end, by: source(alternate), what: `takes never "${short(test)} ?"` }];
    }
    case 'ArrayExpression': {
      const { elements } = node as unknown as { elements: readonly Node[] }; // a hole is no text
      if (!isListOfTexts(elements)) return [];
      return elements.map((one, at) => ({
        // With the comma behind it; the last one with the comma before it.
        start: at < elements.length - 1 ? one.start : elements[at - 1]!.end,
        end: at < elements.length - 1 ? elements[at + 1]!.start : one.end,
        by: '',
        what: `drops ${short(one)} of a list`,
      }));
    }
    case 'IfStatement': {
      const { test } = node as unknown as { test: Node };
      return [{ start: test.start, end: test.end, by: 'false', what: `never takes "if (${short(test)})"` }];
    }
    case 'CallExpression':
      if (/^(?:ctx\.)?report$/.test(source(node.callee))) {
        const [finding] = node.arguments as readonly Node[];
        return [{ start, end, by: 'void 0', what: `drops the report ${finding ? short(finding) : ''}` }];
      }
      return wordsOf(node, text);
    case 'Literal':
      return 'regex' in node && node.regex ? alternatives(source(node)).map((by) => ({ start, end, ...by })) : [];
    case 'NewExpression': {
      const [list] = node.arguments as readonly (Node & { elements?: readonly Node[] })[];
      if (source(node.callee) === 'RegExp' && list && isText(list)) {
        return alternatives(source(list)).map((by) => ({ start: list.start, end: list.end, ...by }));
      }
      if (source(node.callee) !== 'Set' || !list?.elements || isListOfTexts(list.elements)) return [];
      return list.elements.map((entry) => ({
        start: entry.start,
        end: entry.end,
        by: "'\\u0000'",
        what: `drops ${short(entry)} of a set`,
      }));
    }
    default:
      return [];
  }
}

/** `'a|b'.split('|')` without each of its words. */
function wordsOf(node: Node & Record<string, unknown>, text: string): readonly Edit[] {
  const { object, property } = node.callee as unknown as { object?: Node; property?: Node };
  if (!object || !property || !isText(object) || text.slice(property.start, property.end) !== 'split') return [];
  const words = text.slice(object.start + 1, object.end - 1).matchAll(/[^|\s](?:[^|]*[^|\s])?/g);
  return [...words].map((word) => {
    const start = object.start + 1 + word.index;
    return { start, end: start + word[0].length, by: '\\u0000', what: `drops "${word[0]}" of a list` };
  });
}

function isListOfTexts(elements: readonly (Node | null)[]): boolean {
  return elements.length > 1 && elements.every((one) => one?.type === 'Literal' && isText(one));
}

function isText(node: Node): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof (node as unknown as { value: unknown }).value === 'string');
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** The pattern without each of its alternatives: `/a|b/` gives `/b/` and `/a/`. Classes and escapes hold no alternatives. */
function alternatives(pattern: string): readonly { readonly by: string; readonly what: string }[] {
  const last = pattern.startsWith('/') ? pattern.lastIndexOf('/') : pattern.length - 1;
  return groupsOf(pattern, last).flatMap((parts) =>
    parts.map(({ start, end }, at) => ({
      // With the bar behind it; the last one with the bar before it.
      by: at < parts.length - 1 ? pattern.slice(0, start) + pattern.slice(end + 1) : pattern.slice(0, start - 1) + pattern.slice(end),
      what: `drops "${pattern.slice(start, end).slice(0, 40)}" of a pattern`,
    })),
  );
}

/** The alternatives of each group of a pattern that has several, between its delimiters at 0 and `last`. */
function groupsOf(pattern: string, last: number): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  const open: { from: number; parts: Part[] }[] = [{ from: 1, parts: [] }];
  const close = (at: number) => {
    const { from, parts } = open.pop()!;
    if (parts.length > 0) groups.push([...parts, { start: from, end: at }]);
  };
  const isTemplate = pattern.startsWith('`');
  let inClass = false;
  for (let at = 1; at < last; at++) {
    const letter = pattern[at];
    if (letter === '\\') at++;
    else if (isTemplate && pattern.startsWith('${', at)) at = pattern.indexOf('}', at);
    else if (letter === ']') inClass = false;
    else if (inClass) continue;
    else if (letter === '[') inClass = true;
    else if (letter === '(') {
      const head = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(pattern.slice(at + 1))?.[0] ?? '';
      open.push({ from: at + 1 + head.length, parts: [] });
    } else if (letter === ')') close(at);
    else if (letter === '|') {
      const group = open.at(-1)!;
      group.parts.push({ start: group.from, end: at });
      group.from = at + 1;
    }
  }
  close(last);
  return groups;
}
