// The bytes of a .reg file as text: UTF-16 as regedit exports it, or plain ASCII; anything else depends on a code page.
import { FormatError, utf16 } from '../bytes.ts';

/** regedit's export of a whole Windows has 500 MB; what somebody puts into an image on purpose has some kilobytes. */
export const REG_FILE_MAX_BYTES = 16 * 1024 * 1024;

export interface RegText {
  /** Lines end with line feeds only. */
  readonly text: string;
  /** REGEDIT4 keeps texts in hex as bytes of a code page, version 5 as UTF-16. */
  readonly version: 4 | 5;
}

const HEADERS: Readonly<Record<string, 4 | 5>> = { 'Windows Registry Editor Version 5.00': 5, REGEDIT4: 4 };

/** @throws FormatError when the bytes are no text, or the first line is not that of a .reg file */
export function decodeRegFile(bytes: Uint8Array): RegText {
  if (bytes.length > REG_FILE_MAX_BYTES) throw wrong(`is too large (${bytes.length} bytes, at most ${REG_FILE_MAX_BYTES})`);
  const text = textOf(bytes).replace(/\r\n?/g, '\n');
  const first = text.slice(0, Math.max(0, text.indexOf('\n'))).trimEnd();
  const version = HEADERS[first];
  if (version === undefined) throw wrong('line 1: is not "Windows Registry Editor Version 5.00" or "REGEDIT4"');
  return { text, version };
}

function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    if (bytes.length % 2 !== 0) throw wrong('ends within a UTF-16 character');
    return utf16(bytes.subarray(2));
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) throw wrong('is UTF-16 in big-endian order, which regedit does not write');
  const body = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const at = body.findIndex((byte) => byte > 0x7e || byte === 0);
  if (at >= 0) {
    const line = body.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    throw wrong(
      body[at] === 0
        ? `line ${line}: holds a NUL; UTF-16 needs its byte order mark`
        : `line ${line}: holds characters beyond ASCII, which depend on a code page; save the file as UTF-16`,
    );
  }
  return Buffer.from(body).toString('latin1');
}

function wrong(what: string): FormatError {
  return new FormatError('.reg file', what);
}
