// The headers of a PE file: what the loader must find before it looks at anything else.
import { Bytes, FormatError } from '../bytes.ts';
import type { PeDirectory, PeHeaders, PeMachine, PeSection } from './model.ts';

const MACHINES: ReadonlyMap<number, PeMachine> = new Map([
  [0x14c, 'x86'],
  [0x8664, 'amd64'],
  [0xaa64, 'arm64'],
  [0x1c0, 'arm'],
  [0x1c2, 'arm'],
  [0x1c4, 'arm'],
]);
/** The loader takes 96; newer ones take what fits 16 bits. */
const SECTIONS_MAX = 4096;
const DIRECTORIES_MAX = 16;
const SECTION_BYTES = 40;
const SUBSYSTEM_NATIVE = 1;
const IS_DLL = 0x2000;
/** The entry of the certificates, counted from 0. */
const CERTIFICATES = 4;

/** True when the bytes begin like a PE file: `MZ`, and where it points, `PE\0\0`. A DOS program is none. */
export function isPe(content: Uint8Array): boolean {
  return peSignatureAt(content, 0);
}

/** The same for a PE file that begins at `start`. */
export function peSignatureAt(content: Uint8Array, start: number): boolean {
  if (content[start] !== 0x4d || content[start + 1] !== 0x5a || start + 0x40 > content.length) return false;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const at = start + view.getUint32(start + 0x3c, true);
  return at + 4 <= content.length && view.getUint32(at, true) === 0x00004550;
}

/** @throws FormatError when no Windows would load it. */
export function parsePeHeaders(content: Uint8Array): PeHeaders {
  const bytes = new Bytes('PE', content);
  if (!isPe(content)) throw new FormatError('PE', 'has no PE signature');
  const coff = bytes.u32(0x3c) + 4;
  const sectionCount = bytes.u16(coff + 2, 'number of sections');
  const optionalSize = bytes.u16(coff + 16, 'size of the optional header');
  const optional = coff + 20;
  const magic = bytes.u16(optional, 'magic of the optional header');
  if (magic !== 0x10b && magic !== 0x20b) throw new FormatError('PE', `has an optional header of kind 0x${magic.toString(16)}`, optional);
  const wide = magic === 0x20b;
  if (sectionCount > SECTIONS_MAX) bytes.fail(`says that it has ${sectionCount} sections`, coff + 2);
  const directoriesAt = optional + (wide ? 112 : 96);
  const fileAlignment = bytes.u32(optional + 36);
  const sectionAlignment = bytes.u32(optional + 32);
  const directories = directoriesOf(bytes, directoriesAt, optional + optionalSize);
  return {
    machine: MACHINES.get(bytes.u16(coff)) ?? 'other',
    bits: wide ? 64 : 32,
    dll: (bytes.u16(coff + 18) & IS_DLL) !== 0,
    driver: bytes.u16(optional + 68) === SUBSYSTEM_NATIVE,
    timestamp: bytes.u32(coff + 4),
    imageBase: wide ? bytes.u64(optional + 24) : BigInt(bytes.u32(optional + 28)),
    headersSize: bytes.u32(optional + 60),
    optionalOffset: optional,
    checksumOffset: optional + 64,
    certificateEntryOffset: directories.length > CERTIFICATES ? directoriesAt + 8 * CERTIFICATES : undefined,
    sections: sectionsOf(bytes, optional + optionalSize, sectionCount, { fileAlignment, sectionAlignment }),
    directories,
  };
}

function directoriesOf(bytes: Bytes, at: number, end: number): readonly PeDirectory[] {
  const count = Math.min(bytes.u32(at - 4, 'number of directories'), DIRECTORIES_MAX, Math.max(0, Math.floor((end - at) / 8)));
  return Array.from({ length: count }, (_, index) => ({ rva: bytes.u32(at + 8 * index), size: bytes.u32(at + 8 * index + 4) }));
}

function sectionsOf(
  bytes: Bytes,
  start: number,
  count: number,
  { fileAlignment, sectionAlignment }: { fileAlignment: number; sectionAlignment: number },
): readonly PeSection[] {
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * SECTION_BYTES;
    bytes.need(at, SECTION_BYTES, 'section header');
    const name = Buffer.from(bytes.slice(at, 8)).toString('latin1').replace(/\0.*$/s, '');
    const stored = bytes.u32(at + 20);
    // The loader rounds down to 512, unless the file is laid out as in memory.
    const offset = fileAlignment >= 512 && sectionAlignment >= 4096 ? stored - (stored % 512) : stored;
    return {
      name,
      virtualSize: bytes.u32(at + 8),
      rva: bytes.u32(at + 12),
      size: bytes.u32(at + 16),
      offset,
      flags: bytes.u32(at + 36),
    };
  });
}

/** Where the byte at `rva` lies in the file; undefined when it lies in no part that the file holds. */
export function offsetOf(rva: number, headers: PeHeaders, length: number): number | undefined {
  for (const { rva: start, virtualSize, offset, size } of headers.sections) {
    if (rva < start || rva >= start + Math.max(virtualSize, size)) continue;
    const at = offset + rva - start;
    return rva - start < size && at < length ? at : undefined;
  }
  return rva < headers.headersSize && rva < length ? rva : undefined;
}
