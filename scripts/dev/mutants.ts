// Small damages to a source file, each of one clause: what a test of that file must notice.
import { parseSync } from 'oxc-parser';

export interface Mutant {
  readonly line: number;
  /** What was done, in a few words. */
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

/** One mutant for each clause: an operand, a branch, a report, an alternative of a pattern, an entry of a set. */
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
  return [...edits]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ start, end, by, what }) => ({
      line: text.slice(0, start).split('\n').length,
      what,
      text: text.slice(0, start) + by + text.slice(end),
    }));
}

function editsOf(node: Node & Record<string, unknown>, text: string): readonly Edit[] {
  const source = (part: unknown) => text.slice((part as Node).start, (part as Node).end);
  const short = (part: unknown) => source(part).replace(/\s+/g, ' ').slice(0, 50);
  const { start, end } = node;
  switch (node.type) {
    case 'LogicalExpression':
      if (node.operator === '??') return [];
      return [
        { start, end, by: source(node.left), what: `drops "${node.operator} ${short(node.right)}"` },
        { start, end, by: source(node.right), what: `drops "${short(node.left)} ${node.operator}"` },
      ];
    case 'IfStatement': {
      const { test } = node as unknown as { test: Node };
      return [{ start: test.start, end: test.end, by: 'false', what: `never takes "if (${short(test)})"` }];
    }
    case 'CallExpression':
      return /^(?:ctx\.)?report$/.test(source(node.callee)) ? [{ start, end, by: 'void 0', what: 'drops a report' }] : [];
    case 'Literal':
      return 'regex' in node && node.regex ? alternatives(source(node)).map((by) => ({ start, end, ...by })) : [];
    case 'NewExpression': {
      const [list] = node.arguments as readonly (Node & { elements?: readonly Node[] })[];
      if (source(node.callee) !== 'Set' || !list?.elements) return [];
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

/** The pattern without each of its alternatives: `a|b` gives `b` and `a`. Classes and escapes hold no alternatives. */
function alternatives(pattern: string): readonly { readonly by: string; readonly what: string }[] {
  const bars: number[] = [];
  let inClass = false;
  for (let at = 1; at < pattern.lastIndexOf('/'); at++) {
    const letter = pattern[at];
    if (letter === '\\') at++;
    else if (letter === '[') inClass = true;
    else if (letter === ']') inClass = false;
    else if (letter === '|' && !inClass) bars.push(at);
  }
  return bars.flatMap((bar) => {
    const from = startOf(pattern, bar);
    return { by: pattern.slice(0, from) + pattern.slice(bar + 1), what: `drops "${pattern.slice(from, bar).slice(0, 40)}" of a pattern` };
  });
}

/** Where the alternative before the bar begins: behind the bar, the opening parenthesis or the start before it. */
function startOf(pattern: string, bar: number): number {
  let depth = 0;
  for (let at = bar - 1; at > 0; at--) {
    if (pattern[at - 1] === '\\') continue;
    if (pattern[at] === ')') depth++;
    else if (pattern[at] === '(' && depth-- === 0)
      return at + (/^\?(?:[:=!]|<[=!]|<\w+>)/.exec(pattern.slice(at + 1))?.[0].length ?? 0) + 1;
    else if (pattern[at] === '|' && depth === 0) return at + 1;
  }
  return 1;
}
