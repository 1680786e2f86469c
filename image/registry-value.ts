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
