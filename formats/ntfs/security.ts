// $Secure:$SDS, the security descriptors of a volume, each kept once. Facts: ntfs-3g layout.h, security.c.
import { Bytes } from '../bytes.ts';

const HEADER = 20;
/** The stream goes in blocks of 256 KiB, each followed by its copy. */
const BLOCK = 0x40000;
const DESCRIPTOR_MAX = 0x20000;

/** Descriptors by their id. An entry that is damaged ends its block: what needs it has no descriptor. */
export function parseSds(data: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const descriptors = new Map<number, Uint8Array>();
  const bytes = new Bytes('NTFS $SDS', data);
  for (let block = 0; block < data.length; block += BLOCK * 2) {
    const end = Math.min(block + BLOCK, data.length);
    // +0 hash, +4 id, +8 offset of this entry, +16 length with this header
    for (let at = block; at + HEADER <= end; ) {
      const id = bytes.u32(at + 4);
      const length = bytes.u32(at + 16);
      if (id === 0 || length < HEADER || length > DESCRIPTOR_MAX || at + length > end || bytes.u64(at + 8) !== BigInt(at)) break;
      descriptors.set(id, bytes.slice(at + HEADER, length - HEADER));
      at += Math.ceil(length / 16) * 16;
    }
  }
  return descriptors;
}
