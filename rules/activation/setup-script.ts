// What Setup starts by itself: its scripts, everything that they call, and whether they remove themselves.
import { type ActivationSign, activationSigns } from '../../formats/activation-script/signs.ts';
import { callsOf } from '../../formats/command-line/calls.ts';
import { findThroughLinks } from '../../image/follow.ts';
import type { Image, ImageFile } from '../../image/image.ts';
import { defineRule } from '../../lint/rule.ts';
import { purposeOf } from '../../lint/script-purpose.ts';

/** Windows runs the first two after Setup, the third in the first-run experience; `$OEM$` puts the same into a new system. */
const STARTS = [
  '/Windows/Setup/Scripts/{SetupComplete,ErrorHandler,OOBE}.cmd',
  '/**/$OEM$/$$/Setup/Scripts/{SetupComplete,ErrorHandler,OOBE}.cmd',
];
/** Levels of calls that are followed, and files in all; three levels are in use. */
const DEPTH_MAX = 8;
const FILES_MAX = 200;
/** Called files that are read as scripts, whatever their ending; programs are for other rules. */
const READ_MAX = 4 * 1024 * 1024;
const KNOWN_SCRIPT = /\.(?:cmd|bat|ps1|psm1|vbs|vbe|js|jse|wsf|wsc|hta|sct)$/i;

/** A script that takes itself or its folder away, in batch and in PowerShell. */
const REMOVES_ITSELF = [
  /\b(?:rd|rmdir)\b(?:\s+\/[sq])*\s+"?(?:%~dp0|%windir%\\setup\\scripts|%systemroot%\\setup\\scripts|c:\\windows\\setup\\scripts)/i,
  /\b(?:del|erase)\b(?:\s+\/[a-z:]+)*\s+"?(?:%~?f?0|%~dpnx0|%~dp0\*|%~dp0setupcomplete\.cmd)/i,
  /\b(?:remove-item|ri|rm)\b[^\r\n|;]{0,200}(?:\$psscriptroot|\$myinvocation|\$pscommandpath)/i,
];

export const setupScript = defineRule({
  id: 'activation/setup-script',
  title: 'What Setup starts is there to be read, and activates nothing',
  description: `Follows the scripts that Setup starts by itself (\`SetupComplete.cmd\`, \`ErrorHandler.cmd\`, \`OOBE.cmd\`, and their twins below
\`$OEM$\\$$\`) through everything that they call, ${DEPTH_MAX} levels deep, whatever the called files are named.

**Strong.** A script removes itself or its folder: nobody can read afterwards what it did, and activators do so. A called file of no telling name activates
(scripts with an ending of scripts are told by the rule on scripts). **Opaque.** The chain is longer than is followed.

**Honest look-alikes.** Scripts that remove an answer file, logs or somebody else's folder; calls of programs of a vendor.

**Cannot be proved.** What a called program does; calls whose name is put together while the script runs.

Sources: Microsoft, "Add a custom script to Windows Setup" and "Distribution shares and configuration sets"; public descriptions of activators for images.`,
  why: `These scripts run as SYSTEM on every machine that starts the image, before anybody has logged on.`,
  repair: { text: 'Remove the script, or the lines; let a script of yours stay where it can be read.' },
  level: 'strong',
  levels: { deep: 'opaque' },
  options: {},
  messages: {
    removesItself: 'is started by Setup and removes itself: {command}',
    activates: 'is called by {start} and {what}',
    deep: 'calls more than is followed ({depth} levels, {files} files)',
  },
  select: { files: STARTS, content: 'none' },
  create(ctx) {
    const starts: ImageFile[] = [];

    async function follow(start: ImageFile, image: Image): Promise<void> {
      const open: { file: ImageFile; depth: number }[] = [{ file: start, depth: 0 }];
      const seen = new Set<string>();
      for (let next = open.shift(); next; next = open.shift()) {
        const { file, depth } = next;
        const known = KNOWN_SCRIPT.test(file.path);
        if (!known && file.size > READ_MAX) continue;
        const script = await ctx.views.script({ file });
        if (!script) continue;
        const removal = script.layers.map(({ text }) => text.split(/\r?\n/).find((line) => REMOVES_ITSELF.some((one) => one.test(line))));
        const command = removal.find((line) => line !== undefined)?.trim();
        if (command !== undefined)
          ctx.report({ messageId: 'removesItself', at: { file: file.path }, data: { command: command.slice(0, 200) } });
        if (!known) for (const sign of activationSigns(script, ctx.policy.kmsHosts)) reportSign(file, start, sign);

        const folder = file.path.slice(0, file.path.lastIndexOf('/'));
        for (const path of new Set(script.layers.flatMap(({ text }) => callsOf(text, folder)))) {
          const called = (await findThroughLinks(image, path)).file;
          if (!called || called.size === 0 || seen.has(called.path.toLowerCase())) continue;
          seen.add(called.path.toLowerCase());
          if (depth >= DEPTH_MAX || seen.size > FILES_MAX) {
            ctx.report({ messageId: 'deep', at: { file: start.path }, data: { depth: DEPTH_MAX, files: FILES_MAX } });
            return;
          }
          open.push({ file: called, depth: depth + 1 });
        }
      }
    }

    function reportSign(file: ImageFile, start: ImageFile, { what, strength, command, word, offset }: ActivationSign): void {
      if (word !== '' && purposeOf(command, [word]) !== 'acts') return;
      const at = { file: file.path, offset };
      ctx.report({ messageId: 'activates', at, data: { start: start.path, what }, evidence: command, level: strength });
    }

    return {
      file(file) {
        if (file.size > 0) starts.push(file); // no folder, either
      },
      async end(image) {
        for (const start of starts) await follow(start, image);
      },
    };
  },
});
