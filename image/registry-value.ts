// Registry values as bytes: the type numbers of winnt.h and the stored form of each decoded type.
import { utf16Bytes } from '../formats/bytes.ts';
import type { RegistryValue, StoredValue } from './image.ts';

export const REGISTRY_TYPE = {
  REG_SZ: 1,
  REG_EXPAND_SZ: 2,
  REG_BINARY: 3,
  REG_DWORD: 4,
  REG_MULTI_SZ: 7,
  REG_QWORD: 11,
} as const satisfies Record<RegistryValue['type'], number>;

/** The value as a hive stores it: strings as UTF-16LE with their terminator, numbers little-endian. */
export function encodeValue(name: string, value: RegistryValue): StoredValue {
  return { name, type: REGISTRY_TYPE[value.type], raw: rawOf(value), decoded: value };
}

function rawOf(value: RegistryValue): Uint8Array {
  switch (value.type) {
    case 'REG_SZ':
    case 'REG_EXPAND_SZ':
      return utf16Bytes(`${value.data}\0`);
    case 'REG_MULTI_SZ':
      return utf16Bytes(`${value.data.map((item) => `${item}\0`).join('')}\0`);
    case 'REG_DWORD': {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, value.data, true);
      return bytes;
    }
    case 'REG_QWORD': {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, value.data, true);
      return bytes;
    }
    case 'REG_BINARY':
      return value.data;
  }
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
