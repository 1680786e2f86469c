// DigitalProductId (version 3) and DigitalProductId4: the binary values in which a Windows keeps its installed key.
// Layout: fox-it/dissect.target productkey.py; both checks and the channel's place measured on real hives.
import { createHash } from 'node:crypto';
import { Bytes, utf16 } from '../bytes.ts';
import { decodeKey, KEY_BYTES, type ProductKey } from './key.ts';

const SIZE_3 = 164;
const SIZE_4 = 1272;

export interface DigitalProductId3 {
  readonly version: 3;
  readonly productId: string; // +0x08 24 bytes of ASCII
  readonly group: number; // +0x20
  readonly partNumber: string; // +0x24 16 bytes of ASCII
  /** undefined: cleared. */
  readonly key: ProductKey | undefined; // +0x34 16 bytes
  /** Whether the CRC at the end fits. */
  readonly intact: boolean; // +0xa0
}

export interface DigitalProductId4 {
  readonly version: 4;
  readonly advancedPid: string; // +0x008 128 bytes of UTF-16
  readonly activationId: string; // +0x088 128 bytes
  readonly edition: string; // +0x118 520 bytes: the edition that the key is for
  /** undefined: cleared. */
  readonly key: ProductKey | undefined; // +0x328 16 bytes, not at +0x34 as in version 3
  /** Whether the SHA-256 of the key's bytes (+0x338) and of the whole (+0x358) fit. */
  readonly intact: boolean;
  readonly partNumber: string; // +0x378 128 bytes
  /** `Retail`, `Volume:GVLK`, `Volume:MAK`, `Volume:CSVLK`, `OEM:DM`, `Retail:TB:Eval`, … */
  readonly channel: string; // +0x3f8 128 bytes
}

export function parseDigitalProductId(data: Uint8Array): DigitalProductId3 {
  const bytes = new Bytes('DigitalProductId', data);
  if (bytes.u32(0, 'size') !== SIZE_3) bytes.fail(`has a size that is not ${SIZE_3}`, 0);
  if (bytes.u16(4, 'version') !== 3) bytes.fail('is not version 3', 4);
  bytes.need(0, SIZE_3, 'structure');
  return {
    version: 3,
    productId: ascii(bytes.slice(8, 24)),
    group: bytes.u32(0x20),
    partNumber: ascii(bytes.slice(0x24, 16)),
    key: decodeKey(bytes.slice(0x34, KEY_BYTES)),
    intact: ~crc32(bytes.slice(0, 0xa0)) >>> 0 === bytes.u32(0xa0),
  };
}

export function parseDigitalProductId4(data: Uint8Array): DigitalProductId4 {
  const bytes = new Bytes('DigitalProductId4', data);
  if (bytes.u32(0, 'size') !== SIZE_4) bytes.fail(`has a size that is not ${SIZE_4}`, 0);
  if (bytes.u16(4, 'version') !== 4) bytes.fail('is not version 4', 4);
  const whole = bytes.slice(0, SIZE_4, 'structure');
  const unsigned = Uint8Array.from(whole).fill(0, 0x358, 0x378);
  return {
    version: 4,
    advancedPid: text(bytes.slice(8, 128)),
    activationId: text(bytes.slice(0x88, 128)),
    edition: text(bytes.slice(0x118, 520)),
    key: decodeKey(bytes.slice(0x328, KEY_BYTES)),
    intact: isDigest(bytes.slice(0x328, 16), bytes.slice(0x338, 32)) && isDigest(unsigned, bytes.slice(0x358, 32)),
    partNumber: text(bytes.slice(0x378, 128)),
    channel: text(bytes.slice(0x3f8, 128)),
  };
}

function isDigest(content: Uint8Array, digest: Uint8Array): boolean {
  return createHash('sha256').update(content).digest().equals(digest);
}

/** Text up to the first NUL. */
function text(field: Uint8Array): string {
  return utf16(field).split('\0', 1)[0] ?? '';
}

function ascii(field: Uint8Array): string {
  return Buffer.from(field).toString('latin1').split('\0', 1)[0] ?? '';
}

/** The usual CRC-32 (zlib's), which the structure stores without the final inversion. */
function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
