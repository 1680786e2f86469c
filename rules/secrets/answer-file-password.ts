// No answer file may carry a password, in clear or in the form that Setup calls hidden.
import { ImageError, only } from '../../errors.ts';
import { bufferOf, FormatError } from '../../formats/bytes.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { attributeOf, childOf, elementsOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import { findThroughLinks } from '../../image/follow.ts';
import type { ImageFile } from '../../image/image.ts';
import { defineRule, NOTHING } from '../../lint/rule.ts';
import { ANSWER_FILE_VALUE } from '../../unattend/locations.ts';
import { UNATTEND_NAMESPACE } from '../../unattend/names.ts';
import { decodePassword, SCRUBBED } from '../../unattend/password.ts';

/** Password, AdministratorPassword, OfflineUserPassword, MachinePassword, and the `Password` of Credentials, AutoLogon and LocalAccount. */
const PASSWORD_ELEMENT = /password$/i;
/** A damaged file is searched as text: Setup would not run it, but whoever opens it reads the password all the same. */
const PASSWORD_TEXT = /<(?:\w{1,20}:)?(\w{0,40}password)\b[^<>]{0,200}>\s{0,200}(?:<(?:\w{1,20}:)?value\b[^<>]{0,200}>)?([^<]{0,2000})</gi;
/** The secret of a computer account, as djoin makes it for an offline domain join. */
const JOIN_ELEMENT = /^accountdata$/i;
/** What every answer file holds somewhere, in 8-bit text and in both orders of UTF-16, be it as character references; other XML is not parsed. */
const MARKS = ['unattend', '&#'].flatMap((mark) => [Buffer.from(mark), Buffer.from(mark, 'utf16le')]);
/** More findings in one file say nothing more. */
const FINDINGS_MAX = 50;

interface Found {
  readonly element: string; // the password element
  readonly place: string; // the elements around it, for the message
  readonly value: string;
  readonly join: boolean;
  readonly plain: string | undefined; // text of PlainText
  readonly line: number | undefined;
}

export const answerFilePassword = defineRule({
  id: 'secrets/answer-file-password',
  title: 'No answer file holds a password',
  description: `Reads every answer file: the places where Setup looks, the file that \`Setup\\UnattendFile\` names, every XML file with an \`unattend\` root
wherever it lies, and every file with unattend in its name, whatever its ending.

**Honest look-alikes.** \`${SCRUBBED}\` is what Setup leaves after scrubbing. An empty password is told apart: it leaks nothing, yet a blank
administrator password is a warning, any other a note.

**Cannot be proved.** Passwords that a script reads from elsewhere.

Sources: Microsoft, "Windows Setup Automation Overview" and the reference of the elements; the encoding is common knowledge and was tried.`,
  why: `The image is copied to every stick and can be read without booting it. \`PlainText\` = false is no protection: the value
is Base64 of the password and the element's name. Setup scrubs only the cached copy in Panther, and only after it has used it.`,
  repair: {
    step: 'generalize-answer-file',
    text: `Remove the account from the answer file, or let the step write it from a secret at deployment time; delete
old copies.`,
  },
  severity: 'error',
  options: {},
  messages: {
    plain: '{place} holds a password in clear text',
    encoded: '{place} holds a password in Base64, which anybody can decode',
    blankAdministrator: '{place} sets a blank password for the built-in administrator',
    blank: '{place} sets a blank password',
    join: '{place} holds the secret of a computer account, in a form that djoin reads',
  },
  select: {
    files: ['/**/*.xml', '/**/*unattend*'],
    keys: ['SYSTEM\\Setup'],
    content: 'whole',
    large: 'visit',
  },
  create(ctx) {
    let named: string | undefined;

    function judge(file: ImageFile, content: Uint8Array): void {
      const kinds = passwordsOf(content).flatMap((found) => {
        const messageId = kindOf(found);
        return messageId ? [{ ...found, messageId }] : [];
      });
      // Those that leak first: blank ones must not push them out.
      const worst = [...kinds].sort((a, b) => Number(SEVERITY[a.messageId] !== 'error') - Number(SEVERITY[b.messageId] !== 'error'));
      for (const { messageId, place, line } of worst.slice(0, FINDINGS_MAX)) {
        ctx.report({ messageId, at: { file: file.path, line }, data: { place }, severity: SEVERITY[messageId] });
      }
    }

    return {
      file(file, content) {
        if (content) judge(file, content);
        else if (!file.folder && isSetupName(file.path)) ctx.unable(`${file.path}: is too large to be an answer file (${file.size} bytes)`);
        return NOTHING;
      },
      key(key) {
        const value = key.values.get(ANSWER_FILE_VALUE.name.toLowerCase())?.decoded;
        if (value?.type === 'REG_SZ' || value?.type === 'REG_EXPAND_SZ') named = value.data;
      },
      async end(image) {
        const path = named && pathOf(named);
        if (!path) return;
        try {
          const { file, links } = await findThroughLinks(image, path);
          if (file && !file.folder) judge(file, await file.read());
          else if (links.length > 0) ctx.unable(`${path}: Setup is told to read this file, and it leads out of the image`);
        } catch (error) {
          ctx.unable(only(ImageError, error).message);
        }
      },
    };
  },
});

const SEVERITY = { plain: 'error', encoded: 'error', join: 'error', blankAdministrator: 'warning', blank: 'note' } as const;

