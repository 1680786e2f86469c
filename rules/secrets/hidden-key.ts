// No text holds a product key in another writing than the plain one: other letters, other dashes, escapes, numbers, Base64.
import { bufferOf } from '../../formats/bytes.ts';
import { isPlaceholder, type ProductKey, productKeyOf } from '../../formats/product-key/key.ts';
import { classOf } from '../../formats/product-key/known-keys.ts';
import { scanProductKeys } from '../../formats/product-key/text-scan.ts';
import { writingSigns } from '../../formats/product-key/writing-signs.ts';
import { keysWritten } from '../../formats/product-key/written.ts';
import { decodeScript } from '../../formats/script/decode.ts';
import { utf7Text, utf32Text } from '../../formats/script/rare-encodings.ts';
import { defineRule, NOTHING } from '../../lint/rule.ts';
import { Secret } from '../../lint/secret.ts';

const TEXTS = ['txt', 'log', 'ini', 'inf', 'inc', 'cfg', 'conf', 'xml', 'json', 'reg', 'csv', 'sif', 'eml', 'url', 'rtf', 'bak', 'old'];
const SCRIPTS = ['cmd', 'bat', 'ps1', 'psm1', 'vbs', 'wsf', 'hta'];
const SCRIPT = new RegExp(`\\.(?:${SCRIPTS.join('|')})$`, 'i');
/** A longer text is a log or data: keys in the plain writing are found in it all the same. */
const SIZE_MAX = 256 * 1024;
/** How a script hides one. */
const PIECES = 'in pieces';

export const hiddenKey = defineRule({
  id: 'secrets/hidden-key',
  title: 'No text holds a product key in another writing',
  description: `Looks into texts and scripts of up to 256 KiB for keys that are not written as five groups with dashes: without dashes, with blanks or other
signs, in full-width letters or with invisible signs between; as character references, as escapes of JSON, C, URLs and mail; as hexadecimal or decimal
numbers, in Base64, in UTF-7 and UTF-32; as the bytes of \`DigitalProductId\` in a .reg file; and in scripts whose text is put together from pieces.
Plain keys are the part of \`secrets/product-key\`.

**Verdict.** Only a key with an N whose checksum fits counts, and a stored value: one text of a thousand that looks like a key would fit by chance, and
few texts look like one. Public keys pass.

**Honest look-alikes.** GUIDs, digests, Base64 of anything else, serials of 25 letters, the published setup keys in any writing.

**Cannot be proved.** Keys of Windows 7 and Office 2010 in such writings (they carry no checksum), keys that are encrypted, and texts above 256 KiB.

Sources: the checksum as in \`secrets/product-key\`; RFC 2045, 2152 and 4648 for the codings.`,
  why: 'A key that is written in another way is as easy to read for whoever looks for one, and it was hidden from whoever did not.',
  repair: { step: 'generalize-answer-file', text: 'Remove the text; a KMS client needs no key of yours.' },
  severity: 'error',
  options: {},
  messages: { hidden: 'holds the product key {key} {how} (such keys in the file: {count})' },
  select: {
    files: [`/**/*.{${[...TEXTS, ...SCRIPTS].join(',')}}`, '/**/ConsoleHost_history.txt'],
    content: 'whole',
    contentMax: SIZE_MAX,
    large: 'visit',
    base: 'skip',
  },
  create: (ctx) => ({
    async file(file, content) {
      if (!content) return NOTHING;
      const { signs, spans } = writingSigns(content);
      const hasSigns = Object.values(signs).some(Boolean);
      const texts = hasSigns ? textsOf(content, signs.foreign) : [];
      if (SCRIPT.test(file.path)) {
        const layers = (await ctx.views.script({ file }, content))?.layers ?? [];
        texts.push(...layers.map(({ text }) => ({ text, how: PIECES })));
      }
      const plain = plainKeys(content);
      const found = new Map<string, string>();
      const add = (key: ProductKey, how: string) => {
        if (key.valid !== false && !plain.has(key.text) && !isPlaceholder(key.text) && classOf(key) === 'unknown' && !found.has(key.text))
          found.set(key.text, how);
      };
      for (const { text, how, isPlain } of texts) {
        for (const written of keysWritten(text, how === PIECES ? undefined : signs, isPlain ? spans : undefined))
          add(written.key, written.how);
        if (isPlain) continue;
        // Decoded once, it may stand there in the plain writing.
        for (const one of plainKeys(Buffer.from(text))) {
          const key = productKeyOf(one);
          if (key.valid === true) add(key, how);
        }
      }
      const [first] = found;
      if (!first) return NOTHING;
      const [key, how] = first;
      ctx.report({ messageId: 'hidden', at: { file: file.path }, data: { key: Secret.found('product-key', key), how, count: found.size } });
      return NOTHING;
    },
  }),
});

interface Text {
  readonly text: string;
  readonly how: string;
  /** True when each byte of the content is one character of it. */
  readonly isPlain?: boolean;
}

/** The content as text: the encoding that it seems to have, with letters in their usual form, and rare ones that it may have. */
function textsOf(content: Uint8Array, isForeign: boolean): Text[] {
  const long = utf32Text(content);
  if (long !== undefined) return [{ text: long, how: 'in UTF-32' }];
  const text = isForeign ? decodeScript(content).text.text : bufferOf(content).toString('latin1');
  const short = utf7Text(text);
  return [{ text, how: 'in unusual letters', isPlain: !isForeign }, ...(short === text ? [] : [{ text: short, how: 'in UTF-7' }])];
}

function plainKeys(content: Uint8Array): ReadonlySet<string> {
  const keys = new Set<string>();
  scanProductKeys(content, ({ text }) => void keys.add(text));
  return keys;
}
