// The target of a symbolic link or junction, from its reparse data. Facts: [MS-FSCC] 2.1.2.4 and 2.1.2.5; a WIM stores the data without the 8-byte header.
import { Bytes, utf16 } from '../bytes.ts';

export const TAG_SYMLINK = 0xa000000c;
export const TAG_MOUNT_POINT = 0xa0000003;

/** NTFS allows 16 KiB of reparse data, header included. */
export const REPARSE_BYTES_MAX = 16 * 1024;

/** The target as a person would write it (print name, else substitute name without `\??\`), or undefined for other tags. */
export function reparseTarget(tag: number, data: Uint8Array): string | undefined {
  if (tag !== TAG_SYMLINK && tag !== TAG_MOUNT_POINT) return undefined;
  const bytes = new Bytes('reparse data', data);
  // +0 substitute name offset, +2 its length, +4 print name offset, +6 its length; a symlink has 4 bytes of flags before the names.
  const names = tag === TAG_SYMLINK ? 12 : 8;
  const printed = utf16(bytes.slice(names + bytes.u16(4), bytes.u16(6), 'print name'));
  if (printed !== '') return printed;
  return utf16(bytes.slice(names + bytes.u16(0), bytes.u16(2), 'substitute name')).replace(/^\\\?\?\\/, '');
}