/** A name under which Setup takes a file. */
function isSetupName(path: string): boolean {
  return /\/(?:auto)?unattend\.xml$/i.test(path);
}

function kindOf({ element, join, plain, ...found }: Found): keyof typeof SEVERITY | undefined {
  const value = found.value.trim();
  if (value === SCRUBBED) return undefined;
  if (join) return value === '' ? undefined : 'join';
  const blank = /^(?:offline)?administratorpassword$/i.test(element) ? 'blankAdministrator' : 'blank';
  if (value === '') return blank;
  const decoded = decodePassword(element, value);
  if (plain?.trim().toLowerCase() === 'true' || plain?.trim() === '1') return 'plain';
  if (decoded === undefined) return 'plain';
  if (decoded === SCRUBBED) return undefined;
  return decoded === '' ? blank : 'encoded';
}

/** Every password of an answer file; nothing when the file is no answer file. */
function passwordsOf(content: Uint8Array): readonly Found[] {
  if (isProgram(content) || !MARKS.some((mark) => bufferOf(content).includes(mark))) return [];
  try {
    const { root } = parseXml(content);
    return root.local === 'unattend' || root.namespace === UNATTEND_NAMESPACE ? fromTree(root) : [];
  } catch (error) {
    if (error instanceof FormatError) return fromText(content);
    throw error;
  }
}

function fromTree(root: XmlElement): readonly Found[] {
  const found: Found[] = [];
  const open: { element: XmlElement; path: readonly string[] }[] = [{ element: root, path: [] }];
  while (open.length > 0) {
    const { element, path } = open.pop()!;
    const join = JOIN_ELEMENT.test(element.local);
    if (join || PASSWORD_ELEMENT.test(element.local)) {
      const plain = childOf(element, 'PlainText');
      const place = path.slice(-3).join('/');
      const texts = textsIn(element);
      for (const { text, line } of texts.length > 0 ? texts : [{ text: '', line: (childOf(element, 'Value') ?? element).at?.line }]) {
        found.push({ element: element.local, place, value: text, join, plain: plain && textOf(plain), line });
      }
      continue;
    }
    open.push(
      ...elementsOf(element)
        .map((child) => ({ element: child, path: [...path, nameOf(child)] }))
        .reverse(),
    );
  }
  return found;
}

/** Every text in a password element, wherever it stands: whoever opens the file reads a second or misspelt `Value` as well. */
function textsIn(element: XmlElement): readonly { readonly text: string; readonly line: number | undefined }[] {
  const texts: { text: string; line: number | undefined }[] = [];
  const open = [element];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const text = textOf(next);
    if (text.trim() !== '') texts.push({ text, line: next.at?.line });
    open.push(...elementsOf(next).filter(({ local }) => local !== 'PlainText'));
  }
  return texts;
}

/** Programs speak of answer files, too. */
function isProgram(content: Uint8Array): boolean {
  return content[0] === 0x4d && content[1] === 0x5a;
}

/** A component says more by its name than by its tag. */
function nameOf(element: XmlElement): string {
  return (element.local === 'component' && attributeOf(element, 'name')) || element.local;
}

/** What a damaged file still shows, if it was meant as an answer file. */
function fromText(content: Uint8Array): readonly Found[] {
  const text = withoutMarkup(textOfBytes(content));
  if (!text.includes(UNATTEND_NAMESPACE) && !/<(?:\w{1,20}:)?unattend\b/.test(text)) return [];
  const found: Found[] = [];
  let line = 1;
  let at = 0;
  for (const match of text.matchAll(PASSWORD_TEXT)) {
    const [whole, element, value] = match;
    const end = match.index + whole.length - value!.length - 1;
    line += text.slice(at, end).split('\n').length - 1;
    at = end;
    const plain = /<plaintext>\s*(\w+)/i.exec(text.slice(match.index, match.index + whole.length + 200))?.[1];
    found.push({ element: element!, place: element!, value: value!, join: false, plain, line });
  }
  return found;
}

/** UTF-16 of either order by its mark or its first character, anything else as 8-bit text. */
function textOfBytes(content: Uint8Array): string {
  const [first, second] = content;
  const bytes = Buffer.from(content);
  if (first === 0xff || second === 0) return bytes.toString('utf16le');
  if (first === 0xfe || first === 0)
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le');
  return bytes.toString('utf8');
}

/** CDATA as its text, comments as blanks: lines stay where they are. */
function withoutMarkup(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const match of text.matchAll(/<!--|<!\[CDATA\[/g)) {
    if (match.index < at) continue;
    const comment = match[0] === '<!--';
    const end = text.indexOf(comment ? '-->' : ']]>', match.index);
    if (end < 0) break;
    const inside = text.slice(match.index + match[0].length, end);
    parts.push(text.slice(at, match.index), comment ? inside.replace(/[^\n]+/g, ' ') : inside.replaceAll('<', ' '));
    at = end + 3;
  }
  return parts.join('') + text.slice(at);
}

/** `C:\Windows\x.xml` or `%SystemRoot%\x.xml` as a path of the image. */
function pathOf(text: string): string | undefined {
  const path = text
    .replaceAll('\0', '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/^\\\?\?\\/, '')
    .replace(/^%(?:systemroot|windir)%/i, 'C:\\Windows')
    .replace(/^%systemdrive%/i, 'C:');
  return /^[a-z]:[\\/]/i.test(path) ? path.slice(2).replaceAll('\\', '/') : undefined;
}
