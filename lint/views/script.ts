// The view of a script: its text in plain form, with what it carries in coded form.
import { decodeScript } from '../../formats/script/decode.ts';
import { normaliseScript, type PlainScript, SCRIPT_MAX_BYTES, type ScriptLanguage } from '../../formats/script/normalise.ts';
import { contentView } from '../view.ts';

const LANGUAGES: Readonly<Record<string, ScriptLanguage>> = {
  cmd: 'batch',
  bat: 'batch',
  ps1: 'powershell',
  psm1: 'powershell',
  psd1: 'powershell',
  vbs: 'vbscript',
  vbe: 'vbscript',
  js: 'jscript',
  jse: 'jscript',
};
/** Script Host files and HTML applications hold either language: both are told by what they begin with. */
const MIXED = new Set(['wsf', 'hta', 'sct']);
const SAMPLE = 64 * 1024;

/** Undefined for an encoded VBE or JSE file, which is told, and for a content that is a program. */
export const script = contentView<PlainScript>({
  max: SCRIPT_MAX_BYTES,
  variant: (path) => /\.([A-Za-z0-9]{1,5})$/.exec(path)?.[1]?.toLowerCase() ?? '',
  parse(content, variant, sight) {
    if (content[0] === 0x4d && content[1] === 0x5a && content.subarray(0, 512).includes(0)) return undefined;
    const head = Buffer.from(content.subarray(0, SAMPLE)).toString('latin1').replaceAll('\0', '');
    if (head.includes('#@~^')) sight.unseen('is a script in encoded form (Script Encoder), which is not read');
    const plain = normaliseScript(content, languageOf(content, variant));
    for (const fault of plain.faults) sight.unseen(fault);
    return plain;
  },
});

function languageOf(content: Uint8Array, extension: string): ScriptLanguage {
  const known = LANGUAGES[extension];
  if (known) return known;
  const head = decodeScript(content.subarray(0, SAMPLE)).text.text;
  if (MIXED.has(extension)) return /vbscript|\bdim\b|\bsub\b/i.test(head) ? 'vbscript' : 'jscript';
  return 'unknown';
}
