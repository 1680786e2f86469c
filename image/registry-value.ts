// Registry values as steps set them: the stored value behind a decoded one, comparison, and how a value is shown.
import { encodeValue } from '../formats/hive/value.ts';
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
      return data instanceof Uint8Array ? undefined : `${type} takes a Uint8Array`;
    default:
      return 'it has no type that can be written (REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ, REG_DWORD, REG_QWORD, REG_BINARY)';
  }
}

function isText(data: unknown): boolean {
  return typeof data === 'string' && !data.includes('\0');
}

/** A short text of a value for plans and reports: `"text"`, a number in decimal, lists joined, binary as its size. */
export function showValue(value: StoredValue): string {
  const decoded = value.decoded;
  if (!decoded) return `type ${value.type}, ${value.raw.length} bytes`;
  switch (decoded.type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return JSON.stringify(decoded.data);
    case 'REG_DWORD':
    case 'REG_QWORD':
      return String(decoded.data);
    case 'REG_MULTI_SZ':
      return JSON.stringify(decoded.data);
    case 'REG_BINARY':
      return `${decoded.data.length} bytes`;
  }
}
