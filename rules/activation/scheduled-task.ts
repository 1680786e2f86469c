// Scheduled tasks judged by what they do, in both stores: the XML files, and the registry that the task service acts on.
import { lookAtCommand } from '../../formats/activation-script/command.ts';
import { defineRule, type Level } from '../../lint/rule.ts';

/** Microsoft's own tasks of the protection services; nothing else belongs into their folders. */
const PROTECTION_FOLDER = /^\\(?:microsoft\\windows\\softwareprotectionplatform|officesoftwareprotectionplatform)\\/i;
const PROTECTION_TASKS = /\\svcrestarttask(?:logon|network)?$/i;
/** What those do: they hand over to a class of Windows, or start the service. */
const PROTECTION_ACTION =
  /^"?(?:%(?:systemroot|windir)%|c:\\windows)\\system32\\(?:sc\.exe"?\s+start\s+(?:sppsvc|osppsvc)|sppextcomobj\.exe"?(?:\s|$))/i;

const SYSTEM = /^(?:s-1-5-18|(?:nt authority\\)?(?:local ?system|system))$/i;
const SCRIPT = /\.(?:cmd|bat|ps1|vbs|vbe|js|jse|wsf|hta)\b/i;
const DATA = /(?:%programdata%|%allusersprofile%|\\programdata)\\/i;
/** Before Windows 10 no name of a task carries a descriptor (measured on 7 and 8.1). */
const GUARDED_SINCE = 10_240;

