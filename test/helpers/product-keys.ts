// Product keys and DigitalProductId values made at run time: no test holds the key of anybody.
import { createHash } from 'node:crypto';
import { checksumOf, encodeKey, textOf } from '../../formats/product-key/key.ts';

/** A key with an N and a fitting checksum, of a group that Microsoft never gave out. */
export function madeKey(seed: number, options: { serial?: number; group?: number } = {}): string {
  const security = createHash('sha256').update(`made key ${seed}`).digest().readBigUInt64LE() & ((1n << 53n) - 1n);
  const group = BigInt(options.group ?? 1_000_000 + (seed % 1000));
  const serial = BigInt(options.serial ?? 500_000_000 + seed);
  const number = group | (serial << 20n) | (security << 50n);
  return textOf(number | (BigInt(checksumOf(number)) << 103n), true);
}

/** A key without an N, as Windows 7 and Office 2010 have them. */
export function madeOldKey(seed: number): string {
  const digest = createHash('sha256').update(`old key ${seed}`).digest('hex');
  return textOf(BigInt(`0x${digest}`) % 24n ** 25n, false);
}

/** A DigitalProductId value of version 3; without a key it is a cleared one. */
export function madeDigitalProductId(key: string | undefined, partNumber = 'X00-00000'): Uint8Array {
  const data = Buffer.alloc(164);
  data.writeUInt32LE(164, 0);
  data.writeUInt16LE(3, 4);
  data.write('00000-00000-00000-AA000', 8, 'latin1');
  data.write(partNumber, 0x24, 'latin1');
  if (key) data.set(encodeKey(key), 0x34);
  data.writeUInt32LE(crc32WithoutInversion(data.subarray(0, 0xa0)), 0xa0);
  return new Uint8Array(data);
}

/** A DigitalProductId4 value; without a key it is a cleared one. */
export function madeDigitalProductId4(channel: string, key?: string, edition = 'Enterprise'): Uint8Array {
  const data = Buffer.alloc(1272);
  data.writeUInt32LE(1272, 0);
  data.writeUInt16LE(4, 4);
  data.write('00000-00000-000-000000-00-1033-19045.0000-0012026', 8, 'utf16le');
  data.write(edition, 0x118, 'utf16le');
  if (key) data.set(encodeKey(key), 0x328);
  data.write('X00-00000', 0x378, 'utf16le');
  data.write(channel, 0x3f8, 'utf16le');
  createHash('sha256').update(data.subarray(0x328, 0x338)).digest().copy(data, 0x338);
  createHash('sha256').update(data).digest().copy(data, 0x358);
  return new Uint8Array(data);
}

function crc32WithoutInversion(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc >>> 0;
}
