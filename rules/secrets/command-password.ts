// No command holds a password: not in a script, not in the history of a shell, not in what a task or a service runs.
import { passwordsIn } from '../../formats/command-line/passwords.ts';
import { defineRule, type Location, NOTHING } from '../../lint/rule.ts';
import { Secret } from '../../lint/secret.ts';

const SCRIPTS = ['cmd', 'bat', 'ps1', 'psm1', 'vbs', 'wsf'];
/** What people typed: PSReadLine keeps every line, a transcript all that was seen. */
const TYPED = ['/**/ConsoleHost_history.txt', '/**/PowerShell_transcript*.txt'];
/** Modules and examples of vendors: their help shows the use of commands. */
const EXAMPLES =
  /^\/(?:Windows\/(?:System32|SysWOW64|WinSxS|servicing)|Program Files(?: \(x86\))?)\/|\/(?:examples?|samples?|docs?|tests?)\//i;
const FINDINGS_MAX = 20;
const SIZE_MAX = 8 * 1024 * 1024;

export const commandPassword = defineRule({
  id: 'secrets/command-password',
  title: 'No command holds a password',
  description: `Looks for passwords that are given to commands as they are (\`net user\`, \`net use\`, \`cmdkey\`, \`ConvertTo-SecureString -AsPlainText\`, \`schtasks /rp\`,
\`psexec -p\`, \`netdom\`, \`sc config\`, \`reg add … DefaultPassword\`, \`autologon\`, \`wmic\`, \`dsadd\`): in scripts in plain form, in the history of
PowerShell and its transcripts, and in what tasks, services and the registry start.

**Verdict.** An error; a warning in folders of Windows and of programs, where help shows the use of a command.

**Honest look-alikes.** Variables, \`*\`, texts in brackets that stand for a password, lines of comment.

**Cannot be proved.** Passwords that a script reads from elsewhere or puts together while it runs, and those of other tools.

Sources: Microsoft's reference of each command; \`about_PSReadLine\` for the history.`,
  why: 'The reference machine was prepared with these commands, and the account behind the password is seldom that of this machine alone.',
  repair: { text: 'Delete the script or the history, and change the password: it was given to everybody who has a copy.' },
  severity: 'error',
  options: {},
  messages: {
    script: 'a command {what} ({password}; such commands in the file: {count})',
    typed: 'somebody typed a command that {what} ({password}; such commands in the file: {count})',
    started: '{name} {what} ({password})',
  },
  select: { files: [`/**/*.{${SCRIPTS.join(',')}}`, ...TYPED], content: 'whole', base: 'skip' },
  create(ctx) {
    let started = 0;

    function judgeStart(name: string, line: string, at: Location): void {
      const [first] = passwordsIn(line);
      if (!first || started >= FINDINGS_MAX) return;
      started++;
      ctx.report({ messageId: 'started', at, data: { name, what: first.what, password: Secret.found('password', first.password) } });
    }

    return {
      async file(file, content) {
        if (!content || content.length > SIZE_MAX) return NOTHING;
        const typed = /\.txt$/i.test(file.path);
        const { layers } = (await ctx.views.script({ file }, content)) ?? { layers: [] };
        const found = layers.flatMap((layer) => passwordsIn(layer.text).map((one) => ({ ...one, offset: layer.at(one.index) })));
        const [first] = found;
        if (!first) return NOTHING;
        const count = new Set(found.map(({ password }) => password)).size;
        ctx.report({
          messageId: typed ? 'typed' : 'script',
          at: { file: file.path, offset: first.offset },
          data: { what: first.what, password: Secret.found('password', first.password), count },
          ...(EXAMPLES.test(file.path) ? { severity: 'warning' } : {}),
        });
        return NOTHING;
      },
      async end() {
        for (const { path, at, actions } of (await ctx.views.tasks()) ?? []) {
          for (const action of actions)
            if (action.kind === 'exec') judgeStart(`the task ${path}`, `${action.command} ${action.arguments}`, at);
        }
        for (const { name, key, imagePath, onFailure } of (await ctx.views.scmEntries()) ?? []) {
          for (const line of [imagePath, onFailure]) judgeStart(`the service ${name}`, line, { hive: 'SYSTEM', key });
        }
        for (const { name, command, at, kind } of (await ctx.views.autostart()) ?? []) {
          if (kind !== 'startup-folder') judgeStart(`what ${name} starts`, command, at);
        }
      },
    };
  },
});
