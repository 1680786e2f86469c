// Scripts that go by another name: files of any ending and named streams that something hands to a script host or a shell.
import { callsOf } from '../../formats/command-line/calls.ts';
import { handedFiles, mayHandFiles } from '../../formats/command-line/handed.ts';
import { pathsIn, targetsOf } from '../../formats/command-line/targets.ts';
import { normaliseCommand } from '../../formats/script/normalise.ts';
import { findThroughLinks } from '../../image/follow.ts';
import type { Image, ImageFile } from '../../image/image.ts';
import { defineRule } from '../../lint/rule.ts';
import { actingSigns, levelOfSigns } from '../../lint/script-judgement.ts';

/** Judged by `activation/script-semantics` wherever they lie; here they are only followed. */
const SCRIPT = /\.(?:cmd|bat|ps1|psm1|vbs|vbe|js|jse|wsf|wsc|hta|sct)$/i;
/** Programs, archives and disks, registry files and driver packages: other rules look into what is started of them. */
const NO_TEXT =
  /\.(?:exe|com|dll|sys|scr|cpl|ocx|drv|mui|msi|msp|msu|cab|zip|7z|rar|gz|iso|vhdx?|wim|esd|swm|ppkg|appx|msix|reg|inf|png|jpe?g|bmp|ico|ttf)$/i;
/** What bears such a name and is handed to a script host may be a text all the same; a larger one is what its name says. */
const NO_TEXT_MIN = 1024 * 1024;
/** Started scripts and what they hand on, and named streams that are called like scripts: more are an image made to keep a reader busy. */
const FILES_MAX = 1000;

interface Handed {
  readonly path: string;
  readonly by: string;
  readonly line: string;
}

