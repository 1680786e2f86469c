// What container of other files a content is, by what stands in it and never by its name: cheap enough to be asked of every content of an image.
import { bufferOf } from './bytes.ts';

/** An archive format: our word for it, 7-Zip's word for it, and the bytes that tell it. */
export interface ArchiveKind {
  readonly id: string;
  /** For 7-Zip's switch -t; undefined where 7-Zip is to look for itself. */
  readonly type: string | undefined;
  /** True when so few bytes tell it that other contents begin with them by chance: then what cannot be opened was no archive. */
  readonly weak?: true;
  /** True when it holds exactly one content and may not say how large that is. */
  readonly single?: true;
}

interface Magic {
  readonly kind: ArchiveKind;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly check?: (head: Uint8Array, size: number) => boolean;
}

/** How much of the beginning of a content `contentKind` wants to see: the descriptors of a disc stand behind 32 KiB that belong to nobody. */
export const KIND_BYTES = 0x8000 + 6;
/** How much of the end: the directory of a zip ends with 22 bytes and a comment of up to 64 KiB (".ZIP File Format Specification" 4.3.16). */
export const TAIL_BYTES = 65_557;

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const kinds: ArchiveKind[] = [];
const magics: Magic[] = [];

type Mark = readonly [offset: number, bytes: string, check?: Magic['check']];

function known(kind: ArchiveKind, ...found: readonly Mark[]): ArchiveKind {
  kinds.push(kind);
  for (const [offset, bytes, check] of found) magics.push({ kind, offset, bytes: ascii(bytes), ...(check ? { check } : {}) });
  return kind;
}

const u16 = (head: Uint8Array, at: number) => (head[at] ?? 0) | ((head[at + 1] ?? 0) << 8);

