// What a registry value says as text or as a number, whatever type somebody gave it.
import { utf16 } from '../formats/bytes.ts';
import type { StoredValue } from './image.ts';

/** More of a value is no command, name or path. */
const RAW_MAX = 64 * 1024;

/**
 * The text of a value: REG_SZ and REG_EXPAND_SZ without trailing blanks, the items of REG_MULTI_SZ with a blank between, bytes that are plain text as such.
 * Undefined when the value is absent, a number, or no text.
 */
export function valueText(value: StoredValue | undefined): string | undefined {
  const decoded = value?.decoded;
  if (!value) return undefined;
  if (decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ') return decoded.data.trim();
  if (decoded?.type === 'REG_MULTI_SZ') return decoded.data.join(' ').trim();
  if (decoded?.type === 'REG_DWORD' || decoded?.type === 'REG_QWORD') return undefined;
  return bytesText(value.raw);
}

function bytesText(raw: Uint8Array): string | undefined {
  if (raw.length < 2 || raw.length > RAW_MAX) return undefined;
  const wide = raw[1] === 0;
  const text = (wide ? utf16(raw) : Buffer.from(raw).toString('latin1')).replace(/\0.*$/s, '');
  return /^[\x20-\x7e]+$/.test(text) ? text.trim() : undefined;
}

/** The number of a value: REG_DWORD, or digits as text (decimal, `0x` hex). Undefined when it is absent or none. */
export function valueNumber(value: StoredValue | undefined): number | undefined {
  const decoded = value?.decoded;
  if (decoded?.type === 'REG_DWORD') return decoded.data;
  if (decoded?.type === 'REG_QWORD') return decoded.data > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(decoded.data);
  if (decoded?.type === 'REG_BINARY' && decoded.data.length === 4) {
    return new DataView(decoded.data.buffer, decoded.data.byteOffset, 4).getUint32(0, true);
  }
  const text = valueText(value);
  return text !== undefined && /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : undefined;
}
