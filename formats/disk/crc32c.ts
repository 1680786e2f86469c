// CRC-32C (Castagnoli), which guards the parts of a VHDX. Facts: [MS-VHDX] 2.2.2, RFC 3720 appendix B.4.

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** Of the bytes, with the four at `hole` taken as zero: that is where the sum itself stands. */
export function crc32c(bytes: Uint8Array, hole = -1): number {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) {
    const byte = at >= hole && at < hole + 4 && hole >= 0 ? 0 : bytes[at]!;
    crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
