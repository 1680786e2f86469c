// Splits a YARA source into rules, their patterns and the tokens of their conditions. The compiler says what is valid; this only reads it.
import { FormatError } from '../bytes.ts';
import type { YaraPattern, YaraRule } from './model.ts';

const FORMAT = 'YARA source';

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const TOKEN =
  /[<>=!]=|[$#@!][A-Za-z0-9_]*\*?|"(?:\\[\s\S]|[^"\\\n])*"|0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:KB|MB)?|[A-Za-z_]\w*\*?|\.\.|<<|>>|[^\s]/y;
const REGEX = /\/((?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\[\n])+)\/([is]*)/y;
const HEX = /\{((?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[0-9a-fA-F?~()|[\]-])*)\}/y;

/** @throws FormatError for what is not understood: nothing is then known of any rule of the source. */
export function parseYara(source: string): readonly YaraRule[] {
  const reader = new Reader(source);
  const rules: YaraRule[] = [];
  for (let token = reader.token(); token !== ''; token = reader.token()) {
    if (token === 'import') reader.token();
    else if (token === 'include') reader.fail('includes other files');
    else {
      let hidden = false;
      for (; token === 'private' || token === 'global'; token = reader.token()) hidden ||= token === 'private';
      if (token !== 'rule') reader.fail(`"${token}" is no rule`);
      rules.push(readRule(reader, hidden));
    }
  }
  return rules;
}

function readRule(reader: Reader, hidden: boolean): YaraRule {
  const name = reader.token();
  let token = reader.token();
  if (token === ':')
    do token = reader.token();
    while (/^\w+$/.test(token));
  if (token !== '{') reader.fail(`the rule ${name} has no body`);
  const literals: string[] = [];
  const patterns: YaraPattern[] = [];
  for (token = reader.token(); token === 'meta' || token === 'strings'; token = reader.token()) {
    reader.expect(':');
    if (token === 'meta') readMeta(reader, literals);
    else readPatterns(reader, patterns);
  }
  if (token !== 'condition') reader.fail(`the rule ${name} has no condition`);
  reader.expect(':');
  return { name, hidden, literals, patterns, condition: readCondition(reader) };
}

function readMeta(reader: Reader, literals: string[]): void {
  while (/^[A-Za-z_]\w*$/.test(reader.peek()) && !['strings', 'condition'].includes(reader.peek())) {
    const key = reader.token();
    reader.expect('=');
    let value = reader.token();
    if (value === '-') value += reader.token();
    if (key === 'literal' && value.startsWith('"')) literals.push(textOf(value.slice(1, -1), reader));
  }
}

function readPatterns(reader: Reader, patterns: YaraPattern[]): void {
  while (reader.peek().startsWith('$')) {
    const id = reader.token().slice(1) || `#${patterns.length}`;
    reader.expect('=');
    const pattern = readPattern(reader);
    const modifiers = new Set<string>();
    while (/^(?:ascii|wide|nocase|fullword|private|xor|base64|base64wide)$/.test(reader.peek())) {
      modifiers.add(reader.token());
      if (reader.peek() === '(') while (reader.token() !== ')') if (reader.peek() === '') reader.fail('a modifier does not end');
    }
    patterns.push({ id, ...pattern, modifiers });
  }
}

function readPattern(reader: Reader): Pick<YaraPattern, 'kind' | 'source' | 'flags'> {
  const hex = reader.match(HEX);
  if (hex) return { kind: 'hex', source: hex[1]!.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' '), flags: '' };
  const regex = reader.match(REGEX);
  if (regex) return { kind: 'regex', source: regex[1]!, flags: regex[2]! };
  const token = reader.token();
  if (!token.startsWith('"') || token.length < 2) reader.fail(`"${token}" is no pattern`);
  return { kind: 'text', source: textOf(token.slice(1, -1), reader), flags: '' };
}

/** A `}` ends it: outside of texts none stands in a condition. A regular expression stands behind `matches` alone. */
function readCondition(reader: Reader): readonly string[] {
  const tokens: string[] = [];
  for (let token = reader.token(); token !== '}'; token = reader.token()) {
    if (token === '') reader.fail('a condition does not end');
    if (token === '/' && /^[(,]$/.test(tokens.at(-1) ?? '')) reader.fail('an expression stands in a call');
    tokens.push(token);
    if (token === 'matches' && !reader.match(REGEX)) reader.fail('"matches" without an expression');
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '"': '"', '\\': '\\' };

/** The bytes of a text, one to a character: characters of the source beyond ASCII are there as UTF-8. */
function textOf(inner: string, reader: Reader): string {
  return Buffer.from(inner, 'utf8')
    .toString('latin1')
    .replace(/\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g, (_, code: string | undefined, letter: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return ESCAPES[letter!] ?? reader.fail(`\\${letter} is not known in a text`);
    });
}

class Reader {
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** The next token, '' at the end. */
  token(): string {
    return this.match(TOKEN)?.[0] ?? '';
  }

  peek(): string {
    const { at } = this;
    const token = this.token();
    this.at = at;
    return token;
  }

  expect(token: string): void {
    const found = this.token();
    if (found !== token) this.fail(`"${found}" stands where "${token}" was expected`);
  }

  match(expression: RegExp): RegExpExecArray | undefined {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.source);
    expression.lastIndex = SPACE.lastIndex;
    const found = expression.exec(this.source);
    if (found) this.at = expression.lastIndex;
    return found ?? undefined;
  }

  fail(message: string): never {
    throw new FormatError(FORMAT, message, this.at);
  }
}
