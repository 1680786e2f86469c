// Scripts that activate Windows or Office: judged by what they do, after everything that hides their words is undone.
import { fetchesAndRuns } from '../../formats/activation-script/command.ts';
import { bufferOf } from '../../formats/bytes.ts';
import type { ImageFile } from '../../image/image.ts';
import { defineRule, NOTHING } from '../../lint/rule.ts';
import { actingSigns, levelOfSigns } from '../../lint/script-judgement.ts';

/** What Windows starts as a script. JavaScript is mostly code of web pages: only what speaks of Script Host is looked at. */
const SCRIPTS = ['cmd', 'bat', 'ps1', 'psm1', 'vbs', 'vbe', 'js', 'jse', 'wsf', 'wsc', 'hta', 'sct'];
const WEB = /\.js$/i;
const SCRIPT_HOST = /wscript|activexobject|getobject|fromcharcode|\beval\b/i;
/** Microsoft's own tools of activation: their help quotes their use. */
const OWN_TOOLS =
  /^\/(?:Windows\/(?:System32|SysWOW64|SysArm32|WinSxS\/[^/]*_31bf3856ad364e35_[^/]*)\/(?:[^/]+\/)?slmgr\.vbs|Program Files(?: \(x86\))?\/Microsoft Office\/(?:root\/)?Office\d\d\/ospp\.vbs)$/i;

/** What PowerShell runs before anything else, whoever starts it. */
const PROFILE = /\/(?:WindowsPowerShell(?:\/v1\.0)?|PowerShell(?:\/\d[\w.-]*)?)\/(?:[\w.]+_)?profile\.ps1$/i;

export const scriptSemantics = defineRule({
  id: 'activation/script-semantics',
  title: 'No script activates Windows at a host or by a way that the config does not allow',
  description: `Reads every script that Windows can start (batch, PowerShell, VBScript, JScript) in plain form: any encoding, carets, variables that hold
nothing, parts of variables, backticks, joined texts, \`-EncodedCommand\`, Base64 with gzip or deflate, up to five levels deep.

**Certain.** A text is fetched from the site of an activator; a program is put in the way of the activation service; a hook is linked or
configured; activation is sent to the machine itself or to a public host of strangers.
**Strong.** \`slmgr /skms\`, \`ospp /sethst\`, WMI or the registry with a literal host that \`lint.kmsHosts\` does not list; \`clipup -v -o\`; tickets copied to
where they are taken from; the port of activation opened or redirected; names of activation led astray; another licence store put in place; a batch file that hides its
words behind more than twenty empty variables or carries a program in coded form; any script that carries a program and loads it; a profile of
PowerShell that fetches what it runs. Two strong signs are certain.

**Honest look-alikes.** Scripts of administrators do the same with a listed host, a parameter or a variable: they pass. A script that removes a thing or
only speaks of it passes, too. The help texts of Microsoft's own slmgr.vbs and ospp.vbs are a note.

**Cannot be proved.** What a script fetches while it runs, and what a host given as a parameter will be. Scripts in encoded form (VBE, JSE) are not read.

Sources: Microsoft, "Slmgr.vbs options" and "Tools to manage volume activation of Office"; ways of activators as read in public descriptions.`,
  why: `What a script will do on every machine that boots the image does not stand in any setting yet. An activator in a script
leaves no other trace before its first run.`,
  repair: {
    step: 'kms-client',
    text: 'Remove the script or the line; let the step write the host, or add a host that is yours to `lint.kmsHosts`.',
  },
  level: 'strong',
  options: {},
  messages: {
    activates: 'the script {what}',
    fetches: 'PowerShell runs this at every start, and it fetches what it runs',
    quoted: "Microsoft's own tool of that name says in its help: {what}",
  },
  select: { files: SCRIPTS.map((extension) => `/**/*.${extension}`), content: 'whole', base: 'skip' },
  create: (ctx) => ({
    async file(file, content) {
      if (!content || isForWeb(file, content)) return NOTHING;
      const script = await ctx.views.script({ file }, content);
      if (!script) return NOTHING;
      const signs = actingSigns(script, ctx.policy.kmsHosts);
      const level = levelOfSigns(signs);
      const quoted = OWN_TOOLS.test(file.path) && level !== 'certain';
      for (const { what, command, offset } of signs) {
        const at = { file: file.path, offset };
        if (quoted) ctx.report({ messageId: 'quoted', at, data: { what }, evidence: command, severity: 'note' });
        else ctx.report({ messageId: 'activates', at, data: { what }, evidence: command, level });
      }
      if (PROFILE.test(file.path) && script.layers.some(({ text }) => fetchesAndRuns(text)))
        ctx.report({ messageId: 'fetches', at: { file: file.path } });
      return NOTHING;
    },
  }),
});

function isForWeb(file: ImageFile, content: Uint8Array): boolean {
  if (!WEB.test(file.path)) return false;
  const text = bufferOf(content).toString('latin1').replaceAll('\0', '');
  return !SCRIPT_HOST.test(text);
}
