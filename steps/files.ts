// Copies files and folders of the host into the image, and removes what should not be there.

import { checkPath } from '../image/checked-path.ts';
import type { Draft } from '../image/draft.ts';
import { hivePath } from '../image/hive-path.ts';
import { defineStep, type StepContext } from '../pipeline/step.ts';

/** Contents wait in memory until they are written. */
const BYTES_MAX = 1024 * 1024 * 1024;
/** Folders that no Windows starts without; whoever wants to empty one names what is in it. */
const KEPT = ['/windows', '/windows/system32', '/windows/system32/config', '/windows/system32/drivers', '/windows/winsxs'];
const HIVES = new Set((['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'] as const).map((name) => hivePath(name).toLowerCase()));
const PATH = '/[^\\u0000-\\u001f\\\\:*?"<>|]{1,1024}';

export const files = defineStep({
  id: 'files',
  title: 'Copy files in, remove files',
  description: `First removes, then copies. \`from\` is a file or a folder of the host, by a path from the config's folder; \`to\` is where it will stand in the image:
\`{ from: 'branding', to: '/Windows/Web/Corp' }\` lays everything below \`branding\` there. Folders on the way are made. New files and folders get
the security descriptor that Windows would give them, inherited from their folder; a replaced file keeps its own.

Refused are

- a link of the host, wherever it stands in what is copied: it could bring in any file of the build machine;
- a path that leaves the image (\`..\`), runs through a link of the image, or has a name that Windows cannot open;
- a file that is there already with other content, unless \`overwrite\` is true;
- the registry hives, which the step \`registry\` changes, and the removal of a folder that no Windows starts without;
- more than ${BYTES_MAX / 1024 / 1024} MB in all, 256 MB in one file, 20,000 entries in one folder.

What is not there need not be removed; that is a note.`,
  options: {
    remove: { type: 'string[]', description: 'Paths in the image, of files or of folders with all below them', default: [], pattern: PATH },
    copy: {
      type: 'object[]',
      description: 'What is copied in',
      default: [],
      fields: {
        from: {
          type: 'string',
          description: "File or folder of the host, from the config's folder",
          required: true,
          pattern: '[^\\u0000]{1,4096}',
        },
        to: { type: 'string', description: 'Where it stands in the image: "/Windows/Web/Corp"', required: true, pattern: PATH },
        overwrite: { type: 'boolean', description: 'Whether a file with other content is replaced', default: false },
      },
    },
  },
  skip(_image, { copy, remove }) {
    return copy.length + remove.length === 0 ? 'the config names nothing to copy or to remove' : undefined;
  },
  async run(draft, { copy, remove }, ctx) {
    for (const path of remove) await removeOne(draft, path, ctx);
    let bytes = 0;
    const taken = new Map<string, string>();
    for (const { from, to, overwrite } of copy) {
      for (const one of await sourcesOf(from, to, ctx)) {
        ctx.signal.throwIfAborted();
        const other = taken.get(one.to.toLowerCase());
        if (other) ctx.fail(`${one.to}: both ${other} and ${one.from} would stand there`, 'Give one of them another place.');
        taken.set(one.to.toLowerCase(), one.from);
        await checkTarget(draft, one.to, ctx);
        const content = await one.read();
        bytes += content.length;
        if (bytes > BYTES_MAX)
          ctx.fail(`${from}: with it more than ${BYTES_MAX} bytes would be copied`, 'Copy less, or put it into the base image.');
        await copyOne(draft, one.to, content, overwrite, ctx);
      }
    }
  },
});

interface Source {
  readonly from: string;
  readonly to: string;
  read(): Promise<Uint8Array>;
}

async function sourcesOf(from: string, to: string, ctx: StepContext): Promise<readonly Source[]> {
  const kind = await ctx.host.kind(from);
  if (kind === 'file') return [{ from, to, read: () => ctx.host.read(from) }];
  if (kind === undefined) return ctx.fail(`${from}: is not there`, "Check the path; it starts at the config's folder.");
  const below = await ctx.host.list(from);
  if (below.length === 0) ctx.note(`${from}: is an empty folder, so nothing was copied`);
  return below.map(({ path, read }) => ({ from: `${from}/${path}`, to: `${to}/${path}`, read }));
}

async function checkTarget(draft: Draft, to: string, ctx: StepContext): Promise<void> {
  if (HIVES.has(to.toLowerCase())) ctx.fail(`${to}: is a registry hive, which is not replaced as a file`, 'Use the step "registry".');
  const there = await draft.find(to);
  if (there?.folder) ctx.fail(`${to}: is a folder of the image, and a file would stand there`, 'Name the file inside it.');
  if (there?.reparse) ctx.fail(`${to}: is a link of the image, which is not written through`, 'Remove it first, or choose another place.');
  for (let at = to.lastIndexOf('/'); at > 0; at = to.lastIndexOf('/', at - 1)) {
    const above = await draft.find(to.slice(0, at));
    if (above && !above.folder) ctx.fail(`${to}: ${above.path} is a file, so nothing can stand below it`);
  }
}

async function copyOne(draft: Draft, to: string, content: Uint8Array, overwrite: boolean, ctx: StepContext): Promise<void> {
  const there = await draft.find(to);
  if (there && !overwrite) {
    const same = there.size === content.length && Buffer.compare(await there.read(), content) === 0;
    if (same) return;
    ctx.fail(`${there.path}: is there already with other content`, 'Set overwrite: true if it is to be replaced.');
  }
  await draft.write(to, content);
}

async function removeOne(draft: Draft, path: string, ctx: StepContext): Promise<void> {
  checkPath(path);
  const lower = path.toLowerCase();
  if (KEPT.includes(lower)) ctx.fail(`${path}: is a folder that no Windows starts without`, 'Name what is to go inside it.');
  if (HIVES.has(lower)) ctx.fail(`${path}: is a registry hive, which is not removed`);
  if (await draft.has(path)) await draft.remove(path);
  else ctx.note(`${path}: is not in the image, so there was nothing to remove`);
}
