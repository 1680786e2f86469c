// Runs the author's own commands when the image starts for the first time.
import { basename } from 'node:path';
import { COMMAND_MAX, type FirstBootAction, GUEST_FOLDER, runAtFirstBoot } from '../image/first-boot.ts';
import { defineStep } from '../pipeline/step.ts';

const ID = 'first-boot';
/** Together; larger software is installed from a share. */
const FILES_MAX = 256 * 1024 * 1024;
const COMMANDS_MAX = 99;

export const firstBoot = defineStep({
  id: ID,
  title: 'Run commands at first boot',
  description: `Has commands run in their order by \`Windows\\Setup\\Scripts\\SetupComplete.cmd\`, which Windows starts as SYSTEM after Setup and before the
logon screen. (Microsoft, add a custom script to Windows Setup) Every step that needs the running Windows uses the same way:

- SetupComplete.cmd gets a block between markers for each step; the owner's lines stay byte for byte. Our blocks go before them, since a script that
  ends with \`exit\` would never reach its end. A second build replaces the block where it stands, and takes away what is no longer wanted.
- Each action is a batch file of its own in \`Windows\\Setup\\Scripts\\wtgforge\`, where only administrators and SYSTEM may write, in a process of its own:
  one that fails or ends with \`exit\` does not stop the next.
- Each leaves the key \`HKLM\\SOFTWARE\\wtgforge\\FirstBoot\\<action>\` with \`Step\`, \`Result\` (\`running\`, then the exit code) and \`Time\` (in the form of the machine's
  locale; the key itself has the time in UTC), and its output in \`Windows\\Logs\\wtgforge\\first-boot.log\`.

Windows skips SetupComplete.cmd when an OEM key is installed, except on Enterprise and Server; the report says so where it may happen. It ignores exit
codes, and a command that never ends keeps the machine from its logon screen. Do not restart in it.

\`commands\` are lines of a batch file: \`%NAME%\` is a variable, and a percent sign that is none is written twice. They start in the folder that holds
\`files\`. Batch files are run under Wine in the tests; nothing of this was started in Windows yet.`,
  options: {
    commands: { type: 'string[]', required: true, description: 'Command lines, one action each' },
    files: { type: 'string[]', description: "Files of the host, from the config's folder, that the commands need", default: [] },
  },
  async skip(image) {
    return (await image.has('/Windows')) ? undefined : 'the image has no Windows folder';
  },
  async run(draft, { commands, files }, ctx) {
    if (commands.length > COMMANDS_MAX)
      ctx.fail(`${commands.length} commands are given (at most ${COMMANDS_MAX})`, 'Put them into a script.');
    const names = new Set<string>();
    let total = 0;
    for (const file of files) {
      const name = basename(file.replaceAll('\\', '/'));
      if (names.has(name.toLowerCase())) ctx.fail(`two files are called ${name}`, 'Rename one of them.');
      names.add(name.toLowerCase());
      const content = await ctx.host.read(file, FILES_MAX);
      total += content.length;
      if (total > FILES_MAX) ctx.fail(`the files hold more than ${FILES_MAX} bytes`, 'Fetch them from a share at first boot.');
      await draft.write(`${GUEST_FOLDER}/files/${name}`, content);
    }
    const actions = commands.map((command, at): FirstBootAction => {
      if (command.trim() === '' || command.length > COMMAND_MAX)
        ctx.fail(`command ${at + 1} is empty or longer than ${COMMAND_MAX} characters`);
      const enter = files.length > 0 ? ['cd /d "%~dp0files"'] : [];
      return { id: `${ID}-${String(at + 1).padStart(2, '0')}`, lines: [...enter, command, 'exit /b %ERRORLEVEL%'] };
    });
    await runAtFirstBoot(draft, ID, actions, ctx);
  },
});
