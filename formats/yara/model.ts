// A YARA source as far as it has to be understood to say which texts a rule cannot match without.

export interface YaraPattern {
  /** Without the `$`; made up for an anonymous one. */
  readonly id: string;
  readonly kind: 'text' | 'hex' | 'regex';
  /** Of a text its bytes, one to a character; of the others the source between the delimiters. */
  readonly source: string;
  /** Of a regular expression: what stands behind its last slash. */
  readonly flags: string;
  readonly modifiers: ReadonlySet<string>;
}

export interface YaraRule {
  readonly name: string;
  /** A private rule is never reported by itself. */
  readonly hidden: boolean;
  /** Values of the meta key `literal`: what the author says to be in every content that the rule matches. */
  readonly literals: readonly string[];
  readonly patterns: readonly YaraPattern[];
  /** The tokens of the condition. */
  readonly condition: readonly string[];
}

/** One place of a pattern: the bytes that can stand there (folded), how often. `bytes` undefined: any byte. */
export interface Element {
  readonly bytes: readonly number[] | undefined;
  readonly min: number;
  readonly max: number;
}
