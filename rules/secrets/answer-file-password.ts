// No answer file may carry a password, in clear or in the form that Setup calls hidden.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { attributeOf, childOf, elementsOf, textOf, type XmlElement } from '../../formats/xml/tree.ts';
import type { ImageFile } from '../../image/image.ts';
import { defineRule } from '../../lint/rule.ts';
import { ANSWER_FILE_VALUE } from '../../unattend/locations.ts';
import { UNATTEND_NAMESPACE } from '../../unattend/names.ts';
import { decodePassword, SCRUBBED } from '../../unattend/password.ts';

/** Password, AdministratorPassword, OfflineUserPassword, MachinePassword, and the `Password` of Credentials, AutoLogon and LocalAccount. */
const PASSWORD_ELEMENT = /password$/i;
/** A damaged file is searched as text: Setup would not run it, but whoever opens it reads the password all the same. */
const PASSWORD_TEXT = /<(?:\w{1,20}:)?(\w{0,40}password)\b[^<>]{0,200}>\s{0,200}(?:<(?:\w{1,20}:)?value\b[^<>]{0,200}>)?([^<]{0,2000})</gi;
/** No answer file is larger; more of a damaged one is not searched. */
const SEARCHED_MAX = 16 * 1024 * 1024;
/** More findings in one file say nothing more. */
const FINDINGS_MAX = 50;

interface Found {
  readonly element: string; // the password element
  readonly place: string; // the elements around it, for the message
  readonly value: string;
  readonly plain: string | undefined; // text of PlainText
  readonly line: number | undefined;
}

export const answerFilePassword = defineRule({
  id: 'secrets/answer-file-password',
  title: 'No answer file holds a password',
  description: `Reads every answer file: the places where Setup looks, the file that \`Setup\\UnattendFile\` names, and any XML file with an \`unattend\` root
below Panther, Sysprep, Setup\\Scripts, \`$OEM$\` and the root, and any file whose name begins with unattend or autounattend.

**Why it matters.** The image is copied to every stick and can be read without booting it. \`PlainText\` = false is no protection: the value
is Base64 of the password and the element's name. Setup scrubs only the cached copy in Panther, and only after it has used it.

**Repair.** Remove the account from the answer file, or let the step \`generalize-answer-file\` write it from a secret at deployment time; delete
old copies.

**Honest look-alikes.** \`${SCRUBBED}\` is what Setup leaves after scrubbing. An empty password is told apart: it leaks nothing, yet a blank
administrator password is a warning, any other a note.

**Cannot be proved.** Passwords that a script reads from elsewhere.

Sources: Microsoft, "Windows Setup Automation Overview" and the reference of the elements; the encoding is common knowledge and was tried.`,
  severity: 'error',
  options: {},
  messages: {
    plain: '{place} holds a password in clear text',
    encoded: '{place} holds a password in Base64, which anybody can decode',
    blankAdministrator: '{place} sets a blank password for the built-in administrator',
    blank: '{place} sets a blank password',
  },
  select: {
    files: [
      '/*.xml',
      '/Windows/Panther/**/*.xml',
      '/Windows/System32/Sysprep/**/*.xml',
      '/Windows/Setup/Scripts/**/*.xml',
      '/$Windows.~BT/**/*.xml',
      '/$OEM$/**/*.xml',
      '/**/$OEM$/**/*.xml',
      '/**/unattend*.xml',
      '/**/autounattend*.xml',
    ],
    keys: ['SYSTEM\\Setup'],
    content: 'whole',
  },
  create(ctx) {
    const seen = new Set<string>();
    let named: string | undefined;

    function judge(file: ImageFile, content: Uint8Array): void {
      if (seen.has(file.path)) return;
      seen.add(file.path);
      for (const { element, place, value, plain, line } of passwordsOf(content).slice(0, FINDINGS_MAX)) {
        const messageId = kindOf(element, value.trim(), plain);
        if (!messageId) continue;
        const at = { file: file.path, ...(line === undefined ? {} : { line }) };
        ctx.report({ messageId, at, data: { place }, severity: SEVERITY[messageId] });
      }
    }

    return {
      file(file, content) {
        if (content && !file.folder) judge(file, content);
      },
      key(key) {
        const value = key.values.get(ANSWER_FILE_VALUE.name.toLowerCase())?.decoded;
        if (value?.type === 'REG_SZ' || value?.type === 'REG_EXPAND_SZ') named = value.data;
      },
      async end(image) {
        const path = named && pathOf(named);
        if (!path) return;
        try {
          const file = await image.find(path);
          if (file && !file.folder && !file.reparse) judge(file, await file.read());
        } catch (error) {
          if (!(error instanceof ImageError)) throw error;
          ctx.unable(error.message);
        }
      },
    };
  },
});

const SEVERITY = { plain: 'error', encoded: 'error', blankAdministrator: 'warning', blank: 'note' } as const;

function kindOf(element: string, value: string, plain: string | undefined): keyof typeof SEVERITY | undefined {
  if (value === SCRUBBED) return undefined;
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
    if (PASSWORD_ELEMENT.test(element.local)) {
      const value = childOf(element, 'Value') ?? element;
      const plain = childOf(element, 'PlainText');
      const place = path.slice(-3).join('/');
      found.push({
        element: element.local,
        place,
        value: textOf(value),
        plain: plain && textOf(plain),
        line: (value.at ?? element.at)?.line,
      });
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

/** A component says more by its name than by its tag. */
function nameOf(element: XmlElement): string {
  return (element.local === 'component' && attributeOf(element, 'name')) || element.local;
}

/** What a damaged file still shows, if it was meant as an answer file. */
function fromText(content: Uint8Array): readonly Found[] {
  const wide = content[1] === 0 || (content[0] === 0xff && content[1] === 0xfe);
  const text = Buffer.from(content.subarray(0, SEARCHED_MAX)).toString(wide ? 'utf16le' : 'utf8');
  if (!text.includes(UNATTEND_NAMESPACE) && !/<unattend\b/i.test(text)) return [];
  const found: Found[] = [];
  for (const match of text.matchAll(PASSWORD_TEXT)) {
    if (found.length >= FINDINGS_MAX) break;
    const [whole, element, value] = match;
    const line = text.slice(0, match.index + whole.length - value!.length - 1).split('\n').length;
    const plain = /<plaintext>\s*(\w+)/i.exec(text.slice(match.index, match.index + whole.length + 200))?.[1];
    found.push({ element: element!, place: element!, value: value!, plain, line });
  }
  return found;
}

/** `C:\Windows\x.xml` or `%SystemRoot%\x.xml` as a path of the image. */
function pathOf(text: string): string | undefined {
  const path = text
    .replaceAll('\0', '')
    .trim()
    .replace(/^%(?:systemroot|windir)%/i, 'C:\\Windows')
    .replace(/^%systemdrive%/i, 'C:');
  return /^[a-z]:[\\/]/i.test(path) ? path.slice(2).replaceAll('\\', '/') : undefined;
}
