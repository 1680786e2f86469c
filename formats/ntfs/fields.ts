// Little-endian fields of bytes whose bounds are checked already: what is read a million times must make no view of its own.

export function u16(data: Uint8Array, at: number): number {
  return data[at]! | (data[at + 1]! << 8);
}

export function u32(data: Uint8Array, at: number): number {
  return (data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16)) + data[at + 3]! * 2 ** 24;
}

/** A number above Number.MAX_SAFE_INTEGER is not exact: whoever asks refuses it. */
export function u64(data: Uint8Array, at: number): number {
  return u32(data, at) + u32(data, at + 4) * 2 ** 32;
}

/** UTF-16 text of `count` units. */
export function units(data: Uint8Array, at: number, count: number): string {
  const codes = new Array<number>(count);
  for (let index = 0; index < count; index++) codes[index] = u16(data, at + index * 2);
  return String.fromCharCode(...codes);
}
