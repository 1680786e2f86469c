// No product key that belongs to somebody: not as the installed key, not in Office's registration, not as text in any file.
import { bufferOf, FormatError } from '../../formats/bytes.ts';
import { type DigitalProductId4, parseDigitalProductId, parseDigitalProductId4 } from '../../formats/product-key/digital-product-id.ts';
import { isPlaceholder, type ProductKey, productKeyOf } from '../../formats/product-key/key.ts';
import { classOf } from '../../formats/product-key/known-keys.ts';
import { parseXml } from '../../formats/xml/parse.ts';
import { elementsOf, textOf } from '../../formats/xml/tree.ts';
import { inMachineHives } from '../../image/hive-path.ts';
import type { ImageFile, StoredValue } from '../../image/image.ts';
import { defineRule, type Location, NOTHING, type Severity, type VisitedKey } from '../../lint/rule.ts';
import { Secret } from '../../lint/secret.ts';

const PLACES = [
  'Windows NT\\CurrentVersion',
  'Windows NT\\CurrentVersion\\DefaultProductKey',
  'Windows NT\\CurrentVersion\\DefaultProductKey2',
  'Windows NT\\CurrentVersion\\SoftwareProtectionPlatform',
  'Internet Explorer\\Registration',
  'Office\\*\\Registration',
  'Office\\*\\Registration\\*',
];
const INSTALLED = /^(?:Wow6432Node\\)?Microsoft\\Windows NT\\CurrentVersion$/i;
const MEDIA_DEFAULT = /\\DefaultProductKey2?$/i;
const COPY = /\\Internet Explorer\\Registration$/i;

