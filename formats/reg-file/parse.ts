// .reg files as a list of operations, in order: keys made and removed, values set and deleted, each with its line.
import { FormatError, utf16Bytes } from '../bytes.ts';
import { type DecodedValue, decodeValue, REG_BINARY, REG_EXPAND_SZ, REG_MULTI_SZ, REG_NONE, REG_SZ } from '../hive/value.ts';
import { decodeRegFile } from './text.ts';

/** Operations of one file. */
export const REG_OPERATIONS_MAX = 50_000;
/** What a hive keeps in one plain cell; larger values cannot be written. */
export const REG_VALUE_MAX = 16_344;
/** Windows' own limits, in characters and levels. */
const KEY_NAME_MAX = 255;
const KEY_DEPTH_MAX = 512;
const VALUE_NAME_MAX = 16_383;

export type RegOperation = {
  /** As written, root first: `HKEY_LOCAL_MACHINE\SOFTWARE\Key`. */
  readonly key: string;
  readonly line: number;
} & (
  | { readonly kind: 'make-key' }
  | { readonly kind: 'remove-key' }
  /** `name` is '' for the default value. */
  | { readonly kind: 'set-value'; readonly name: string; readonly value: DecodedValue }
  | { readonly kind: 'delete-value'; readonly name: string }
);

/** @throws FormatError with the line in its message */
export function parseRegFile(bytes: Uint8Array): readonly RegOperation[] {
  const { text, version } = decodeRegFile(bytes);
  return new Parser(text, version).run();
}

class Parser {
  private readonly text: string;
  private readonly version: 4 | 5;
  private readonly operations: RegOperation[] = [];
  private at = 0;
  private line = 1;
  private key: { readonly path: string; readonly removed: boolean } | undefined;

  constructor(text: string, version: 4 | 5) {
    this.text = text;
    this.version = version;
    this.skipLine();
  }

  run(): readonly RegOperation[] {
    while (this.at < this.text.length) {
      this.skipBlanks();
      const begins = this.text[this.at];
      if (begins === '[') this.readKey();
      else if (begins === '"' || begins === '@') this.readValue();
      else if (begins !== undefined && begins !== '\n' && begins !== ';') this.fail('is no key, value or comment');
      this.skipLine();
    }
    return this.operations;
  }

  private readKey(): void {
    const end = this.text.indexOf('\n', this.at);
    const whole = this.text.slice(this.at, end < 0 ? undefined : end).trimEnd();
    // A key name may hold a bracket: the last one closes.
    const inner = /^\[(-?)(.*)\][ \t]*(?:;.*)?$/.exec(whole);
    if (!inner) this.fail('is a key without its closing bracket');
    const path = inner[2]!.replace(/\\+$/, '');
    const names = path.split('\\');
    if (names.length > KEY_DEPTH_MAX) this.fail(`is a key more than ${KEY_DEPTH_MAX} levels deep`);
    for (const name of names) {
      if (name === '') this.fail('is a key with an empty name in it');
      if (name.length > KEY_NAME_MAX) this.fail(`is a key with a name of more than ${KEY_NAME_MAX} characters`);
    }
    const removed = inner[1] === '-';
    this.key = { path, removed };
    this.add({ kind: removed ? 'remove-key' : 'make-key', key: path, line: this.line });
  }

  private readValue(): void {
    const { line } = this;
    if (!this.key) this.fail('is a value before any key');
    if (this.key.removed) this.fail('is a value of a key that is removed');
    const { path: key } = this.key;
    const name = this.text[this.at] === '@' ? this.defaultName() : this.readText();
    if (name.length > VALUE_NAME_MAX) this.fail(`has a value name of more than ${VALUE_NAME_MAX} characters`);
    this.skipBlanks();
    if (this.text[this.at] !== '=') this.fail('is a value without "="');
    this.at++;
    this.skipBlanks();
    if (this.text[this.at] === '-') {
      this.at++;
      this.add({ kind: 'delete-value', key, name, line });
    } else {
      const value = this.readData();
      this.add({ kind: 'set-value', key, name, value, line });
    }
    this.skipBlanks();
    const rest = this.text[this.at];
    if (rest !== undefined && rest !== '\n' && rest !== ';') this.fail('has something behind its value');
  }

  private defaultName(): '' {
    this.at++;
    return '';
  }

  private readData(): DecodedValue {
    const { line } = this;
    if (this.text[this.at] === '"') {
      const data = this.readText();
      return this.sized({ type: 'REG_SZ', data }, utf16Bytes(data).length + 2, line);
    }
    const form = /^(?:dword|hex(?:\(([0-9a-f]{1,8})\))?):/i.exec(this.text.slice(this.at, this.at + 20));
    if (!form) this.fail('has a value that is neither text, dword nor hex');
    this.at += form[0].length;
    if (form[0].toLowerCase() === 'dword:') return this.readDword();
    const type = form[1] === undefined ? REG_BINARY : Number.parseInt(form[1], 16);
    const raw = this.readHex();
    return this.valueOf(type, raw, line);
  }

