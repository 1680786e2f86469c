// The name of what was packed, as the header of a gzip file keeps it (RFC 1952).

/** A longer one is none that a file system takes. */
const NAME_MAX = 1024;
const EXTRA = 4;
const NAME = 8;

/** Undefined when the header holds none. The bytes must begin with such a header. */
export function gzipName(bytes: Uint8Array): string | undefined {
  const flags = bytes[3] ?? 0;
  if ((flags & NAME) === 0) return undefined;
  // +0x0a, when the flag says so: u16 length of extra fields, and those.
  const start = 10 + ((flags & EXTRA) === 0 ? 0 : 2 + (bytes[10] ?? 0) + (bytes[11] ?? 0) * 256);
  const end = bytes.indexOf(0, start);
  if (end <= start || end - start > NAME_MAX) return undefined;
  return Buffer.from(bytes.subarray(start, end)).toString('latin1');
}
