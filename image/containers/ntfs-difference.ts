// The proof after writing: everything on the volume is as it was, but for what the journal says.
import { ImageError } from '../../errors.ts';
import { type NtfsStream, readWhole } from '../../formats/ntfs/stream.ts';
import { type NtfsFile, type NtfsVolume, ROOT_RECORD } from '../../formats/ntfs/volume.ts';
import { WOF_STREAM } from '../../formats/ntfs/wof.ts';
import type { NtfsAction, NtfsPlan } from './ntfs-plan.ts';

const SHOWN = 3;
const SPACE_DOS = 2;

/** A file under one of its names. */
interface Named {
  readonly file: NtfsFile;
  readonly short: string;
}

/** By path. */
type Names = ReadonlyMap<string, Named>;

function namesOf(volume: NtfsVolume): Names {
  const names = new Map<string, Named>();
  const waiting = [{ path: '', number: ROOT_RECORD }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const children = volume.children.get(folder.number) ?? [];
    const short = new Map(children.filter(({ space }) => space === SPACE_DOS).map(({ file, name }) => [file, name]));
    for (const { name, space, file } of children) {
      if (space === SPACE_DOS) continue;
      const path = `${folder.path}/${name}`;
      names.set(path, { file, short: short.get(file) ?? '' });
      if (file.folder) waiting.push({ path, number: file.number });
    }
  }
  return names;
}

/** @throws ImageError DISK_WRITE_MISMATCH naming what differs and should not, or does not and should */
export async function proveDifference(
  path: string,
  before: NtfsVolume,
  after: NtfsVolume,
  plan: Pick<NtfsPlan, 'expected' | 'actions'>,
): Promise<void> {
  const [was, is] = [namesOf(before), namesOf(after)];
  const wrong: string[] = [];
  const linked = linkedFiles(was, plan);
  const isSame = comparison(before, after);
  for (const [at, named] of was) {
    const now = is.get(at);
    const expected = plan.expected.get(at.toLowerCase());
    if (expected === 'removed') {
      if (now !== undefined) wrong.push(`${at} is still there`);
    } else if (now === undefined) wrong.push(`${at} is gone`);
    else if (expected === undefined && !linked.has(named.file) && !(await isSame(named, now))) wrong.push(`${at} is different`);
  }
  for (const at of is.keys()) if (!was.has(at) && !plan.expected.has(at.toLowerCase())) wrong.push(`${at} is new`);
  const there = new Set([...is.keys()].map((at) => at.toLowerCase()));
  for (const [at, expected] of plan.expected) if (expected !== 'removed' && !there.has(at)) wrong.push(`${at} is not there`);
  wrong.push(...(await wrongContents([before, was], [after, is], plan.actions)));
  if (wrong.length === 0) return;
  const more = wrong.length > SHOWN ? ` and ${wrong.length - SHOWN} more` : '';
  throw new ImageError(
    'DISK_WRITE_MISMATCH',
    `${path}: the written volume differs from the journal (${wrong.slice(0, SHOWN).join(', ')}${more})`,
    {
      hint: 'Check the source with chkdsk on Windows; if it is sound, report this as a fault of wtgforge.',
    },
  );
}

/** Whether a name has its short name, its file and everything that makes it what it is; where its clusters lie, too: nobody else may have moved them. */
function comparison(before: NtfsVolume, after: NtfsVolume): (was: Named, is: Named) => Promise<boolean> {
  const descriptors = new Map<string, boolean>();
  const sameDescriptor = async (was: NtfsFile, is: NtfsFile): Promise<boolean> => {
    const [one, other] = [was.ownDescriptor?.pieces[0]?.value, is.ownDescriptor?.pieces[0]?.value];
    if (was.securityId === 0 && is.securityId === 0 && one && other) return sameBytes(one, other);
    const shared = was.securityId !== 0 && is.securityId !== 0; // then it stands in a table of the volume
    const key = `${was.securityId} ${is.securityId}`;
    const known = shared ? descriptors.get(key) : undefined;
    if (known !== undefined) return known;
    const same = sameBytes(await before.descriptorOf(was), await after.descriptorOf(is));
    if (shared) descriptors.set(key, same);
    return same;
  };
  return async (was, is) => was.short === is.short && sameFile(was.file, is.file) && (await sameDescriptor(was.file, is.file));
}

/** A folder's own index changes with its children, which are compared one by one. */
function sameFile(was: NtfsFile, is: NtfsFile): boolean {
  return (
    was.number === is.number &&
    was.sequence === is.sequence &&
    was.folder === is.folder &&
    was.attributes === is.attributes &&
    was.streams.length === is.streams.length &&
    was.streams.every((stream, at) => sameStream(stream, is.streams[at])) &&
    sameStream(was.reparse, is.reparse)
  );
}

function sameStream(was: NtfsStream | undefined, is: NtfsStream | undefined): boolean {
  if (!was || !is) return was === is;
  return (
    was.name === is.name &&
    was.size === is.size &&
    was.flags === is.flags &&
    was.pieces.length === is.pieces.length &&
    was.pieces.every(({ value, runs, initialized }, at) => {
      const now = is.pieces[at]!;
      return initialized === now.initialized && sameBytes(value, now.value) && sameBytes(runs, now.runs);
    })
  );
}

function sameBytes(was: Uint8Array | undefined, is: Uint8Array | undefined): boolean {
  return was && is ? Buffer.compare(was, is) === 0 : was === is;
}

/** What was written has its content, and the descriptor that it had before or that was planned for it. */
async function wrongContents(
  [before, was]: readonly [NtfsVolume, Names],
  [after, is]: readonly [NtfsVolume, Names],
  actions: readonly NtfsAction[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const action of actions) {
    if (action.kind === 'remove' || action.kind === 'uncompress') continue;
    const now = is.get(action.path)?.file;
    if (!now) continue; // said already
    if (action.kind === 'make-folder') {
      if (!now.folder) wrong.push(`${action.path} is no folder`);
      if (!(await hasDescriptor(after, now, action.descriptor))) wrong.push(`${action.path} has another descriptor`);
      continue;
    }
    const stream = now.streams.find(({ name }) => name === '');
    const content = stream ? await readWhole(after, stream, Math.max(stream.size, action.content.length)) : new Uint8Array();
    if (Buffer.compare(content, action.content) !== 0) wrong.push(`${action.path} has another content`);
    const old = was.get(action.path)?.file;
    const descriptor = action.kind === 'create' ? action.descriptor : old && (await before.descriptorOf(old));
    if (!(await hasDescriptor(after, now, descriptor))) wrong.push(`${action.path} has another descriptor`);
    const streams = (file: NtfsFile) =>
      file.streams.flatMap(({ name, size }) => (name === '' || name === WOF_STREAM ? [] : [`${name}:${size}`]));
    if (action.kind === 'overwrite' && old && streams(old).join() !== streams(now).join()) wrong.push(`${action.path} has other streams`);
  }
  return wrong;
}

async function hasDescriptor(volume: NtfsVolume, file: NtfsFile, descriptor: Uint8Array | undefined): Promise<boolean> {
  return descriptor === undefined || sameBytes(descriptor, await volume.descriptorOf(file));
}

/** Files that are written or lose a name, under whatever other name. */
function linkedFiles(names: Names, { expected }: Pick<NtfsPlan, 'expected'>): ReadonlySet<NtfsFile> {
  const linked = new Set<NtfsFile>();
  for (const [path, { file }] of names) if (expected.has(path.toLowerCase())) linked.add(file);
  return linked;
}