export const startedScript = defineRule({
  id: 'activation/started-script',
  title: 'No file of another name and no named stream is run as a script that activates Windows',
  description: `A script host runs a text of any name (\`wscript //e:vbscript a.dat\`), a shell what is piped, redirected or read into it
(\`iex (gc a.dat)\`, \`cmd < a.dat\`), other hosts what they are told (Python, \`msbuild\`, \`wmic /format\`, \`ftp -s\`), and most run named streams (\`wscript a.txt:b.vbs\`). This rule follows what services, tasks of either store,
autostart entries of every user, start folders and answer files hand to them, and the scripts that they call, and reads it in plain form as
\`activation/script-semantics\` reads scripts by their ending. Named streams that are called like scripts are read even when nothing starts them.

**Certain or strong.** Such a text activates at a host that \`lint.kmsHosts\` does not list, or by a way of activators. **Strong.** Something is started out of
a named stream, whatever it does: no installer puts there what Windows is to start.

**Honest look-alikes.** Settings and data that are handed to a script of a vendor; scripts of administrators with a listed host or a parameter; the mark
of downloaded files (\`Zone.Identifier\`).

**Cannot be proved.** What a script is handed under a name that is put together while it runs; a text of more than 1 MiB under the name of a program,
archive or picture.

Sources: Microsoft, "wscript" and "cscript" (\`//e\`), "cmd", "File Streams"; MITRE ATT&CK, T1564.004.`,
  why: `A script needs no ending to be run. Who renames it, or hides it in a named stream, wants it to be passed over.`,
  repair: {
    step: 'kms-client',
    text: 'Remove the entry that starts it and the file; let the step write the host, or add a host that is yours to `lint.kmsHosts`.',
  },
  level: 'strong',
  options: {},
  messages: {
    activates: 'is run as a script by {by} and {what}',
    streamActivates: 'a named stream holds a script that {what}',
    fromStream: '{by} starts what a named stream holds',
  },
  select: { files: ['/**'], content: 'none' },
  create(ctx) {
    const streams: { readonly file: ImageFile; readonly stream: string }[] = [];
    const told = new Set<string>();

    async function judge(file: ImageFile, stream: string | undefined, by: string | undefined): Promise<readonly string[]> {
      const script = await ctx.views.script({ file, ...(stream === undefined ? {} : { stream }) });
      if (!script) return [];
      const signs = stream === undefined && SCRIPT.test(file.path) ? [] : actingSigns(script, ctx.policy.kmsHosts);
      const level = levelOfSigns(signs);
      for (const { what, command, offset } of signs) {
        const at = { file: file.path, ...(stream === undefined ? {} : { stream }), offset };
        if (by === undefined) ctx.report({ messageId: 'streamActivates', at, data: { what }, evidence: command, level });
        else ctx.report({ messageId: 'activates', at, data: { by, what }, evidence: command, level });
      }
      return script.layers.map(({ text }) => text);
    }

    /** Follows one path; gives what the script there hands on. */
    async function follow({ path, by, line }: Handed, image: Image): Promise<readonly Handed[]> {
      const found = await fileOrStream(image, path);
      if (!found) return [];
      const { file, stream } = found;
      const place = `${file.path}:${stream ?? ''}`.toLowerCase();
      const isData = file.size === 0 || (file.size > NO_TEXT_MIN && NO_TEXT.test(file.path));
      if (told.has(place) || (stream === undefined && isData)) return [];
      told.add(place);
      if (stream !== undefined) ctx.report({ messageId: 'fromStream', at: { file: file.path, stream }, data: { by }, evidence: line });
      const texts = await judge(file, stream, by);
      const folder = file.path.slice(0, file.path.lastIndexOf('/'));
      const next = texts.flatMap((text) => [
        ...callsOf(text, folder).filter((called) => SCRIPT.test(called)),
        ...handedFiles(text, folder),
      ]);
      return [...new Set(next)].map((one) => ({ path: one, by, line: `${file.path} names ${one}` }));
    }

    return {
      file(file) {
        for (const { name } of file.streams) if (SCRIPT.test(name)) streams.push({ file, stream: name });
      },
      async end(image) {
        let open: Handed[] = [];
        for (const { by, line, folder } of (await ctx.views.startLines()) ?? []) {
          for (const path of pathsOf(line, folder)) open.push({ path, by, line });
        }
        while (open.length > 0) {
          const below: Handed[] = [];
          for (const next of open) if (told.size < FILES_MAX) below.push(...(await follow(next, image)));
          open = below;
        }
        for (const { file, stream } of streams.slice(0, FILES_MAX)) {
          if (!told.has(`${file.path}:${stream}`.toLowerCase())) await judge(file, stream, undefined);
        }
        if (told.size >= FILES_MAX) ctx.unable(`${FILES_MAX} scripts and more are started`);
        if (streams.length > FILES_MAX) ctx.unable(`more than ${FILES_MAX} named streams are called like scripts`);
      },
    };
  },
});

/** Texts that the line starts, what it hands to something that runs texts, and named streams; as written and in plain form. */
function pathsOf(line: string, folder: string | undefined): readonly string[] {
  if (!mayHandFiles(line)) return [];
  const texts = [line, ...normaliseCommand(line).layers.map(({ text }) => text)];
  const scripts = targetsOf(line, folder)
    .flat()
    .filter((path) => !NO_TEXT.test(path));
  const streams = pathsIn(line, folder).filter((path) => path.includes(':'));
  return [...new Set([...scripts, ...streams, ...texts.flatMap((text) => handedFiles(text, folder))])];
}

/** What a path means, a named stream behind a colon (`:$DATA` is its type); undefined when there is none. */
async function fileOrStream(image: Image, path: string): Promise<{ readonly file: ImageFile; readonly stream?: string } | undefined> {
  const [, before = path, name] = /^([^:]*):([^:]+)(?::\$DATA)?$/i.exec(path) ?? [];
  const { file } = await findThroughLinks(image, before);
  if (!file || name === undefined) return file && { file };
  const stream = file.streams.find((one) => one.name.toLowerCase() === name.toLowerCase())?.name;
  return stream === undefined ? undefined : { file, stream };
}
