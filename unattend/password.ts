// How Setup hides passwords in answer files: Base64 of UTF-16LE text with the element's name behind it. This is not encryption.

/** What Setup leaves in the cached copy once it has used a secret. */
export const SCRUBBED = '*SENSITIVE*DATA*DELETED*';

/** Longest Base64 that is decoded: a password is at most 256 characters, its suffix 21. */
const ENCODED_MAX = 4096;

/** The elements that hold a password, and so the suffixes of their encoded form. */
export const PASSWORD_ELEMENTS = ['AdministratorPassword', 'Password', 'OfflineAdministratorPassword', 'OfflineUserPassword'] as const;

/** The Base64 for `<element><Value>…</Value><PlainText>false</PlainText></element>`. */
export function encodePassword(element: string, text: string): string {
  return Buffer.from(`${text}${element}`, 'utf16le').toString('base64');
}

/** The password behind the Base64, or undefined when it is not the encoded form of this element. */
export function decodePassword(element: string, base64: string): string | undefined {
  const compact = base64.replace(/\s+/g, '');
  if (compact.length > ENCODED_MAX || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.length % 2 !== 0) return undefined;
  const text = bytes.toString('utf16le');
  return text.endsWith(element) ? text.slice(0, text.length - element.length) : undefined;
}
