// Everything else that Windows starts by itself: Run keys, Active Setup, Winlogon, policy scripts, start folders, answer files, the boot.
import { lookAtCommand } from '../../formats/activation-script/command.ts';
import { defineRule, type Level } from '../../lint/rule.ts';

const ROOT = '(?:%(?:systemroot|windir)%|c:\\\\windows)\\\\';
/** What stands in each of these in every Windows. */
const USUAL: Readonly<Record<string, RegExp>> = {
  shell: /^"?(?:%(?:systemroot|windir)%\\|c:\\windows\\)?explorer\.exe"?$/i,
  userinit: new RegExp(`^(?:"?(?:${ROOT}system32\\\\)?userinit(?:\\.exe)?"?\\s*,?\\s*)$`, 'i'),
  vmapplet: /^(?:systempropertiesperformance\.exe \/pagefile|rundll32 shell32,control_rundll "?sysdm\.cpl"?)$/i,
  bootexecute: /^(?:autocheck autochk (?:\/\S+ )*\*\s*)?(?:autocheck autochk \S+\s*)*$/i,
  cmdline:
    /^"?(?:oobe\\windeploy\.exe|winpeshl\.exe|setup\.exe(?: -newsetup(?: -mini)?| \/\w+)*|sysprep\\sysprep\.exe(?: \/\w+)*|(?:%systemroot%|c:\\windows)\\system32\\oobe\\windeploy\.exe)"?$/i,
};
type Odd = 'shell' | 'userinit' | 'otherProgram';
type Message = Odd | 'activates' | 'fetches' | 'library' | 'fromData';
/** Names that are looked at in one way only. */
const ODD: Readonly<Record<string, Odd>> = {
  shell: 'shell',
  userinit: 'userinit',
  vmapplet: 'otherProgram',
  bootexecute: 'otherProgram',
  cmdline: 'otherProgram',
};

export const autostartCommand = defineRule({
  id: 'activation/autostart-command',
  title: 'Nothing that Windows starts by itself activates it, fetches what it runs, or stands in the place of a part of Windows',
  description: `Reads every place from which Windows starts something by itself, but for tasks and services: the Run keys of the machine and of every user
(NetworkService, LocalService and Default as well), Active Setup, Winlogon, AppInit and AppCert libraries, \`BootExecute\`, the logon script and the
screen saver of a user, the commands of program files, scripts of group policy in the
registry and in \`scripts.ini\`, the start folders with their links, \`CmdLine\` of Setup, and the commands of answer files. Commands are
brought into plain form first.

**Certain or strong.** A command that activates at a host that \`lint.kmsHosts\` does not list, or by a way of activators; one that fetches a text and
runs it; another shell than Explorer, another program beside \`userinit.exe\`.
**Weak.** Another program in \`CmdLine\`, \`BootExecute\` or \`VmApplet\`; libraries that are loaded into every program; a start from a
folder for anybody's data.

**Honest look-alikes.** Starts of vendors from Program Files; a kiosk has another shell on purpose: allow it with a reason.

**Cannot be proved.** What a program does that is started: the rules on contents look at it. Scripts are judged by \`activation/script-semantics\`.

Sources: Microsoft, "Run and RunOnce Registry Keys", "Winlogon and Credential Providers", "AppInit_DLLs"; measured on hives of Windows 8.1 and 10.`,
  why: 'What is started by itself acts on every machine that boots the image, before anybody can look.',
  repair: { text: 'Remove the entry in the reference system and seal it again; give Shell and Userinit the values of Windows back.' },
  level: 'strong',
  levels: { otherProgram: 'weak', library: 'weak', fromData: 'weak' },
  options: {},
  messages: {
    activates: 'what {name} starts {what}',
    fetches: '{name} fetches a text and runs it',
    shell: 'the shell is not Explorer alone',
    userinit: 'more than userinit.exe is started at each logon',
    otherProgram: '{name} is not what Windows has there',
    library: '{name} loads a library into every program',
    fromData: '{name} starts something from a folder for anybody’s data',
  },
  select: {},
  create: (ctx) => ({
    async end() {
      for (const start of (await ctx.views.autostart()) ?? []) {
        const { kind, at, command, line } = start;
        const report = (messageId: Message, evidence: string, what = '', level?: Level) =>
          ctx.report({ messageId, at, data: { name: start.name, what }, evidence, level });
        const name = start.name.toLowerCase();
        const odd = kind === 'run' ? undefined : ODD[name];
        if (odd !== undefined && !USUAL[name]!.test(command)) report(odd, command);
        if (kind === 'app-cert' || (kind === 'app-init' && name === 'appinit_dlls')) report('library', command);
        const look = lookAtCommand(line, ctx.policy.kmsHosts);
        for (const { what, strength, command: evidence } of look.signs) report('activates', evidence, what, strength);
        for (const fault of look.faults) ctx.unable(`${start.name}: ${fault}`);
        if (look.fetches) report('fetches', line);
        if (look.fromData) report('fromData', line);
      }
    },
  }),
});
