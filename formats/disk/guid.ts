// GUIDs as Microsoft stores them: the first three fields little-endian. Facts: [MS-DTYP] 2.3.4.
import { Bytes } from '../bytes.ts';

export const NO_GUID = '00000000-0000-0000-0000-000000000000';

/** Lower-case text of the 16 bytes at `offset`. */
export function guidAt(data: Uint8Array, offset: number): string {
  const bytes = new Bytes('GUID', data);
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const rest = Buffer.from(bytes.slice(offset + 8, 8)).toString('hex');
  return `${hex(bytes.u32(offset), 8)}-${hex(bytes.u16(offset + 4), 4)}-${hex(bytes.u16(offset + 6), 4)}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
