// Lets a foreign program work in a mounted copy of the image as it stands after the steps so far, and takes what it changed into the journal.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, ToolError } from '../errors.ts';
import { readNtfs } from '../formats/ntfs/volume.ts';
import { type ForeignProgram, runForeign } from '../tools/foreign-program.ts';
import type { HeldMount } from '../tools/mount-keeper.ts';
import { usersOf } from '../tools/mount-users.ts';
import { mountNtfs } from '../tools/ntfs-3g.ts';
import { withScratch } from '../tools/scratch.ts';
import { commitMountedWim, mountWim } from '../tools/wimlib-mount.ts';
import { fileEditsOf } from './commit.ts';
import { playActions } from './containers/disk-commit.ts';
import { DiskImage } from './containers/disk-image.ts';
import { refuseUnwritable } from './containers/disk-state.ts';
import { openFileSource } from './containers/file-source.ts';
import { planNtfs } from './containers/ntfs-plan.ts';
import { ntfsTree } from './containers/ntfs-tree.ts';
import { makeSparse } from './containers/sparse-volume.ts';
import { TreeImage } from './containers/tree-image.ts';
import { openWim } from './containers/wim.ts';
import { commitOpenedWim } from './containers/wim-commit.ts';
import { WimImage } from './containers/wim-image.ts';
import type { Draft } from './draft.ts';
import { hiveDifference } from './hive-difference.ts';
import type { FileEdit, HiveName, Image, ImageFile } from './image.ts';
import type { Journal } from './journal.ts';
import { treeDifference } from './tree-difference.ts';

/** The program, and its arguments for the folder where the image is. */
export type MountProgram = Omit<ForeignProgram, 'arguments'> & { readonly arguments: (folder: string) => readonly string[] };

interface Work {
  readonly program: MountProgram;
  readonly edits: readonly FileEdit[];
  /** A private folder. */
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
}

/** What is taken in waits in memory until it is written. */
const BYTES_MAX = 1024 * 1024 * 1024;
const SHOWN = 3;

/**
 * The source is only read: the program sees a copy, which is thrown away. What it did is recorded under the name of the step, and commit plays it
 * like any other change. Gives notes on what was left out.
 * @throws ToolError PROGRAM_*, MOUNT_BUSY, FUSE_*; ImageError ON_MOUNT_UNSUPPORTED, ON_MOUNT_REFUSED. Then nothing is recorded and nothing is left.
 */
export async function changeOnMount(
  journal: Journal,
  draft: Draft,
  program: MountProgram,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { image } = journal;
  return withScratch(async (folder) => {
    const { edits } = await fileEditsOf(journal, signal);
    const work: Work = { program, edits, folder, signal };
    if (image instanceof WimImage) return inWim(image, work, (after) => take(image, draft, after, work));
    if (image instanceof DiskImage) return inDisk(image, work, (after) => take(image, draft, after, work));
    throw new ImageError('ON_MOUNT_UNSUPPORTED', `an image in a ${image.info.container} cannot be mounted for a program`, {
      hint: 'Use a WIM or a disk.',
    });
  });
}

async function inWim<T>(image: WimImage, { program, edits, folder, signal }: Work, use: (after: Image) => Promise<T>): Promise<T> {
  const staged = join(folder, 'staged.wim');
  const options = { index: image.info.index, edits, images: 'built', time: undefined, ...(signal ? { signal } : {}) } as const;
  await commitOpenedWim(image.parts, await image.metadata(), staged, options);
  await inMount(folder, program, signal, {
    mount: (at, mark) => mountWim(staged, 1, at, { writable: true, mark }),
    finish: (at) => commitMountedWim(at, signal),
  });
  const after = await openWim(staged);
  try {
    return await use(await after.open(1));
  } finally {
    await after.close();
  }
}

async function inDisk<T>(image: DiskImage, { program, edits, folder, signal }: Work, use: (after: Image) => Promise<T>): Promise<T> {
  await refuseUnwritable(image);
  const { ntfs, source } = image.volume;
  const plan = await planNtfs(image, edits);
  const file = join(folder, 'volume');
  await makeSparse(ntfs!, source, new Set(ntfs!.files.values()), file, signal);
  if (plan.actions.length > 0) {
    const at = join(folder, 'edited');
    await mkdir(at);
    await playActions(file, at, plan.actions, { path: image.container.path, time: undefined, signal });
  }
  await inMount(folder, program, signal, { mount: (at, mark) => mountNtfs(file, at, mark), finish: async () => undefined });
  const written = await openFileSource(file);
  try {
    const root = await ntfsTree(await readNtfs(written));
    return await use(new TreeImage(root, image.info, 'the mounted copy'));
  } finally {
    await written.close();
  }
}

