// The 24 bytes that say where a resource of a WIM lies, how large it is and how it is stored.
import type { Bytes } from '../bytes.ts';
import type { ResourceHeader } from './model.ts';

/** +0 size in the file (7 bytes), +7 flags (1), +8 offset (8), +16 uncompressed size (8); wimlib resource.h, [MS-WIM] RESHDR_DISK_SHORT. */
export function parseResourceHeader(bytes: Bytes, at: number, what: string): ResourceHeader {
  const packed = bytes.u64(at, what);
  return {
    size:
      Number(packed & 0xffffff_ffffffffn) <= Number.MAX_SAFE_INTEGER
        ? Number(packed & 0xffffff_ffffffffn)
        : bytes.fail(`${what} is absurd`, at),
    flags: Number(packed >> 56n),
    offset: bytes.size64(at + 8, `offset of the ${what}`),
    uncompressedSize: bytes.size64(at + 16, `uncompressed size of the ${what}`),
  };
}
