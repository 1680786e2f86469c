// chronyd as a second opinion on a chrony.conf: it parses the file and prints it, changes no clock and needs no privilege.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { withScratch } from './scratch.ts';
import { runTool, type Tool } from './tool.ts';

/** Debian puts it where a user's PATH often does not lead. */
const USUAL_PLACE = '/usr/sbin/chronyd';

export const chronyd: Tool = {
  name: 'chronyd',
  package: 'chrony',
  purpose: 'checks the chrony.conf that the chrony-conf step writes',
  versionArgs: ['--version'],
  versionPattern: /version (\d+(?:\.\d+)+)/,
  advice:
    'Its package replaces systemd-timesyncd: unpack it with apt-get download chrony and dpkg-deb -x, and name it in WTGFORGE_CHRONYD.',
  minimum: '4.0', // -p came with 4.0
};

/** The tool under the path that WTGFORGE_CHRONYD names, from PATH, or where Debian installs it. */
export function chronydHere(env: Readonly<Record<string, string | undefined>> = process.env): Tool {
  if (env.WTGFORGE_CHRONYD) return { ...chronyd, name: env.WTGFORGE_CHRONYD };
  const onPath = (env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, 'chronyd')));
  return !onPath && existsSync(USUAL_PLACE) ? { ...chronyd, name: USUAL_PLACE } : chronyd;
}

export type ChronyVerdict =
  | { readonly kind: 'sound' }
  | { readonly kind: 'faulty'; readonly fault: string }
  | { readonly kind: 'unchecked' };

/** What chronyd says of a configuration; `unchecked` when it is not installed or too old for `-p`. */
export async function checkChronyConf(text: string, signal?: AbortSignal): Promise<ChronyVerdict> {
  return withScratch(async (folder) => {
    const file = join(folder, 'chrony.conf');
    await writeFile(file, text, { mode: 0o600 });
    try {
      const { exitCode, stderr } = await runTool(chronydHere(), ['-p', '-f', file], { accept: [0, 1], ...(signal ? { signal } : {}) });
      if (exitCode === 0) return { kind: 'sound' };
      if (/invalid option|unrecognized option/i.test(stderr)) return { kind: 'unchecked' };
      return { kind: 'faulty', fault: faultOf(stderr, file) };
    } catch (error) {
      if (error instanceof ToolError && error.code === 'TOOL_MISSING') return { kind: 'unchecked' };
      throw error;
    }
  });
}

/** chronyd's last line without its time stamp and our temporary path. */
function faultOf(stderr: string, file: string): string {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const said = last.replace(/^\S+T\S+Z\s+/, '').replaceAll(file, 'chrony.conf');
  return said === '' ? 'it gave no reason' : said;
}