interface Mounting {
  mount(at: string, mark: string): Promise<HeldMount>;
  finish(at: string): Promise<void>;
}

/** What failed first is what is told; the mount goes in any case. */
async function inMount(folder: string, program: MountProgram, signal: AbortSignal | undefined, how: Mounting): Promise<void> {
  const [at, work] = [join(folder, 'image'), join(folder, 'work')];
  for (const one of [at, work]) await mkdir(one, { mode: 0o700 });
  const mark = randomBytes(16).toString('hex');
  const mount = await how.mount(at, mark);
  try {
    await runForeign({ ...program, arguments: program.arguments(at) }, { folder: work, mark, signal });
    const users = usersOf(at);
    if (users.length > 0) {
      throw new ToolError('MOUNT_BUSY', `${program.command}: has ended, but ${users.join(', ')} still works in the image`, {
        hint: 'Let it wait for all that it starts: what goes on would change the image after it was looked at.',
      });
    }
    await how.finish(at);
  } catch (error) {
    await mount.unmount().catch(() => undefined);
    throw error;
  }
  await mount.unmount();
}

/** Compares first, and records when nothing stands against it. */
async function take(image: Image, draft: Draft, after: Image, { edits, signal }: Work): Promise<readonly string[]> {
  const contents = new Map(edits.flatMap((edit) => (edit.kind === 'write' ? [[edit.path.toLowerCase(), edit.content] as const] : [])));
  const before = { image, walk: () => asMounted(draft, contents), pending: new Set(contents.keys()) };
  const { written, removed, refused, notes } = await treeDifference(before, after, signal);
  if (refused.length > 0) {
    const more = refused.length > SHOWN ? ` and ${refused.length - SHOWN} more` : '';
    throw new ImageError(
      'ON_MOUNT_REFUSED',
      `the program changed what cannot be taken over: ${refused.slice(0, SHOWN).join('; ')}${more}`,
      {
        hint: 'Only files, folders and registry values are taken: no links, no named streams, no names in other case.',
      },
    );
  }
  let bytes = 0;
  for (const { size } of written) bytes += size;
  if (bytes > BYTES_MAX) {
    throw new ImageError('ON_MOUNT_LARGE', `the program wrote ${bytes} bytes, which is more than is taken over (${BYTES_MAX})`, {
      hint: 'Bring large content into the base image.',
    });
  }
  for (const path of removed) await draft.remove(path);
  for (const file of written) {
    if (await isHive(draft, file)) await takeHive(draft, after, file);
    else await draft.write(file.path, await file.read());
  }
  return notes;
}

/** The files as the program found them: hives with the changes of the steps before, which the draft keeps as changes. */
async function* asMounted(draft: Draft, contents: ReadonlyMap<string, Uint8Array>): AsyncIterable<ImageFile> {
  for await (const file of draft.walk()) {
    const content = contents.get(file.path.toLowerCase());
    yield content ? withContent(file, content) : file;
  }
}

function withContent(
  { path, folder, attributes, shortName, descriptor, reparse, streams, links }: ImageFile,
  content: Uint8Array,
): ImageFile {
  const own = { size: content.length, digest: undefined, read: async () => content };
  return { path, folder, attributes, shortName, descriptor, reparse, streams, links, ...own };
}

/** A hive stays a hive: what changed in it are values and keys, which other steps may change as well. */
async function isHive(draft: Draft, file: ImageFile): Promise<boolean> {
  const before = await draft.find(file.path);
  if (!before || before.folder || /\.log\d?$/i.test(file.path)) return false;
  return [await before.read(), await file.read()].every((content) => Buffer.from(content.subarray(0, 4)).toString('latin1') === 'regf');
}

async function takeHive(draft: Draft, after: Image, { path }: ImageFile): Promise<void> {
  const hive = path as HiveName;
  for (const edit of hiveDifference(path, await draft.hive(hive), await after.hive(hive))) {
    if (edit.kind === 'make-key') await draft.makeKey(hive, edit.key);
    else if (edit.kind === 'remove-key') await draft.removeKey(hive, edit.key);
    else if (edit.kind === 'delete-value') await draft.deleteValue(hive, edit.key, edit.name);
    else await draft.setValue(hive, edit.key, edit.name, edit.value);
  }
}