export const scheduledTask = defineRule({
  id: 'activation/scheduled-task',
  title: 'No scheduled task activates Windows, fetches what it runs, or hides',
  description: `Reads every scheduled task from both stores: the files of \`System32\\Tasks\`, and \`TaskCache\` in the registry with its binary
actions and triggers, which is what the task service acts on. The command of an action is brought into plain form first (carets, variables, encoded commands).

**Certain or strong.** A command that activates at a host that \`lint.kmsHosts\` does not list, or by a way of activators; one that fetches a text and runs
it; a task in the folder of the protection service that is not Microsoft's, or one of Microsoft's that runs something else; an action that stands in
the registry and not in the file; a hidden task of SYSTEM that runs a script from a folder for data.
**Weak.** A task in one store alone where the others are in both; a task that no name in the registry shows; a name without a descriptor where
the others have one, from Windows 10 on; a task of SYSTEM that runs from a folder for anybody's data.

**Honest look-alikes.** SvcRestartTask, SvcRestartTaskLogon and SvcRestartTaskNetwork; names in the registry that lead nowhere (real Windows holds
some); Windows 7, which keeps no actions in the registry; a task that activates at a listed host.

**Cannot be proved.** What a class (COM) does that a task hands over to.

Sources: [MS-TSCH]; layout of the blobs by GDATAAdvancedAnalytics/winreg-tasks, measured on 215 tasks of Windows 7 and 8.1.`,
  why: `A task runs as SYSTEM again and again on every machine that boots the image, long after the tool that made it is gone. The claim
"Microsoft Corporation" in a task is only text.`,
  repair: { text: 'Delete the task in the reference system (`schtasks /Delete /TN …`) and seal it again; then look for what it ran.' },
  level: 'strong',
  levels: { oneStore: 'weak', unnamed: 'weak', unguarded: 'weak', fromData: 'weak' },
  options: {},
  messages: {
    activates: 'the task {task} {what}',
    fetches: 'the task {task} fetches a text and runs it',
    foreign: 'the task {task} stands among those of the protection service and is not one of them',
    changed: "the task {task} is one of Microsoft's by its name and runs something else",
    disagree: 'the task {task} runs what its file does not say',
    hiddenScript: 'the hidden task {task} runs a script from a folder for data as SYSTEM',
    fromData: 'the task {task} runs a program as SYSTEM from a folder for anybody’s data',
    oneStore: 'the task {task} is only in {store}',
    unnamed: 'the task {task} has no name in the registry, so nothing shows it',
    unguarded: 'the name of the task {task} carries no security descriptor, so nothing shows it',
  },
  select: {},
  create: (ctx) => ({
    async end() {
      const tasks = (await ctx.views.tasks()) ?? [];
      const both = tasks.filter(({ file, entry }) => file !== undefined && entry?.data !== undefined).length;
      const named = tasks.filter(({ entry }) => entry?.tree !== undefined && entry.data !== undefined);
      const guarded = named.filter(({ entry }) => entry!.guarded).length;
      // A hive without the files, or files without the hive, are odd as a whole: that tells nothing of one task.
      const showsLone = isRare(tasks.length - both, both);
      const showsUnguarded = ctx.info.build >= GUARDED_SINCE && isRare(named.length - guarded, guarded);
      for (const task of tasks) {
        const say = (messageId: MessageId, evidence: string, more: { level?: Level; what?: string; store?: string } = {}) => {
          const { level, ...data } = more;
          ctx.report({ messageId, at: task.at, data: { task: task.path, ...data }, evidence, level });
        };
        judgeActions(task, say);
        judgeStores(task, say);
      }

      function judgeActions({ path, actions, accounts, hidden }: (typeof tasks)[number], say: Say): void {
        const asSystem = accounts.some((account) => SYSTEM.test(account));
        const isProtection = PROTECTION_FOLDER.test(path);
        if (isProtection && !PROTECTION_TASKS.test(path) && actions.length > 0) say('foreign', lineOf(actions[0]!));
        for (const action of actions) {
          if (action.kind !== 'exec') continue;
          const line = lineOf(action);
          const look = lookAtCommand(line, ctx.policy.kmsHosts);
          for (const { what, strength, command } of look.signs) say('activates', command, { level: strength, what });
          for (const fault of look.faults) ctx.unable(`${path}: ${fault}`);
          if (look.fetches) say('fetches', line);
          if (isProtection && PROTECTION_TASKS.test(path) && !PROTECTION_ACTION.test(line)) say('changed', line);
          if (hidden && asSystem && SCRIPT.test(line) && (DATA.test(line) || look.fromData)) say('hiddenScript', line);
          else if (asSystem && look.fromData) say('fromData', line);
        }
      }

      function judgeStores({ path, file, xml, entry }: (typeof tasks)[number], say: Say): void {
        const stored = entry?.actions?.actions ?? [];
        if (xml) {
          const written = new Set(xml.actions.map((action) => key(lineOf(action))));
          const run = stored.flatMap((action) => (action.kind === 'exec' ? [action] : []));
          const extra = run.find((action) => !written.has(key(lineOf(action))));
          if (extra) say('disagree', `${extra.command} ${extra.arguments}`);
        }
        if (entry?.data !== undefined) {
          if (entry.tree === undefined) say('unnamed', entry.id);
          else if (!entry.guarded && showsUnguarded) say('unguarded', entry.id);
          if (file === undefined && showsLone) say('oneStore', path, { store: 'the registry' });
        } else if (file !== undefined && showsLone) say('oneStore', path, { store: 'its file' });
      }
    },
  }),
});

type MessageId =
  | 'activates'
  | 'fetches'
  | 'foreign'
  | 'changed'
  | 'disagree'
  | 'hiddenScript'
  | 'fromData'
  | 'oneStore'
  | 'unnamed'
  | 'unguarded';
type Say = (messageId: MessageId, evidence: string, more?: { level?: Level; what?: string; store?: string }) => void;

/** An oddity tells something where most are not so: a hive alone, without its files, is odd as a whole. */
function isRare(odd: number, usual: number): boolean {
  return odd <= usual;
}

function lineOf(
  action: { readonly kind: string } & (
    | { readonly command: string; readonly arguments: string }
    | { readonly classId: string }
    | { readonly name: string }
  ),
): string {
  if ('command' in action) return `${action.command} ${action.arguments}`.trim();
  return 'classId' in action ? action.classId : action.name;
}

function key(line: string): string {
  return line.toLowerCase().replaceAll('"', '').replace(/\s+/g, ' ').trim();
}
