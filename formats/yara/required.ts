// Which texts a rule cannot match without, from its condition: what is not understood demands nothing, so such a rule has to look at everything.
import type { YaraRule } from './model.ts';
import { parseYara } from './parse.ts';
import { better, either, type Literals, literalsOf, literalsOfText } from './windows.ts';

/** Conditions nested deeper than this are not looked through. */
const DEPTH_MAX = 64;

export interface RequiredTexts {
  /** For every rule that is reported by itself. Undefined: it can match a content that holds no text of note. */
  readonly byRule: ReadonlyMap<string, Literals | undefined>;
}

/** @throws FormatError for a source that cannot be taken apart. */
export function requiredTexts(source: string): RequiredTexts {
  const known = new Map<string, Literals | undefined>();
  const byRule = new Map<string, Literals | undefined>();
  for (const rule of parseYara(source)) {
    const named = either(rule.literals.map(literalsOfText));
    const literals = named ?? new Condition(rule, known).required();
    known.set(rule.name, literals);
    if (!rule.hidden) byRule.set(rule.name, literals);
  }
  return { byRule };
}

class Condition {
  private readonly patterns: ReadonlyMap<string, Literals | undefined>;
  private readonly tokens: readonly string[];
  private readonly rules: ReadonlyMap<string, Literals | undefined>;

  constructor(rule: YaraRule, rules: ReadonlyMap<string, Literals | undefined>) {
    this.patterns = new Map(rule.patterns.map((pattern) => [pattern.id, literalsOf(pattern)]));
    this.tokens = rule.condition;
    this.rules = rules;
  }

  required(): Literals | undefined {
    return this.any(0, this.tokens.length, 0);
  }

  /** `a or b`: one of them is enough for a match, so the texts of both may be what is there. */
  private any(from: number, to: number, depth: number): Literals | undefined {
    if (depth > DEPTH_MAX) return undefined;
    return either(this.split(from, to, 'or').map(([start, end]) => this.all(start, end, depth)));
  }

  private all(from: number, to: number, depth: number): Literals | undefined {
    return this.split(from, to, 'and')
      .map(([start, end]) => this.term(start, end, depth))
      .reduce(better, undefined);
  }

  private term(from: number, to: number, depth: number): Literals | undefined {
    const [first, second] = [this.tokens[from], this.tokens[from + 1]];
    if (first === undefined || from >= to) return undefined;
    if (first === '(' && this.closing(from) === to - 1) return this.any(from + 1, to - 1, depth + 1);
    if (second === 'of' && (first === 'any' || first === 'all' || /^[1-9]\d*$/.test(first))) return this.ofSet(from + 2, to);
    if (to === from + 1) return first.startsWith('$') ? this.patterns.get(first.slice(1)) : this.rules.get(first);
    if (first.startsWith('$') && (second === 'at' || second === 'in')) return this.patterns.get(first.slice(1));
    const isCount = first.startsWith('#') && to === from + 3 && /^(?:>|>=|==)$/.test(second!);
    if (isCount && (second === '>' || Number(this.tokens[from + 2]) >= 1)) return this.patterns.get(first.slice(1));
    return undefined;
  }

  /** `them`, or names of patterns in brackets; whatever follows (`in`, `at`) only asks for more. */
  private ofSet(from: number, to: number): Literals | undefined {
    if (this.tokens[from] === 'them') return either([...this.patterns.values()]);
    if (this.tokens[from] !== '(') return undefined;
    const end = this.closing(from);
    if (end >= to) return undefined;
    const names = this.tokens.slice(from + 1, end).filter((token) => token !== ',');
    if (!names.every((name) => name.startsWith('$'))) return undefined;
    const ids = names.flatMap((name) => {
      if (!name.endsWith('*')) return [name.slice(1)];
      return [...this.patterns.keys()].filter((id) => id.startsWith(name.slice(1, -1)));
    });
    return either(ids.map((id) => this.patterns.get(id)));
  }

  /** The parts between the word, outside of brackets. */
  private split(from: number, to: number, word: 'and' | 'or'): readonly (readonly [number, number])[] {
    const parts: (readonly [number, number])[] = [];
    let [start, depth] = [from, 0];
    for (let at = from; at < to; at++) {
      const token = this.tokens[at]!;
      if (/^[([]$/.test(token)) depth++;
      else if (/^[)\]]$/.test(token)) depth--;
      else if (token === word && depth === 0) {
        parts.push([start, at]);
        start = at + 1;
      }
    }
    return [...parts, [start, to]];
  }

  private closing(from: number): number {
    let depth = 0;
    for (let at = from; at < this.tokens.length; at++) {
      if (this.tokens[at] === '(') depth++;
      if (this.tokens[at] === ')' && --depth === 0) return at;
    }
    return this.tokens.length;
  }
}