// The magics are those of 7-Zip's own table ("7zz i") and of the formats' descriptions.
export const ZIP = known({ id: 'zip', type: 'zip' }, [0, 'PK\x03\x04'], [0, 'PK\x05\x06'], [0, 'PK\x07\x08PK']);
known({ id: 'wim', type: 'wim' }, [0, 'MSWIM\0\0\0'], [0, 'WLPWM\0\0\0']);
/** A program: what lies behind or in it is looked for by `embeddedArchives`. */
export const PROGRAM = known({ id: 'pe', type: undefined, weak: true }, [0, 'MZ']);
const VHD = known({ id: 'vhd', type: 'VHD' }, [0, 'conectix']);
// ECMA-119 8.1 and ECMA-167 2/9.1
known({ id: 'iso', type: 'Iso' }, [0x8001, 'CD001']);
known({ id: 'udf', type: 'Udf' }, [0x8001, 'BEA01'], [0x8001, 'NSR02'], [0x8001, 'NSR03']);
known({ id: '7z', type: '7z' }, [0, "7z\xbc\xaf'\x1c"]);
known({ id: 'rar', type: undefined }, [0, 'Rar!\x1a\x07']);
known({ id: 'cab', type: 'Cab' }, [0, 'MSCF\0\0\0\0']);
known({ id: 'ole', type: 'Compound' }, [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']); // msi, msp, and documents of old Office
known({ id: 'gzip', type: 'gzip', weak: true, single: true }, [0, '\x1f\x8b\x08']);
known({ id: 'xz', type: 'xz', single: true }, [0, '\xfd7zXZ\0']);
known({ id: 'zstd', type: 'zstd', weak: true, single: true }, [0, '\x28\xb5\x2f\xfd']);
known({ id: 'bzip2', type: 'bzip2', single: true }, [0, 'BZh', (head) => isBlockOfBzip2(head)]);
known({ id: 'compress', type: 'Z', weak: true, single: true }, [0, '\x1f\x9d']);
known({ id: 'lzma', type: 'lzma', weak: true, single: true }, [0, '\x5d\0\0', (head) => isSizeOfLzma(head)]);
known({ id: 'mslz', type: 'MsLZ', single: true }, [0, 'SZDD\x88\xf0\x27\x33']);
known({ id: 'tar', type: 'tar' }, [257, 'ustar']);
known({ id: 'cpio', type: 'Cpio', weak: true }, [0, '07070']);
known({ id: 'rpm', type: 'Rpm' }, [0, '\xed\xab\xee\xdb']);
known({ id: 'ar', type: 'Ar', weak: true }, [0, '!<arch>\ndebian-binary']);
known({ id: 'arj', type: 'Arj', weak: true }, [0, '\x60\xea', (head) => u16(head, 2) >= 30 && u16(head, 2) <= 2600 && head[10] === 2]);
known({ id: 'lzh', type: 'Lzh', weak: true }, [2, '-l', (head) => (head[4] === 0x68 || head[4] === 0x7a) && head[6] === 0x2d]);
known({ id: 'chm', type: 'Chm' }, [0, 'ITSF\x03\0\0\0\x60\0\0\0']);
known({ id: 'hxs', type: 'Hxs' }, [0, 'ITOLITLS\x01\0\0\0\x28\0\0\0']);
known({ id: 'vhdx', type: 'VHDX' }, [0, 'vhdxfile']);
known({ id: 'vmdk', type: 'VMDK' }, [0, 'KDMV']);
known({ id: 'qcow', type: 'QCOW' }, [0, 'QFI\xfb']);
known({ id: 'vdi', type: 'VDI' }, [64, '\x7f\x10\xda\xbe']);
known({ id: 'squashfs', type: 'SquashFS', weak: true }, [0, 'hsqs']);
known({ id: 'xar', type: 'Xar' }, [0, 'xar!\0']);
// Volumes and disks as they are; a boot sector alone, as tools keep copies of, is none.
const MIB = 1024 * 1024;
known({ id: 'ntfs', type: 'NTFS', weak: true }, [3, 'NTFS    ', (_, size) => size >= MIB]);
known({ id: 'bitlocker', type: undefined, weak: true }, [3, '-FVE-FS-', (_, size) => size >= MIB]);
known(
  { id: 'fat', type: 'FAT', weak: true },
  ...(['FAT12   ', 'FAT16   '] as const).map((name) => [54, name, (_, size) => size >= 64 * 1024] satisfies Mark),
  [82, 'FAT32   ', (_, size) => size >= MIB],
);
known({ id: 'gpt', type: 'GPT', weak: true }, [512, 'EFI PART\0\0\x01\0']);
known({ id: 'mbr', type: 'MBR', weak: true }, [510, '\x55\xaa', (head, size) => size >= MIB && isTableOfMbr(head)]);

const byId = new Map(kinds.map((kind) => [kind.id, kind]));

/** The kind of that id. */
export function kindOf(id: string): ArchiveKind | undefined {
  return byId.get(id);
}

const byFirst = new Map<number, Magic[]>();
const elsewhere: Magic[] = [];
for (const magic of magics) {
  if (magic.offset > 0) elsewhere.push(magic);
  else byFirst.set(magic.bytes[0]!, [...(byFirst.get(magic.bytes[0]!) ?? []), magic]);
}

/**
 * The kind that the first bytes say, or undefined for anything else.
 * @param head the first KIND_BYTES of the content, or all of it
 */
export function contentKind(head: Uint8Array, size = head.length): ArchiveKind | undefined {
  const first = byFirst.get(head[0] ?? -1);
  return (first && firstOf(first, head, size)) ?? firstOf(elsewhere, head, size);
}

/**
 * The kind that the last bytes say: readers of zip and VHD look there, whatever stands in front (a picture, a program, a script).
 * @param tail the last bytes of the content, up to TAIL_BYTES
 */
export function tailKind(tail: Uint8Array, size: number): ArchiveKind | undefined {
  if (size >= 1024 && size % 512 === 0 && startsWith(tail, tail.length - 512, VHD_COOKIE)) return VHD;
  return isEndOfZip(tail, size) ? ZIP : undefined;
}

const VHD_COOKIE = ascii('conectix');
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const END_SIZE = 22;

/** +0x0a entries, +0x0c size and +0x10 offset of the directory, +0x14 size of the comment that ends the file. */
function isEndOfZip(tail: Uint8Array, size: number): boolean {
  const bytes = bufferOf(tail);
  for (let at = bytes.indexOf(END_OF_DIRECTORY); at >= 0 && at + END_SIZE <= bytes.length; at = bytes.indexOf(END_OF_DIRECTORY, at + 1)) {
    if (bytes.readUInt16LE(at + 10) === 0 || at + END_SIZE + bytes.readUInt16LE(at + 20) > bytes.length) continue;
    if (bytes.readUInt32LE(at + 12) <= size - (bytes.length - at)) return true;
  }
  return false;
}

function firstOf(candidates: readonly Magic[], head: Uint8Array, size: number): ArchiveKind | undefined {
  return candidates.find(({ offset, bytes, check }) => startsWith(head, offset, bytes) && (check?.(head, size) ?? true))?.kind;
}

function startsWith(data: Uint8Array, at: number, bytes: Uint8Array): boolean {
  if (at < 0 || at + bytes.length > data.length) return false;
  for (let index = 0; index < bytes.length; index++) if (data[at + index] !== bytes[index]) return false;
  return true;
}

/** Level 1 to 9, then the mark of a block (pi) or of the end (its root). */
function isBlockOfBzip2(head: Uint8Array): boolean {
  const level = head[3] ?? 0;
  return level >= 0x31 && level <= 0x39 && (startsWith(head, 4, ascii('1AY&SY')) || startsWith(head, 4, ascii('\x17rE8P\x90')));
}

/** +0x1be four entries of 16 bytes: +0 0x80 for the active one, +4 the type, +8 the first sector, +12 how many; unused ones are zeros. */
function isTableOfMbr(head: Uint8Array): boolean {
  const bytes = bufferOf(head);
  let used = 0;
  for (let at = 0x1be; at < 0x1fe; at += 16) {
    if (bytes.subarray(at, at + 16).every((byte) => byte === 0)) continue;
    if ((bytes[at]! & 0x7f) !== 0 || bytes[at + 4] === 0 || bytes.readUInt32LE(at + 8) === 0 || bytes.readUInt32LE(at + 12) === 0)
      return false;
    used++;
  }
  return used > 0;
}

/** +0x05 the size as 64 bits: all ones when it is not known, else below a terabyte. */
function isSizeOfLzma(head: Uint8Array): boolean {
  if (head.length < 13) return false;
  const high = head.subarray(10, 13);
  return high.every((byte) => byte === 0) || head.subarray(5, 13).every((byte) => byte === 0xff);
}
