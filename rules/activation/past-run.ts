// Traces of an activator that ran once: what was typed, what was prefetched, what Defender saw. The tool may be gone, its work is not.
import { activationSigns } from '../../formats/activation-script/signs.ts';
import { decodeScript } from '../../formats/script/decode.ts';
import { normaliseScript } from '../../formats/script/normalise.ts';
import { defineRule, type Location } from '../../lint/rule.ts';

const TYPED = ['/**/ConsoleHost_history.txt', '/**/PowerShell_transcript*.txt'];
const DEFENDER_LOGS = ['/ProgramData/Microsoft/Windows Defender/Support/MP{Log,Detection}*.log', '/**/MPLog*.log'];
const PREFETCH = '/Windows/Prefetch/*.pf';
/** Windows names a prefetch file after the program, in capitals, with a digest behind. KMS as a word, or with what such programs add to it. */
const PREFETCHED =
  /\/(?:(?:AUTO|SERVICE_|MINI)?KMS(?:ELDI|PICO|AUTO|SS|CLEANER|SERVER|TOOLS|OFFLINE)?|[^/]*[ _-]KMS|KMS[ _-][^/]*|AUTOPICO|SECOH-QAD|HEU_KMS[^/]*|AACT(?:_X64)?|VLMCSD?|TUNMIRROR2?|GATHEROSSTATE(?:MODIFIED)?|SPPEXTCOMOBJPATCHER|TSFORGE(?:CLI)?|W10DIGITALACTIVATION[^/]*)\.EXE-[0-9A-F]{8}\.PF$/i;
/** Microsoft Defender's names of this kind of tool. */
const DETECTED = /\bHackTool:[A-Za-z0-9]{1,20}\/(?:\w{0,30}KMS\w{0,30}|Keygen|Wpakill|Patcher|MASActivat\w{0,20})\b/;
const SIZE_MAX = 16 * 1024 * 1024;
const EXAMPLES_MAX = 5;

type Kind = 'typed' | 'prefetched' | 'detected';

export const pastRun = defineRule({
  id: 'activation/past-run',
  title: 'Nothing tells of an activator that ran on the reference machine',
  description: `Looks at what is left when the tool itself is gone: commands of activation in the history and in transcripts of PowerShell, names of programs in
prefetch files, and detections in Microsoft Defender's logs.

**Verdict.** Each kind is weak by itself; two kinds in one image are strong.

**Honest look-alikes.** A laboratory machine on which a detection was tried; \`slmgr /dlv\` and activation at a listed host in the history; names of cloud
tools such as \`kms-agent\`.

**Cannot be proved.** What was cleared before the capture. Event logs, Amcache and ShimCache are not parsed; programs under other names leave other names.

Sources: \`about_PSReadLine\`; libyal, "Windows Prefetch File (PF) format"; Microsoft Defender's names of threats.`,
  why: `The licence of the reference machine was forged once, and what that changed (tickets, the encrypted store, a host) is in every copy, although the tool
was removed.`,
  repair: { text: 'Build the reference machine anew from Microsoft’s media: what an activator changed cannot be proved gone.' },
  level: 'weak',
  options: {},
  messages: {
    typed: 'somebody typed a command that {what}',
    prefetched: 'the program {what} was started',
    detected: 'Microsoft Defender found {what}',
  },
  select: { files: [...TYPED, ...DEFENDER_LOGS, PREFETCH], content: 'whole', large: 'visit' },
  create(ctx) {
    const found: { readonly kind: Kind; readonly at: Location; readonly what: string; readonly evidence: string }[] = [];
    const add = (kind: Kind, at: Location, what: string, evidence: string) => {
      if (found.filter((one) => one.kind === kind).length < EXAMPLES_MAX) found.push({ kind, at, what, evidence });
    };

    return {
      file(file, content) {
        if (file.folder) return;
        const name = file.path.slice(file.path.lastIndexOf('/') + 1);
        if (/\.pf$/i.test(file.path)) {
          if (PREFETCHED.test(file.path)) add('prefetched', { file: file.path }, name.replace(/-[0-9A-F]{8}\.pf$/i, ''), name);
          return;
        }
        if (!content || content.length > SIZE_MAX) return ctx.unable(`${file.path}: is too large to be looked at (${file.size} bytes)`);
        if (/\.log$/i.test(name)) {
          const detected = DETECTED.exec(decodeScript(content).text.text)?.[0];
          if (detected) add('detected', { file: file.path }, detected, detected);
          return;
        }
        for (const { what, command, offset } of activationSigns(normaliseScript(content, 'powershell'), ctx.policy.kmsHosts)) {
          add('typed', { file: file.path, offset }, what, command);
        }
      },
      end() {
        const kinds = new Set(found.map(({ kind }) => kind));
        for (const { kind, at, what, evidence } of found) {
          ctx.report({ messageId: kind, at, data: { what }, evidence, level: kinds.size > 1 ? 'strong' : 'weak' });
        }
      },
    };
  },
});
