// A permanent event consumer of WMI starts a command on an event and stands in no list of autostarts: only its text in the repository shows it.
import { ImageError, only } from '../../errors.ts';
import { fetchesAndRuns } from '../../formats/activation-script/command.ts';
import { isAllowedHost, KMS_PORT, readKmsHost } from '../../formats/kms-host/host.ts';
import type { Image } from '../../image/image.ts';
import { defineRule } from '../../lint/rule.ts';

const REPOSITORY = ['/Windows/System32/wbem/Repository/OBJECTS.DATA', '/Windows/System32/wbem/Repository/FS/OBJECTS.DATA'];
/** A repository of a Windows that was managed for years has about 60 MB. */
const SIZE_MAX = 256 * 1024 * 1024;
/** Shortest run of text that can be a command, and the longest that is looked at. */
const RUN = { least: 12, most: 8192 };
/** Texts looked at in one repository; class definitions alone give some hundred thousand short ones. */
const RUNS_MAX = 2_000_000;
const FINDINGS_MAX = 50;

/** A command or script, not the name of a class or method. */
const ACTS =
  /(?:cscript|wscript|powershell|pwsh|mshta|rundll32|regsvr32|cmd)(?:\.exe)?["'\s]|createobject\s*\(|getobject\s*\(|execquery\s*\(/i;
const HOST = /(?:\/skms[\s:]+|\/sethst:\s*|setkeymanagementservicemachine\s*\(\s*)["']?([^\s"')]{1,253})/i;
const ACTIVATES = /\bslmgr(?:\.vbs)?\b|\bospp\.vbs\b|setkeymanagementservicemachine\s*\(/i;
const FETCHES =
  /\b(?:irm|iwr|invoke-restmethod|invoke-webrequest|downloadstring|downloadfile|curl|bitsadmin|certutil)\b[\s\S]*(?:\biex\b|invoke-expression|\||\.exe\b|\.ps1\b)/i;
const ENCODED = /\s[-/\u2013]e(?:nc?|c|ncodedcommand)?\s+[A-Za-z0-9+/=]{24,}/i;

export const wmiConsumer = defineRule({
  id: 'activation/wmi-consumer',
  title: 'No WMI event starts an activation or fetches a script',
  description: `Looks in the WMI repository for texts of permanent event consumers (CommandLineEventConsumer, ActiveScriptEventConsumer): command lines and
scripts that activate Windows or Office at a host that is not allowed, fetch and run something, or carry an encoded command. The repository is
searched as text in both widths, not taken apart.

**Honest look-alikes.** The definitions of the licensing classes, which name their methods; Microsoft's own consumers (\`SCM Event Log Consumer\`,
\`BVTConsumer\`); a command that activates at an allowed host.

**Cannot be proved.** Whether the consumer is bound to a filter, and texts that were deleted and not yet written over: both are reported.

Source: Microsoft, "Receiving Events at All Times" and "CommandLineEventConsumer class".`,
  why: 'It runs as SYSTEM, comes back after every cleaning of tasks and services, and nobody looks there.',
  repair: {
    text: 'Remove the consumer, its filter and their binding on the reference machine, and rebuild from a clean source when nobody knows where it comes from.',
  },
  level: 'strong',
  levels: { encoded: 'weak' },
  options: {},
  messages: {
    activates: 'the WMI repository holds a command that activates at {host}',
    fetches: 'the WMI repository holds a command that fetches a script and runs it',
    encoded: 'the WMI repository holds an encoded command',
  },
  select: {},
  create(ctx) {
    return {
      async end(image) {
        for (const path of REPOSITORY) {
          const content = await contentOf(image, path, (reason) => ctx.unable(reason));
          if (!content) continue;
          let found = 0;
          for (const { text, offset } of runsOf(content, () => ctx.unable(`${path}: holds more texts than are looked at`))) {
            const sign = signOf(text, ctx.policy.kmsHosts);
            if (!sign) continue;
            if (++found > FINDINGS_MAX) break;
            ctx.report({ ...sign, at: { file: path, offset }, evidence: text });
          }
        }
      },
    };
  },
});

async function contentOf(image: Image, path: string, unable: (reason: string) => void): Promise<Uint8Array | undefined> {
  try {
    const file = await image.find(path);
    if (!file || file.folder) return undefined;
    if (file.size <= SIZE_MAX) return await file.read();
    unable(`${path}: is too large to be looked at (${file.size} bytes)`);
  } catch (error) {
    unable(only(ImageError, error).message);
  }
  return undefined;
}

interface Sign {
  readonly messageId: 'activates' | 'fetches' | 'encoded';
  readonly data?: Readonly<Record<string, string>>;
}

function signOf(text: string, allowed: readonly string[]): Sign | undefined {
  if (!ACTS.test(text)) return undefined;
  if (ACTIVATES.test(text)) {
    const [, named] = HOST.exec(text) ?? [];
    if (named !== undefined) {
      const host = readKmsHost(named);
      if (!isAllowedHost(host, host.port ?? KMS_PORT, allowed)) return { messageId: 'activates', data: { host: named } };
    }
  }
  if (FETCHES.test(text) || fetchesAndRuns(text)) return { messageId: 'fetches' };
  return ENCODED.test(text) ? { messageId: 'encoded' } : undefined;
}

/** Runs of printable letters, one byte and two bytes wide; the repository keeps texts in either. */
function* runsOf(content: Uint8Array, tooMany: () => void): Iterable<{ readonly text: string; readonly offset: number }> {
  let runs = 0;
  for (const [encoding, step] of [
    ['latin1', 1],
    ['utf16le', 2],
  ] as const) {
    for (let shift = 0; shift < step; shift++) {
      let start = -1;
      for (let at = shift; at <= content.length; at += step) {
        const printable = isPrintable(content[at]!) && (step === 1 || content[at + 1] === 0);
        if (printable) {
          if (start < 0) start = at;
          continue;
        }
        if (start < 0) continue;
        if ((at - start) / step >= RUN.least) {
          if (++runs > RUNS_MAX) return tooMany();
          const end = Math.min(at, start + RUN.most * step);
          yield { text: Buffer.from(content.buffer, content.byteOffset + start, end - start).toString(encoding), offset: start };
        }
        start = -1;
      }
    }
  }
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13;
}
