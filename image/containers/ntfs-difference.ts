// The proof after writing: everything on the volume is as it was, but for what the journal says.
import { createHash } from 'node:crypto';
import { ImageError } from '../../errors.ts';
import { readWhole } from '../../formats/ntfs/stream.ts';
import { type NtfsFile, type NtfsVolume, ROOT_RECORD } from '../../formats/ntfs/volume.ts';
import { WOF_STREAM } from '../../formats/ntfs/wof.ts';
import type { NtfsAction, NtfsPlan } from './ntfs-plan.ts';

const SHOWN = 3;

interface Facts {
  readonly file: NtfsFile;
  readonly digest: string;
}

/** By path: what makes the file what it is. Where its clusters lie is part of it, since nobody else may have moved them. */
async function factsOf(volume: NtfsVolume): Promise<Map<string, Facts>> {
  const facts = new Map<string, Facts>();
  const digests = new Map<number, string>();
  const waiting = [{ path: '', number: ROOT_RECORD }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    for (const { name, space, file } of volume.children.get(folder.number) ?? []) {
      const path = `${folder.path}/${name}`;
      if (space === 2) continue;
      let digest = digests.get(file.number);
      if (digest === undefined) {
        const hash = createHash('sha1').update(`${file.folder} ${file.attributes}`);
        hash.update((await volume.descriptorOf(file)) ?? 'none');
        // A folder's own index changes with its children, which are compared one by one.
        for (const stream of [...file.streams, ...(file.reparse ? [file.reparse] : [])]) {
          hash.update(`\0${stream.name} ${stream.size} ${stream.flags}`);
          for (const piece of stream.pieces) hash.update(piece.value ?? piece.runs ?? '');
        }
        digest = hash.digest('hex');
        digests.set(file.number, digest);
      }
      const entries = volume.children.get(folder.number)!;
      const short = entries.find((entry) => entry.space === 2 && entry.file === file)?.name ?? '';
      facts.set(path, { file, digest: entries.length > SHORT_NAMES_MAX ? digest : `${digest} ${short}` });
      if (file.folder) waiting.push({ path, number: file.number });
    }
  }
  return facts;
}

/** In larger folders (System32, WinSxS) the search for short names would take the square of their size. */
const SHORT_NAMES_MAX = 500;

/** @throws ImageError DISK_WRITE_MISMATCH naming what differs and should not, or does not and should */
export async function proveDifference(
  path: string,
  before: NtfsVolume,
  after: NtfsVolume,
  plan: Pick<NtfsPlan, 'expected' | 'actions'>,
): Promise<void> {
  const [was, is] = [await factsOf(before), await factsOf(after)];
  const wrong: string[] = [];
  const linked = linkedPaths(before, plan);
  for (const [at, { digest }] of was) {
    const now = is.get(at);
    const expected = plan.expected.get(at.toLowerCase());
    if (expected === 'removed') {
      if (now !== undefined) wrong.push(`${at} is still there`);
    } else if (now === undefined) wrong.push(`${at} is gone`);
    else if (now.digest !== digest && expected === undefined && !linked.has(at)) wrong.push(`${at} is different`);
  }
  for (const at of is.keys()) if (!was.has(at) && !plan.expected.has(at.toLowerCase())) wrong.push(`${at} is new`);
  for (const [at, expected] of plan.expected) {
    if (expected !== 'removed' && ![...is.keys()].some((there) => there.toLowerCase() === at)) wrong.push(`${at} is not there`);
  }
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

/** What was written has its content, and the descriptor that it had before or that was planned for it. */
async function wrongContents(
  [before, was]: readonly [NtfsVolume, ReadonlyMap<string, Facts>],
  [after, is]: readonly [NtfsVolume, ReadonlyMap<string, Facts>],
  actions: readonly NtfsAction[],
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const action of actions) {
    if (action.kind !== 'overwrite' && action.kind !== 'create') continue;
    const now = is.get(action.path)?.file;
    if (!now) continue; // said already
    const stream = now.streams.find(({ name }) => name === '');
    const content = stream ? await readWhole(after, stream, Math.max(stream.size, action.content.length)) : new Uint8Array();
    if (Buffer.compare(content, action.content) !== 0) wrong.push(`${action.path} has another content`);
    const old = was.get(action.path)?.file;
    const descriptor = action.kind === 'create' ? action.descriptor : old && (await before.descriptorOf(old));
    if (descriptor && Buffer.compare((await after.descriptorOf(now)) ?? new Uint8Array(), descriptor) !== 0)
      wrong.push(`${action.path} has another descriptor`);
    const streams = (file: NtfsFile) =>
      file.streams.flatMap(({ name, size }) => (name === '' || name === WOF_STREAM ? [] : [`${name}:${size}`]));
    if (action.kind === 'overwrite' && old && streams(old).join() !== streams(now).join()) wrong.push(`${action.path} has other streams`);
  }
  return wrong;
}

/** Other names of files that are written or lose a name. */
function linkedPaths(volume: NtfsVolume, { expected }: Pick<NtfsPlan, 'expected'>): ReadonlySet<string> {
  const byFile = new Map<number, string[]>();
  const waiting = [{ path: '', number: ROOT_RECORD }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    for (const { name, space, file } of volume.children.get(folder.number) ?? []) {
      if (space === 2) continue;
      const path = `${folder.path}/${name}`;
      const known = byFile.get(file.number);
      if (known) known.push(path);
      else byFile.set(file.number, [path]);
      if (file.folder) waiting.push({ path, number: file.number });
    }
  }
  const linked = new Set<string>();
  for (const paths of byFile.values())
    if (paths.some((path) => expected.has(path.toLowerCase()))) for (const path of paths) linked.add(path);
  return linked;
}
