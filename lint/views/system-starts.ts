// What runs with the rights of the system, or at every logon of an administrator: the command lines, who starts them, and the files that say so.
import { targetsOf } from '../../formats/command-line/targets.ts';
import { imageView } from '../view.ts';
import { autostart, type Start } from './autostart.ts';
import { scmEntries } from './scm-entries.ts';
import { tasks } from './tasks.ts';

export interface SystemStart {
  /** Who starts it, as the beginning of a sentence: `the service Spooler`. */
  readonly why: string;
  /** A command line, or the path of a library. */
  readonly line: string;
  /** What relative names stand on; undefined when they lead nowhere. */
  readonly folder: string | undefined;
  /** The file of the image that says so; undefined for the registry. */
  readonly saidBy: string | undefined;
}

const DISABLED = 4;
const SYSTEM32 = '/Windows/System32';
/** Of these a relative name stands there. */
const IN_SYSTEM32: ReadonlySet<Start['kind']> = new Set(['setup', 'winlogon', 'app-init', 'app-cert']);
const SYSTEM_ACCOUNT = /^(?:\.\\)?(?:localsystem|local system|system|nt authority\\system|s-1-5-18)$/i;
/** Scripts of group policy for the machine run as SYSTEM, those of users with their rights. */
const OF_USERS = /^\/(?:Users\/|Windows\/System32\/GroupPolicy(?:Users\/|\/User\/))/i;
const PHRASES: Readonly<Partial<Record<Start['kind'], string>>> = {
  run: 'a Run key of the machine',
  'active-setup': 'Active Setup, at the first logon of everybody,',
  winlogon: 'Winlogon, at every logon,',
  'app-init': 'every program',
  'app-cert': 'every program that starts another',
  'command-processor': 'every cmd.exe',
  'policy-script': 'a script of group policy',
  'boot-execute': 'the boot',
  setup: 'Setup, as SYSTEM,',
  'startup-folder': 'the start folder of everybody',
  'answer-file': 'an answer file, as SYSTEM or an administrator,',
};

export const systemStarts = imageView<readonly SystemStart[]>({
  async read(_image, sight) {
    const starts: SystemStart[] = [];
    const add = (why: string, line: string, folder?: string, saidBy?: string) => {
      if (line !== '') starts.push({ why, line, folder, saidBy });
    };
    for (const { name, imagePath, onFailure, library, account, start } of (await sight.see(scmEntries)()) ?? []) {
      if (start === DISABLED || (account !== '' && !SYSTEM_ACCOUNT.test(account.trim()))) continue;
      for (const line of [imagePath, onFailure, library]) add(`the service ${name}`, line);
    }
    for (const { path, file, xml, entry, accounts } of (await sight.see(tasks)()) ?? []) {
      if (!accounts.some((account) => SYSTEM_ACCOUNT.test(account))) continue;
      for (const action of [...(xml?.actions ?? []), ...(entry?.actions?.actions ?? [])]) {
        if (action.kind !== 'exec') continue;
        const line = `"${action.command.replaceAll('"', '').trim()}" ${action.arguments}`;
        add(`the task ${path.slice(1)}`, line, targetsOf(`"${action.workingDirectory.replaceAll('"', '').trim()}"`)[0]?.[0], file);
      }
    }
    for (const { kind, at, command } of (await sight.see(autostart)()) ?? []) {
      const why = PHRASES[kind];
      const saidBy = 'file' in at ? at.file : undefined;
      if (why === undefined || ('hive' in at && at.hive !== 'SOFTWARE' && at.hive !== 'SYSTEM') || OF_USERS.test(saidBy ?? '')) continue;
      // Scripts of policy stand beside the list that names them, in a folder for each phase.
      const folder = IN_SYSTEM32.has(kind) ? SYSTEM32 : undefined;
      add(why, command, folder, saidBy);
      if (kind !== 'policy-script' || saidBy === undefined) continue;
      const own = saidBy.slice(0, saidBy.lastIndexOf('/'));
      for (const phase of ['Startup', 'Shutdown']) add(why, command, `${own}/${phase}`, saidBy);
    }
    return starts;
  },
});
