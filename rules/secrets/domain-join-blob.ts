// No file holds the account of a computer that was prepared for an offline domain join.
import { defineRule } from '../../lint/rule.ts';

export const domainJoinBlob = defineRule({
  id: 'secrets/domain-join-blob',
  title: 'No file holds the data of an offline domain join',
  description: `Looks in every file and named stream for what \`djoin /provision /savefile\` writes: a long Base64 text, in one or two bytes a letter, that begins
as the structure does in which Windows packs the name, the domain and the password of a computer account.

**Verdict.** An error wherever it lies. In \`AccountData\` of an answer file it is the part of \`secrets/answer-file-password\`.

**Honest look-alikes.** Documents that show the first letters; other data in Base64.

**Cannot be proved.** Whether the account still exists, and whether a structure of the same kind was packed by another program.

Sources: Microsoft, "Offline Domain Join (Djoin.exe) Step-by-Step Guide" (the file holds the password of the account and is to be kept like one);
[MS-RPCE] 2.2.6 for the first bytes.`,
  why: 'Every copy of the image can become that one computer in the domain: they share its password, and so does whoever reads the image.',
  repair: { text: 'Delete the file; hand its own to each workspace when it is joined.' },
  severity: 'error',
  options: {},
  messages: { blob: 'holds {evidence}, with its password' },
  select: { signatures: ['domain-join-blob'] },
  create: (ctx) => ({
    match({ file, stream, meta, strings }) {
      const offset = strings.reduce((least, one) => Math.min(least, one.offset), Number.MAX_SAFE_INTEGER);
      const at = { file: file.path, ...(stream === undefined ? {} : { stream }), offset };
      ctx.report({ messageId: 'blob', at, data: { evidence: String(meta.evidence) } });
    },
  }),
});
