// A genuine ticket: what an old Windows hands to a new one so that it is licensed without a key. And the marks of forged ones.
import { FormatError } from '../bytes.ts';
import { decodeXml } from '../xml/decode.ts';

export interface GenuineTicket {
  /** What makes it one of the tickets that anybody can use on any machine, each as the end of a sentence. */
  readonly marks: readonly string[];
}

/** Real tickets have some kilobytes. */
export const TICKET_MAX_BYTES = 1024 * 1024;
const ROOT = /<(?:[\w.-]{1,40}:)?genuineAuthorization\b[^>]{0,2000}>/i;
const NAMESPACE = 'http://www.microsoft.com/DRM/SL/GenuineAuthorization/1.0';

/** `OSMajorVersion=5;OSMinorVersion=1;` of a session that says it comes from Windows XP, in Base64 of UTF-16; the beginning is enough. */
const SESSION = Buffer.from('OSMajorVersion=5;OSMinorVersion=1;', 'utf16le').toString('base64').slice(0, 88);
/** `GVLKExp=2038` at any of the three places that it may have in Base64 of UTF-16. */
const EXPIRY = [0, 1, 2].map((shift) => {
  const coded = Buffer.concat([Buffer.alloc(shift), Buffer.from('GVLKExp=2038', 'utf16le')]).toString('base64');
  return coded.slice(Math.ceil((shift * 8) / 6), -4);
});

/**
 * The ticket, or undefined when the content is no ticket.
 * @throws FormatError when it is too large to be one, though it begins like one.
 */
export function readGenuineTicket(content: Uint8Array): GenuineTicket | undefined {
  const text = textOf(content.subarray(0, TICKET_MAX_BYTES));
  const root = ROOT.exec(text)?.[0];
  if (root === undefined || !(root.includes(NAMESPACE) || text.includes(NAMESPACE))) return undefined;
  if (content.length > TICKET_MAX_BYTES)
    throw new FormatError('ticket', `is too large (${content.length} bytes, at most ${TICKET_MAX_BYTES})`);
  const marks: string[] = [];
  if (/origin\s*=\s*["']sppclient["']/i.test(text) && /clientLockboxKey/i.test(text))
    marks.push('signed with the key that every client has');
  if (/TimeStampClient=2022-10-11T12:00:00Z/i.test(text)) marks.push('with the time stamp of a ticket that is handed round');
  if (text.includes(SESSION)) marks.push('from a session that says it ran on Windows XP');
  if (EXPIRY.some((coded) => text.includes(coded)) || text.includes('GVLKExp=2038'))
    marks.push('that makes a volume licence last until 2038');
  return { marks };
}

function textOf(content: Uint8Array): string {
  try {
    return decodeXml(content).text;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return Buffer.from(content).toString('latin1').replaceAll('\0', '');
  }
}
