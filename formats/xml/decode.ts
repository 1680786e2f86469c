// The bytes of an XML file as text: byte order mark, UTF-16 without one, and a declaration that must agree with the bytes.
import { FormatError } from '../bytes.ts';
import type { XmlEncoding } from './tree.ts';

/** The largest answer files and tasks in the wild stay below 2 MB; a larger one is not configuration. */
export const XML_MAX_BYTES = 8 * 1024 * 1024;

export interface DecodedXml {
  readonly text: string; // without the byte order mark, line ends as stored
  readonly encoding: XmlEncoding;
  readonly bom: boolean;
}

export function decodeXml(bytes: Uint8Array): DecodedXml {
  if (bytes.length > XML_MAX_BYTES) throw new FormatError('XML', `is too large (${bytes.length} bytes, at most ${XML_MAX_BYTES})`);
  const { encoding, bom } = encodingOf(bytes);
  const body = bytes.subarray(bom ? bomLength(encoding) : 0);
  if (encoding !== 'utf-8' && body.length % 2 !== 0) throw new FormatError('XML', `ends within a ${encoding} character`, bytes.length);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new FormatError('XML', `has bytes that are not ${encoding}`);
  }
  checkDeclared(text, encoding);
  return { text, encoding, bom };
}

/** Whether the first character is that of XML, in any encoding; nothing is said of the rest. */
export function looksLikeXml(bytes: Uint8Array): boolean {
  if (bytes.length > XML_MAX_BYTES) return false;
  const { encoding, bom } = encodingOf(bytes);
  const [first, second] = bytes.subarray(bom ? bomLength(encoding) : 0);
  if (encoding === 'utf-8') return first === 0x3c;
  return encoding === 'utf-16le' ? first === 0x3c && second === 0 : first === 0 && second === 0x3c;
}

export function encodeXml(text: string, encoding: XmlEncoding, bom: boolean): Uint8Array {
  const full = bom ? `\ufeff${text}` : text;
  if (encoding === 'utf-8') return new TextEncoder().encode(full);
  const bytes = Buffer.from(full, 'utf16le');
  return new Uint8Array(encoding === 'utf-16be' ? bytes.swap16() : bytes);
}

/** XML 1.0, appendix F: the mark first, then the pattern of `<` in UTF-16; anything else is UTF-8. */
function encodingOf(bytes: Uint8Array): { encoding: XmlEncoding; bom: boolean } {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', bom: true };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', bom: true };
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', bom: true };
  if (first === 0x3c && second === 0) return { encoding: 'utf-16le', bom: false };
  if (first === 0 && second === 0x3c) return { encoding: 'utf-16be', bom: false };
  return { encoding: 'utf-8', bom: false };
}

function bomLength(encoding: XmlEncoding): number {
  return encoding === 'utf-8' ? 3 : 2;
}

/** Windows' XML reader stops at a declaration of another encoding family than the bytes have; so do we, and say which. */
function checkDeclared(text: string, encoding: XmlEncoding): void {
  const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(text.slice(0, 400))?.[1]?.toLowerCase();
  if (!declared) return;
  const wide = /^(utf-?16(le|be)?|ucs-?2|unicode|iso-10646-ucs-2)$/.test(declared);
  if (wide !== (encoding !== 'utf-8')) throw new FormatError('XML', `declares encoding ${declared}, but its bytes are ${encoding}`);
  const narrow = declared === 'utf-8' || declared === 'utf8';
  // In plain ASCII every other 8-bit encoding means the same characters.
  if (!wide && !narrow && !/^[\x00-\x7f]*$/.test(text)) {
    throw new FormatError('XML', `declares encoding ${declared}, of which only the ASCII part can be read`);
  }
}