  private readDword(): DecodedValue {
    this.skipBlanks();
    const digits = /^[0-9A-Za-z]*/.exec(this.text.slice(this.at, this.at + 40))![0];
    if (!/^[0-9a-f]{1,8}$/i.test(digits)) this.fail('has a dword that is not 1 to 8 hex digits');
    this.at += digits.length;
    return { type: 'REG_DWORD', data: Number.parseInt(digits, 16) };
  }

  /** Bytes of two digits with commas between them; a backslash at the end of a line goes on in the next one. */
  private readHex(): Uint8Array {
    const bytes: number[] = [];
    let needsComma = false;
    for (;;) {
      this.skipBlanks();
      const sign = this.text[this.at];
      if (sign === '\\') this.continueLine();
      else if (sign === ',' && needsComma) {
        this.at++;
        needsComma = false;
      } else if (sign === undefined || sign === '\n' || sign === ';') {
        if (!needsComma && bytes.length > 0) this.fail('has hex that ends with a comma');
        return Uint8Array.from(bytes);
      } else {
        const digits = this.text.slice(this.at, this.at + 2).replace(/[^0-9a-f].*$/is, '');
        const behind = this.text[this.at + digits.length] ?? '\n';
        if (needsComma || digits === '' || !' \t,\\;\n'.includes(behind)) this.fail(`has broken hex behind byte ${bytes.length}`);
        this.at += digits.length;
        if (bytes.push(Number.parseInt(digits, 16)) > REG_VALUE_MAX) this.tooLarge(`more than ${REG_VALUE_MAX}`, this.line);
        needsComma = true;
      }
    }
  }

  private continueLine(): void {
    const begun = this.line;
    this.at++;
    this.skipBlanks();
    if (this.text[this.at] !== '\n') this.fail('has a backslash that is not at the end of its line');
    this.at++;
    this.line++;
    if (this.at >= this.text.length) this.fail('has hex that goes on behind the end of the file', begun);
  }

  private valueOf(type: number, raw: Uint8Array, line: number): DecodedValue {
    const isText = type === REG_SZ || type === REG_EXPAND_SZ || type === REG_MULTI_SZ;
    const bytes = isText && this.version === 4 ? this.widened(raw, line) : raw;
    if (type === REG_NONE) return { type: 'REG_NONE', data: bytes };
    const value = decodeValue(type, bytes);
    if (!value) this.fail(`has a value of type ${type} that its ${raw.length} bytes do not fit, or that is not for configuration`, line);
    if (isText && type !== REG_MULTI_SZ && nulInside(bytes)) this.fail('has a text with a NUL inside', line);
    return this.sized(value, bytes.length, line);
  }

  /** REGEDIT4 writes texts as bytes of the code page of its machine; in ASCII all of them agree. */
  private widened(raw: Uint8Array, line: number): Uint8Array {
    if (raw.some((byte) => byte > 0x7e)) this.fail('has text beyond ASCII in hex, which depends on a code page in REGEDIT4', line);
    return utf16Bytes(Buffer.from(raw).toString('latin1'));
  }

  private sized(value: DecodedValue, size: number, line: number): DecodedValue {
    if (size > REG_VALUE_MAX) this.tooLarge(String(size), line);
    return value;
  }

  private tooLarge(size: string, line: number): never {
    this.fail(`has a value of ${size} bytes (at most ${REG_VALUE_MAX} can be written)`, line);
  }

  /** `"…"` with `\\` and `\"`; regedit writes line ends inside a text as they are. */
  private readText(): string {
    const begun = this.line;
    let text = '';
    for (this.at++; ; ) {
      const sign = this.text[this.at++];
      if (sign === undefined) this.fail('begins a text without its closing quote', begun);
      if (sign === '"') break;
      if (sign === '\0') this.fail('has a text with a NUL inside');
      if (sign === '\n') this.line++;
      if (sign !== '\\') {
        text += sign === '\n' ? '\r\n' : sign;
        continue;
      }
      const next = this.text[this.at++];
      if (next !== '\\' && next !== '"') this.fail('has a lone backslash in a text (write it twice)');
      text += next;
    }
    return text;
  }

  private add(operation: RegOperation): void {
    if (this.operations.push(operation) > REG_OPERATIONS_MAX)
      this.fail(`is the ${REG_OPERATIONS_MAX + 1}st operation of the file, one too many`);
  }

  private skipBlanks(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }

  private skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end < 0 ? this.text.length : end + 1;
    this.line++;
  }

  private fail(what: string, line = this.line): never {
    throw new FormatError('.reg file', `line ${line}: ${what}`);
  }
}

/** A NUL before the ones at the end. */
function nulInside(raw: Uint8Array): boolean {
  let end = raw.length;
  while (end >= 2 && raw[end - 1] === 0 && raw[end - 2] === 0) end -= 2;
  for (let at = 0; at + 1 < end; at += 2) if (raw[at] === 0 && raw[at + 1] === 0) return true;
  return false;
}
