// Text that Windows writes with or without a byte order mark: UTF-16, or one byte a character.
import { bufferOf } from './bytes.ts';

/** UTF-16 is told by its mark, or by a second byte that is zero; anything else is read as Latin-1. Comes without the mark. */
export function plainText(content: Uint8Array): string {
  const wide = content[1] === 0 || (content[0] === 0xff && content[1] === 0xfe);
  return bufferOf(content)
    .toString(wide ? 'utf16le' : 'latin1')
    .replace(/^\ufeff/, '');
}
