// Registry value types: how stored bytes are understood, and how a value is stored.
import { utf16, utf16Bytes, viewOf } from '../bytes.ts';

export const REG_NONE = 0;
export const REG_SZ = 1;
export const REG_EXPAND_SZ = 2;
export const REG_BINARY = 3;
export const REG_DWORD = 4;
export const REG_MULTI_SZ = 7;
export const REG_QWORD = 11;

/** The value types that have a decoded form. */
export type DecodedValue =
  | { readonly type: 'REG_SZ' | 'REG_EXPAND_SZ'; readonly data: string }
  | { readonly type: 'REG_DWORD'; readonly data: number }
  | { readonly type: 'REG_QWORD'; readonly data: bigint }
  | { readonly type: 'REG_MULTI_SZ'; readonly data: readonly string[] }
  | { readonly type: 'REG_BINARY'; readonly data: Uint8Array }
  | { readonly type: 'REG_NONE'; readonly data: Uint8Array };

/**
 * The decoded view, or undefined where type and bytes do not agree (text of odd length, a DWORD that is not 4 bytes) and for
 * types without one (REG_DWORD_BIG_ENDIAN, REG_LINK, resource lists, device property types).
 *
 * Text ends at its first NUL, as every Windows reader takes it: TimeZoneKeyName carries old bytes behind its NUL in real hives.
 * A list keeps empty strings in its middle, because what stands behind them is stored too.
 */
export function decodeValue(type: number, raw: Uint8Array): DecodedValue | undefined {
  switch (type) {
    case REG_SZ:
    case REG_EXPAND_SZ: {
      if (raw.length % 2 !== 0) return undefined;
      const text = utf16(raw);
      const end = text.indexOf('\0');
      return { type: type === REG_SZ ? 'REG_SZ' : 'REG_EXPAND_SZ', data: end < 0 ? text : text.slice(0, end) };
    }
    case REG_MULTI_SZ: {
      if (raw.length % 2 !== 0) return undefined;
      const text = withoutFinalNuls(utf16(raw));
      return { type: 'REG_MULTI_SZ', data: text === '' ? [] : text.split('\0') };
    }
    case REG_DWORD:
      return raw.length === 4 ? { type: 'REG_DWORD', data: viewOf(raw).getUint32(0, true) } : undefined;
    case REG_QWORD:
      return raw.length === 8 ? { type: 'REG_QWORD', data: viewOf(raw).getBigUint64(0, true) } : undefined;
    case REG_BINARY:
      return { type: 'REG_BINARY', data: raw };
    case REG_NONE:
      return { type: 'REG_NONE', data: raw };
    default:
      return undefined;
  }
}

/** Type number and bytes as Windows would store the value. Text gets its terminator. */
export function encodeValue(value: DecodedValue): { readonly type: number; readonly raw: Uint8Array } {
  switch (value.type) {
    case 'REG_SZ':
      return { type: REG_SZ, raw: utf16Bytes(`${value.data}\0`) };
    case 'REG_EXPAND_SZ':
      return { type: REG_EXPAND_SZ, raw: utf16Bytes(`${value.data}\0`) };
    case 'REG_MULTI_SZ':
      return { type: REG_MULTI_SZ, raw: utf16Bytes(`${value.data.map((item) => `${item}\0`).join('')}\0`) };
    case 'REG_DWORD': {
      const raw = new Uint8Array(4);
      viewOf(raw).setUint32(0, value.data, true);
      return { type: REG_DWORD, raw };
    }
    case 'REG_QWORD': {
      const raw = new Uint8Array(8);
      viewOf(raw).setBigUint64(0, value.data, true);
      return { type: REG_QWORD, raw };
    }
    case 'REG_BINARY':
      return { type: REG_BINARY, raw: value.data };
    case 'REG_NONE':
      return { type: REG_NONE, raw: value.data };
  }
}

/** One by one and not by a pattern: a megabyte of NULs would cost a pattern its square. */
function withoutFinalNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}
