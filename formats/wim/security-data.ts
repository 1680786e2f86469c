// The security descriptors at the start of an image's metadata resource; directory entries name them by index. Facts: wimlib security.c.
import type { Bytes } from '../bytes.ts';

/** A Windows image has a few thousand; the index has 32 bits, so a hostile one could claim any number. */
export const DESCRIPTORS_MAX = 262_144;
/** A self-relative descriptor holds two ACLs of at most 64 KiB and two SIDs. */
export const DESCRIPTOR_BYTES_MAX = 256 * 1024;

export interface SecurityData {
  readonly descriptors: readonly Uint8Array[];
  /** Where the root entry stands: behind the security data, aligned to 8. */
  readonly end: number;
}

/** +0 total length (4), +4 number of descriptors (4), +8 their sizes (8 each), then the descriptors one behind the other. */
export function parseSecurityData(bytes: Bytes): SecurityData {
  const total = bytes.u32(0, 'length of the security data');
  const count = bytes.u32(4, 'number of security descriptors');
  // Some writers leave the length 0 when there is no descriptor; the two fields are there in any case.
  const length = Math.max(total, 8);
  bytes.need(0, length, 'security data');
  if (count > DESCRIPTORS_MAX) bytes.fail(`${count} security descriptors (at most ${DESCRIPTORS_MAX} are read)`, 4);
  if (8 + count * 8 > length) bytes.fail(`${count} security descriptors do not fit into ${length} bytes`, 4);
  const descriptors: Uint8Array[] = [];
  let at = 8 + count * 8;
  for (let index = 0; index < count; index++) {
    const size = bytes.size64(8 + index * 8, 'size of a security descriptor');
    if (size > DESCRIPTOR_BYTES_MAX)
      bytes.fail(`security descriptor ${index} has ${size} bytes (at most ${DESCRIPTOR_BYTES_MAX})`, 8 + index * 8);
    if (at + size > length) bytes.fail(`security descriptor ${index} runs past the end of the security data`, at);
    // A copy: a view would keep the whole metadata resource in memory.
    descriptors.push(bytes.slice(at, size).slice());
    at += size;
  }
  return { descriptors, end: (length + 7) & ~7 };
}