/** Words before a key that say it is one. A key without an N cannot be checked otherwise. */
const KEY_WORDS = /product[ _-]?key|pidkey|inpkey|[/-]ipk\b|<key>\s*["']?$|slmgr|ospp/i;
/** Setup's own file for a key: `Value=`. */
const KEY_FILES = /\/(?:pid\.txt|ei\.cfg)$/i;

/** A key of two bytes a letter takes 58 of them; the rest are blanks. */
const BYTES_MAX = 256;

/** A kind of finding in one file; later ones of the same kind are only counted: a list of keys is one leak. */
interface TextFinding {
  readonly messageId: 'textKey' | 'textOldKey' | 'textDefault';
  readonly severity: Severity;
  readonly at: Location & { readonly file: string };
  readonly first: string;
  count: number;
}

export const productKey = defineRule({
  id: 'secrets/product-key',
  title: 'The image holds no product key that belongs to somebody',
  description: `Decodes the installed key (\`DigitalProductId\`, \`DigitalProductId4\` with its channel), its copies, the keys of Office's registration and
\`BackupProductKeyDefault\`, and looks for keys as text in every file, ASCII or UTF-16, and in the elements of answer files as Setup reads them.

**Verdicts.** Every Windows holds a decodable key, so presence says nothing. A public KMS client key, or the channel \`Volume:GVLK\`, passes.
\`Volume:MAK\` and \`Volume:CSVLK\` are errors even when the key itself is cleared, \`OEM:*\` and \`Retail\` unless the key is a published
default. An evaluation is a warning. Published defaults are a note, and so is the default key of the media. A key of another edition that the
media left in Internet Explorer's registration is a warning. As text, a key with an N counts when its checksum fits; one without an N (Windows 7,
Office 2010) cannot be checked and is a warning, or an error beside words such as \`ProductKey\` or \`/ipk\`.

**Honest look-alikes.** Tables of public setup keys, placeholders such as XXXXX-XXXXX-…, look-alikes with vowels, model numbers, serials that fail the checksum.

**Cannot be proved.** What the encrypted store of the licensing service holds.

Sources: Microsoft, "KMS client activation and product keys"; the layout of the values by fox-it/dissect.target; the checksum by
awuctl/licensing-stuff, measured on 109 public keys. That default keys have the first serials of their group is a measurement, so such a key is
named a default but never passed over in silence.`,
  why: `A MAK, a KMS host key, an OEM or a retail key in a golden image is on every stick that is made from it, and anyone who holds
one can read it. Volume activation needs none: a KMS client has a public setup key.`,
  repair: {
    step: 'generalize-answer-file',
    text: `Install the KMS client key of the edition before you generalize (\`slmgr /ipk\`), remove the file, or clean the log; the step
writes answer files without keys.`,
  },
  severity: 'error',
  options: {},
  messages: {
    volumeKey: 'the channel is {channel} ({key}): a volume key of your organisation is in the image',
    ownedKey: 'the channel is {channel} and the key {key} is no public default: it belongs to somebody',
    otherEdition: 'the key {key} for edition {edition} is not the installed one and no public default; the media may have left it',
    evaluation: 'the installed Windows is an evaluation ({channel}) and will expire',
    defaultKey: 'the key {key} is a public default key ({channel}), which cannot activate',
    mediaDefault: 'the default key of the media, {key}, is not in the table of public keys',
    notIntact: 'the value does not fit its own checksum: it was changed by hand',
    unreadable: 'the value is not what Windows stores here and cannot be judged',
    backupKey: 'holds the product key {key} in clear text',
    textKey: 'holds the product key {key} as text (keys of this kind in the file: {count})',
    textOldKey: 'holds {key}, which has the form of a key of Windows 7 or Office 2010 (in the file: {count})',
    textDefault: 'holds {key}, a default key by its serial that is not in the table of public keys (in the file: {count})',
  },
  select: {
    keys: ['Microsoft', 'Wow6432Node\\Microsoft'].flatMap((vendor) =>
      PLACES.flatMap((place) => inMachineHives('SOFTWARE', `${vendor}\\${place}`)),
    ),
    text: 'product-keys',
    files: ['/**/*.xml', '/**/*unattend*'],
    content: 'whole',
    large: 'visit',
  },
  create(ctx) {
    const texts = new Map<string, TextFinding>();
    const inRegistry = new Set<string>(); // keys reported there: the hive file holds their text once more
    /** Keys in answer files; the bytes show most of them, too, and those are told once. */
    const answers: { readonly text: string; readonly at: Location & { readonly file: string } }[] = [];
    const seen = new Set<string>();
    const ids: { key: VisitedKey; value: StoredValue }[] = [];
    let installed: DigitalProductId4 | undefined;

    function judgeId(key: VisitedKey, value: StoredValue): void {
      const at: Location = { hive: key.hive, key: key.path, name: value.name };
      if (value.raw.every((byte) => byte === 0)) return;
      const fourth = parsed(key.values.get('digitalproductid4'), parseDigitalProductId4);
      const isThird = value.raw.length < 1272;
      const id = isThird ? parsed(value, parseDigitalProductId) : parsed(value, parseDigitalProductId4);
      if (!id) {
        ctx.report({ messageId: 'unreadable', at, severity: 'warning' });
        if (INSTALLED.test(key.path)) ctx.unable(`${key.path}: ${value.name} is not what Windows stores, so the installed key is unknown`);
        return;
      }
      if (!id.intact) ctx.report({ messageId: 'notIntact', at, severity: 'note' });
      if (id.version === 3 && fourth && (!id.key || fourth.key?.text === id.key.text)) return; // judged with its channel
      const { channel, edition } = id.version === 4 ? id : { channel: 'unknown', edition: '' };
      // A channel that was written by hand proves nothing: the key counts as one without.
      const trusted = id.intact || !/^volume:gvlk/i.test(channel) ? channel : 'unknown';
      judgeChannel(trusted, edition, id.key, key.path, at);
    }

    function judgeChannel(channel: string, edition: string, key: ProductKey | undefined, path: string, at: Location): void {
      const shown = key ? Secret.found('product-key', key.text) : 'cleared';
      const data = { channel, key: shown, edition };
      const keyClass = key ? classOf(key) : 'cleared';
      const kind = channel.toLowerCase();
      if (keyClass === 'gvlk' || kind === 'volume:gvlk') return;
      if (/^\s*volume:(?:mak|csvlk)/.test(kind)) ctx.report({ messageId: 'volumeKey', at, data });
      else if (kind.includes('eval')) {
        if (INSTALLED.test(path)) ctx.report({ messageId: 'evaluation', at, data, severity: 'warning' });
      } else if (keyClass === 'generic' || keyClass === 'default-series')
        ctx.report({ messageId: 'defaultKey', at, data, severity: 'note' });
      else if (kind.startsWith('oem')) ctx.report({ messageId: 'ownedKey', at, data });
      else if (keyClass === 'cleared') return;
      else if (MEDIA_DEFAULT.test(path)) ctx.report({ messageId: 'mediaDefault', at, data, severity: 'note' });
      else if (COPY.test(path) && installed?.key && installed.key.text !== key?.text && edition !== '' && edition !== installed.edition) {
        ctx.report({ messageId: 'otherEdition', at, data, severity: 'warning' });
      } else ctx.report({ messageId: 'ownedKey', at, data });
    }

    function judgeText(text: string, file: ImageFile, stream: string | undefined, offset: number, before: string): void {
      const key = productKeyOf(text); // the search hands on nothing of another shape
      if (isPlaceholder(key.text)) return;
      const keyClass = classOf(key);
      if (keyClass === 'gvlk' || keyClass === 'generic' || key.valid === false) return;
      seen.add(`${file.path}\0${key.text}`);
      const told = KEY_WORDS.test(before) || KEY_FILES.test(file.path);
      const messageId = textKindOf(keyClass, key);
      const severity = messageId === 'textKey' || (messageId === 'textOldKey' && told) ? 'error' : 'warning';
      const id = `${file.path}\0${stream ?? ''}\0${messageId}\0${severity}`;
      const known = texts.get(id);
      if (known) known.count++;
      else {
        const at = { file: file.path, ...(stream === undefined ? {} : { stream }), offset };
        texts.set(id, { messageId, severity, at, first: key.text, count: 1 });
      }
    }

    return {
      file(file, content) {
        const keys = content ? keysOfAnswerFile(content) : [];
        for (const { text, line } of keys) {
          answers.push({ text, at: { file: file.path, ...(line === undefined ? {} : { line }) } });
        }
        return keys.length > 0 ? undefined : NOTHING;
      },
      key(key) {
        for (const value of key.values.values()) {
          if (/^digitalproductid4?$/i.test(value.name)) {
            ids.push({ key, value });
            if (INSTALLED.test(key.path)) installed ??= parsed(value, parseDigitalProductId4);
          } else judgeBackup(key, value);
        }
      },
      text: ({ text, file, stream, offset, before }) => judgeText(text, file, stream, offset, before),
      end() {
        for (const { key, value } of ids) judgeId(key, value);
        for (const { text, at } of answers) {
          const key = asKey(withDashes(text));
          if (!key || seen.has(`${at.file}\0${key.text}`) || isPlaceholder(key.text) || key.valid === false || classOf(key) !== 'unknown')
            continue;
          ctx.report({ messageId: 'textKey', at, data: { key: Secret.found('product-key', key.text), count: 1 } });
        }
        for (const { messageId, severity, at, first, count } of texts.values()) {
          const inHive = /^\/.*\/config\/SOFTWARE$/i.test(at.file) && inRegistry.has(first) && count === 1;
          if (!inHive) ctx.report({ messageId, at, severity, data: { key: Secret.found('product-key', first), count } });
        }
      },
    };

    function judgeBackup(key: VisitedKey, value: StoredValue): void {
      for (const text of textsOf(value)) {
        const found = asKey(withDashes(text.replaceAll('\0', '').trim().toUpperCase()));
        if (!found || isPlaceholder(found.text) || found.valid === false || classOf(found) !== 'unknown') continue;
        inRegistry.add(found.text);
        const at = { hive: key.hive, key: key.path, name: value.name };
        ctx.report({ messageId: 'backupKey', at, data: { key: Secret.found('product-key', found.text) } });
      }
    }
  },
});

function textKindOf(keyClass: string, key: ProductKey): TextFinding['messageId'] {
  if (keyClass === 'default-series') return 'textDefault';
  return key.algorithm === 'pkey2005' ? 'textOldKey' : 'textKey';
}

/** Whatever the type says: bytes may be text, and a list holds several. Bytes far behind a key are none. */
function textsOf({ decoded, raw }: StoredValue): readonly string[] {
  if (decoded?.type === 'REG_MULTI_SZ') return decoded.data;
  if (decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ') return [decoded.data];
  const head = Buffer.from(raw.subarray(0, BYTES_MAX));
  return [head.toString('utf16le'), head.toString('latin1')];
}

/** What stands in `Key` and `ProductKey` elements, with references and CDATA resolved; a file that is not well-formed is no such file for Setup. */
function keysOfAnswerFile(content: Uint8Array): readonly { readonly text: string; readonly line: number | undefined }[] {
  const bytes = bufferOf(content);
  if (!bytes.includes('unattend') && !bytes.includes(Buffer.from('unattend', 'utf16le'))) return [];
  const root = withoutFormatError(() => parseXml(content))?.root;
  const open = root?.local === 'unattend' ? [root] : [];
  const keys: { text: string; line: number | undefined }[] = [];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    if (/^(?:product)?key$/i.test(element.local)) keys.push({ text: textOf(element).trim().toUpperCase(), line: element.at?.line });
    open.push(...elementsOf(element));
  }
  return keys;
}

function withDashes(text: string): string {
  return /^\w{25}$/.test(text) ? text.replace(/.{5}(?=.)/g, '$&-') : text;
}

function asKey(text: string): ProductKey | undefined {
  return withoutFormatError(() => productKeyOf(text));
}

function parsed<T>(value: StoredValue | undefined, parse: (data: Uint8Array) => T): T | undefined {
  return value && withoutFormatError(() => parse(value.raw));
}

function withoutFormatError<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
