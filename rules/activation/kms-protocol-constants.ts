// Whatever its name and type, a file that holds the constants of the KMS protocol plays a KMS host.
import { storeCopyOf } from '../../image/component-store.ts';
import type { ImageFile } from '../../image/image.ts';
import { defineRule, type SignatureMatch } from '../../lint/rule.ts';

/** Source files and scripts: where a constant as text is code. In prose, rule files and data it is only mentioned. */
const SOURCE =
  /\.(?:py|pyw|js|mjs|cjs|jse|ts|cs|csx|vb|vbs|vbe|ps1|psm1|psd1|cmd|bat|php|c|h|cc|cpp|hpp|cxx|rs|go|java|kt|lua|pl|pm|rb|sh|wsf|hta|au3|ahk|asm|inc|idl)$/i;

/** Microsoft's own licensing programs, which speak the protocol too. */
const LICENSING =
  /^\/Windows\/(?:System32|SysWOW64|SysArm32|WinSxS\/[^/]*_31bf3856ad364e35_[^/]*)\/(?:sppextcomobj\.exe|sppsvc\.exe|slsvc\.exe|sppobjs\.dll|sppwinob\.dll|sppc\.dll|slc\.dll|slcext\.dll|pidgenx\.dll)$/i;
/** Rules of the signature file whose hits a genuine licensing program may show; nobody could check that here. */
const PROTOCOL_ONLY = new Set(['kms_v4_key', 'kms_v5_key', 'kms_v6_key', 'kms_interface']);

export const kmsProtocolConstants = defineRule({
  id: 'activation/kms-protocol-constants',
  title: 'No file holds the constants of the KMS protocol',
  description: `Runs the signatures of \`rules/yara/kms-protocol-constants.yar\` over the content of every file and named stream: the keys of the protocol
versions 4, 5 and 6, the RPC interface, product databases, the settings of activation hooks, texts of known servers, and the same keys as source text.

**Ladder.** Two kinds of evidence in one file, or two texts of one kind, are certain. One key or text alone is strong. The
interface id alone is weak.

**Honest look-alikes.** Network analysers hold the interface id (weak). Rule files, signature databases, catalogues and prose: texts count in
programs, source text in source files only. Microsoft's own licensing programs: a note when the file is the same as its copy in the component store.

**Cannot be proved.** An encrypted or packed emulator; whether a genuine licensing program of every version is free of these bytes.

Sources: public source code of emulators and of protocol analysers; measured on 114,000 files of a Debian system, without a hit.`,
  why: `A KMS emulator can have any name, but it cannot answer without these bytes. All three keys were found in each of the
hook DLLs that were checked, the interface id in none of them; a scan of 113,884 files of a Linux system found neither.`,
  repair: { text: `Remove the file; if it belongs to a tool you need, allow it by its path in \`lint.allow\` with a reason.` },
  level: 'strong',
  levels: { certain: 'certain', weak: 'weak' },
  options: {},
  messages: {
    certain: 'is a KMS emulator or a part of one: {evidence}',
    strong: 'holds {evidence}',
    weak: 'holds {evidence} and nothing else that tells an emulator from an analyser',
    genuine: 'holds {evidence}; the file equals its copy in the component store, which cannot be proved genuine offline',
  },
  select: { signatures: ['kms-protocol-constants'] },
  create(ctx) {
    const hits = new Map<string, { file: ImageFile; stream: string | undefined; matches: SignatureMatch[] }>();

    return {
      match(match) {
        if (match.meta.scope === 'source' && !SOURCE.test(match.stream ?? match.file.path)) return;
        const id = `${match.file.path}\0${match.stream ?? ''}`;
        const known = hits.get(id) ?? { file: match.file, stream: match.stream, matches: [] };
        known.matches.push(match);
        hits.set(id, known);
      },
      async end(image) {
        for (const { file, stream, matches } of hits.values()) {
          const offsets = matches.flatMap(({ strings }) => strings.map(({ offset }) => offset));
          const offset = offsets.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
          const at = { file: file.path, ...(stream === undefined ? {} : { stream }), offset };
          const evidence = [...new Set(matches.map(({ meta }) => String(meta.evidence)))].sort().join(', ');
          if (
            stream === undefined &&
            matches.every(({ rule }) => PROTOCOL_ONLY.has(rule)) &&
            LICENSING.test(file.path) &&
            (await storeCopyOf(image, file)) !== undefined
          ) {
            ctx.report({ messageId: 'genuine', at, data: { evidence }, evidence, severity: 'note' });
            continue;
          }
          ctx.report({ messageId: levelOf(matches), at, data: { evidence }, evidence });
        }
      },
    };
  },
});

/** Different rules are different kinds of evidence, except that one key as bytes and as text is the same key. */
function levelOf(matches: readonly SignatureMatch[]): 'certain' | 'strong' | 'weak' {
  if (matches.some(({ meta }) => meta.level === 'certain')) return 'certain';
  if (!matches.some(({ meta }) => meta.level === 'strong')) return 'weak';
  const kinds = new Set(matches.map(({ rule }) => rule.replace('kms_source_v', 'kms_v').replace('_key', '')));
  const twoTexts = matches.some(({ meta, strings }) => meta.two !== undefined && new Set(strings.map(({ id }) => id)).size >= 2);
  return kinds.size >= 2 || twoTexts ? 'certain' : 'strong';
}
