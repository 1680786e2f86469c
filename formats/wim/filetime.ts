// Windows file times: 100 ns since 1601-01-01 UTC, as dates and in the two halves of the WIM XML.

/** Milliseconds from 1601-01-01 to 1970-01-01. */
const EPOCH_DISTANCE = 11_644_473_600_000n;

export function toFileTime(date: Date): bigint {
  return (BigInt(date.getTime()) + EPOCH_DISTANCE) * 10_000n;
}

/** The two elements that the WIM XML writes for a time. */
export function fileTimeXml(time: bigint): string {
  const half = (value: bigint) => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
  return `<HIGHPART>${half(time >> 32n)}</HIGHPART><LOWPART>${half(time & 0xffffffffn)}</LOWPART>`;
}
