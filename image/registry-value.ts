// Registry values as steps set them: the stored value behind a decoded one, comparison, and how a value is shown.
import { encodeValue } from '../formats/hive/value.ts';
import { Secret } from '../lint/secret.ts';
import type { RegistryValue, StoredValue } from './image.ts';

/** The value as a hive stores it. */
export function storedValue(name: string, value: RegistryValue): StoredValue {
  return { name, ...encodeValue(value), decoded: value };
}

export function sameStored(a: StoredValue | undefined, b: StoredValue): boolean {
  return a !== undefined && a.type === b.type && Buffer.compare(a.raw, b.raw) === 0;
}

/** What is wrong with a value that a step gives; undefined when nothing is. A step need not be TypeScript, and 2 ** 32 would be stored as 0. */
export function valueFault(value: RegistryValue): string | undefined {
  const { type, data } = (value ?? {}) as { readonly type?: unknown; readonly data?: unknown };
  switch (type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return isText(data) ? undefined : `${type} takes text without NUL`;
    case 'REG_MULTI_SZ':
      return Array.isArray(data) && data.every(isText) ? undefined : `${type} takes a list of texts without NUL`;
    case 'REG_DWORD':
      return Number.isInteger(data) && (data as number) >= 0 && (data as number) < 2 ** 32
        ? undefined
        : `${type} takes a whole number from 0 to 4294967295`;
    case 'REG_QWORD':
      return typeof data === 'bigint' && data >= 0n && data < 2n ** 64n ? undefined : `${type} takes a bigint from 0 to 2 ** 64 - 1`;
    case 'REG_BINARY':
    case 'REG_NONE':
      return data instanceof Uint8Array ? undefined : `${type} takes a Uint8Array`;
    default:
      return 'it has no type that can be written (REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ, REG_DWORD, REG_QWORD, REG_BINARY, REG_NONE)';
  }
}

function isText(data: unknown): boolean {
  return typeof data === 'string' && !data.includes('\0');
}

/** Values that are secrets whatever they hold: log-on passwords, product keys. `TokenStore` and the like are none. */
const SECRET_NAME = /passw(?:or)?d$|passphrase|^pwd$|presharedkey|productkey|digitalproductid/i;
const PRODUCT_KEY = /\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\b/gi;
/** GUIDs, addresses and flags are read as hex; longer ones are data. */
const HEX_MAX = 32;

/** A short text of a value for plans and reports: `"text"`, a number in decimal, lists joined, short binary in hex; secrets masked. */
export function showValue(value: StoredValue): string {
  const decoded = value.decoded;
  const isNumber = decoded?.type === 'REG_DWORD' || decoded?.type === 'REG_QWORD';
  if (SECRET_NAME.test(value.name) && !isNumber && value.raw.length > 0) return '(redacted)';
  if (!decoded) return `${value.raw.length} bytes`;
  switch (decoded.type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return masked(JSON.stringify(decoded.data));
    case 'REG_DWORD':
    case 'REG_QWORD':
      return String(decoded.data);
    case 'REG_MULTI_SZ':
      return masked(JSON.stringify(decoded.data));
    case 'REG_BINARY':
    case 'REG_NONE':
      return decoded.data.length > HEX_MAX || decoded.data.length === 0
        ? `${decoded.data.length} bytes`
        : `hex ${Buffer.from(decoded.data).toString('hex')}`;
  }
}

/** The name of a value's type, or its number where it has none of ours. */
export function typeOf(value: StoredValue): string {
  return NAMES[value.type] ?? `type ${value.type}`;
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'REG_NONE',
  1: 'REG_SZ',
  2: 'REG_EXPAND_SZ',
  3: 'REG_BINARY',
  4: 'REG_DWORD',
  5: 'REG_DWORD_BIG_ENDIAN',
  6: 'REG_LINK',
  7: 'REG_MULTI_SZ',
  8: 'REG_RESOURCE_LIST',
  11: 'REG_QWORD',
};

function masked(text: string): string {
  return text.replace(PRODUCT_KEY, (key) => Secret.found('product-key', key).toString());
}
