// An answer file that Setup would read must be one that can be read.
import { defineRule } from '../../lint/rule.ts';
import { ANSWER_FILE_SELECT, answerFileVisitor } from '../../unattend/answer-file-rule.ts';

export const readable = defineRule({
  id: 'answer-file/readable',
  title: 'Answer files: every file where Setup looks can be read',
  description: `Parses every answer file of the image. One that stands where Setup looks for it, or that \`Setup\\UnattendFile\` names, and is not
well-formed XML or no answer file, stops Setup with "Windows could not parse or process the unattend answer file": that is an error. A broken
file of such a name elsewhere is a note.

**Honest look-alikes.** XML of another kind under such a name, and templates that are filled in later: a note where Setup does not look.

**Cannot be proved.** Our parser is strict and bounded (no DTD, 100 levels, 8 MB); what it reads may still be refused by Setup for its content:
the other rules of this family look at that.

Source: Microsoft, "Windows Setup Automation Overview", implicit answer file search order.`,
  why: 'Setup stops at such a file with a message, at the first boot of every copy.',
  repair: { text: `Correct the place that the message names, or remove the file.` },
  severity: 'error',
  options: {},
  messages: {
    broken: 'Setup looks here and cannot read it: {fault}',
    brokenCopy: 'cannot be read as an answer file: {fault}',
  },
  select: ANSWER_FILE_SELECT,
  create: (ctx) =>
    answerFileVisitor(
      (reason) => ctx.unable(reason),
      ({ path, file, fault, searched }) => {
        if (file || !(searched || /unattend[^/]*\.xml$/i.test(path))) return;
        const line = /\bline (\d{1,9})\b/.exec(fault)?.[1];
        const at = { file: path, ...(line ? { line: Number(line) } : {}) };
        ctx.report({ messageId: searched ? 'broken' : 'brokenCopy', severity: searched ? 'error' : 'note', at, data: { fault } });
      },
    ),
});
