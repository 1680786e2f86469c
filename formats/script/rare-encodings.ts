// Encodings of text that Windows itself does not take for scripts and people still use: UTF-32 of either order, UTF-7.

/** The text when the bytes are UTF-32, with or without a mark; undefined otherwise. */
export function utf32Text(bytes: Uint8Array): string | undefined {
  if (bytes.length < 8 || bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[2] === 0 && bytes[3] === 0;
  const big = bytes[0] === 0 && bytes[1] === 0;
  if (!little && !big) return undefined;
  const characters: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const code = view.getUint32(at, little);
    if (code > 0x10ffff) return undefined;
    if (code !== 0xfeff) characters.push(String.fromCodePoint(code));
  }
  return characters.join('');
}

/** Shifted parts (`+AC0-`) as the UTF-16 they mean, after RFC 2152; text without any is given back as it is. */
export function utf7Text(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]{2,4096})-?|\+-/g, (whole, coded: string | undefined) => {
    if (coded === undefined) return '+';
    const bytes = Buffer.from(coded, 'base64');
    const wide = bytes.subarray(0, bytes.length & ~1);
    return wide.length === 0 ? whole : wide.swap16().toString('utf16le');
  });
}
