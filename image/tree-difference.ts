// What is different between an image and the same image after a foreign program has worked in it: contents compared, nothing taken on trust.

import { createHash } from 'node:crypto';
import { blobDigest } from '../formats/wim/digest.ts';
import type { ContentRequest, Image, ImageFile } from './image.ts';

export interface TreeDifference {
  /** Files that are new or have other content, as they are now. */
  readonly written: readonly ImageFile[];
  /** What is gone: a folder stands for all below it. Stored paths of before. */
  readonly removed: readonly string[];
  /** Changes that a journal cannot hold: each as one line. */
  readonly refused: readonly string[];
  /** Changes that are left out and do no harm. */
  readonly notes: readonly string[];
}

/** The image as steps see it: `pending` (paths in lower case) have content that is not in `image`. */
export interface TreeBefore {
  readonly image: Image;
  readonly walk: () => AsyncIterable<ImageFile>;
  readonly pending: ReadonlySet<string>;
}

/** What writing alone changes: archive, normal, sparse, compressed, not indexed. */
const ATTRIBUTES_IGNORED = 0x20 | 0x80 | 0x200 | 0x800 | 0x2000;
const ATTRIBUTE_SYSTEM = 0x4;
const SHOWN = 5;

export async function treeDifference(before: TreeBefore, after: Image, signal?: AbortSignal): Promise<TreeDifference> {
  const was = await filesOf(before.walk());
  const is = await filesOf(after.walk());
  const comparer = new Comparer(before, after, signal);
  const refused: string[] = [];
  const folders: string[] = [];
  const attributes: string[] = [];
  const written = new Map<string, ImageFile>();
  for (const [lower, now] of is) {
    const then = was.get(lower);
    if (!then) {
      const fault = newFault(now);
      if (fault !== undefined) refused.push(`${now.path}: ${fault}`);
      else if (now.folder) folders.push(now.path);
      else written.set(lower, now);
      continue;
    }
    const fault = changedFault(then, now);
    if (fault !== undefined) {
      refused.push(`${then.path}: ${fault}`);
      continue;
    }
    if ((then.attributes ^ now.attributes) & ~ATTRIBUTES_IGNORED) attributes.push(then.path);
    if (!now.reparse) comparer.add(lower, then, now);
  }
  const { changed, streams, unreadable } = await comparer.finish();
  for (const lower of changed) written.set(lower, is.get(lower)!);
  for (const lower of streams) refused.push(`${is.get(lower)!.path}: a named stream was changed`);
  for (const [lower, reason] of unreadable) refused.push(`${is.get(lower)!.path}: cannot be compared (${reason})`);
  refused.push(...linkFaults(written, was, is));
  const removed = [...was].filter(([lower]) => !is.has(lower)).map(([, file]) => file.path);
  const gone = new Set(removed.map((path) => path.toLowerCase()));
  return {
    written: [...written.values()],
    removed: removed.filter((path) => !gone.has(parentOf(path.toLowerCase()))),
    refused,
    notes: [...emptyFolderNotes(folders, written), ...attributeNotes(attributes)],
  };
}

async function filesOf(walk: AsyncIterable<ImageFile>): Promise<ReadonlyMap<string, ImageFile>> {
  const files = new Map<string, ImageFile>();
  for await (const file of walk) files.set(file.path.toLowerCase(), file);
  return files;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function newFault(file: ImageFile): string | undefined {
  if (file.reparse || isSpecial(file)) return 'is a new link or special file';
  if (file.streams.length > 0) return `is new and has a named stream (${file.streams[0]!.name})`;
  return !file.folder && file.links.length > 0 ? `is a new name of ${file.links[0]}` : undefined;
}

function changedFault(then: ImageFile, now: ImageFile): string | undefined {
  if (then.path !== now.path && nameOf(then.path) !== nameOf(now.path)) return `has now the name ${nameOf(now.path)}, in other case`;
  if (then.folder !== now.folder) return `is now a ${now.folder ? 'folder' : 'file'}`;
  if (then.reparse?.tag !== now.reparse?.tag || then.reparse?.target !== now.reparse?.target) return 'is or was a link, and was changed';
  if (isSpecial(now) && !isSpecial(then)) return 'is now a link or special file';
  const names = (file: ImageFile) =>
    file.streams
      .map(({ name, size }) => `${name} ${size}`)
      .sort()
      .join('\0');
  return names(then) === names(now) ? undefined : 'a named stream was added, removed or changed';
}

/** ntfs-3g keeps links, pipes and devices of this machine as files with the system attribute (Interix). */
function isSpecial({ folder, attributes }: ImageFile): boolean {
  return !folder && (attributes & ATTRIBUTE_SYSTEM) !== 0;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A file is written under all its names. One that got new content under some of them only would be another file in the end. */
function linkFaults(
  written: ReadonlyMap<string, ImageFile>,
  was: ReadonlyMap<string, ImageFile>,
  is: ReadonlyMap<string, ImageFile>,
): readonly string[] {
  const faults: string[] = [];
  for (const [lower, now] of written) {
    const then = was.get(lower);
    const linked = new Set(now.links.map((path) => path.toLowerCase()));
    const lost = then?.links.find((path) => is.has(path.toLowerCase()) && !linked.has(path.toLowerCase()));
    const gained = then && now.links.find((path) => !then.links.some((other) => other.toLowerCase() === path.toLowerCase()));
    if (lost !== undefined) faults.push(`${now.path}: was replaced under this name only; it was one file with ${lost}`);
    if (gained !== undefined) faults.push(`${now.path}: is now one file with ${gained}`);
  }
  return faults;
}

function emptyFolderNotes(folders: readonly string[], written: ReadonlyMap<string, ImageFile>): readonly string[] {
  const used = new Set<string>();
  for (const path of written.keys()) for (let at = parentOf(path); at !== ''; at = parentOf(at)) used.add(at);
  const empty = folders.filter((path) => !used.has(path.toLowerCase()));
  return empty.length === 0 ? [] : [`${listed(empty)}: new and empty, left out`];
}

function attributeNotes(paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [] : [`${listed(paths)}: attributes were changed, which is left out`];
}

function listed(paths: readonly string[]): string {
  return `${paths.slice(0, SHOWN).join(', ')}${paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : ''}`;
}

interface Pair {
  readonly lower: string;
  readonly was: ContentRequest;
  readonly is: ContentRequest;
}

/** Gathers what has to be read, and reads each side in the order that suits it. */
class Comparer {
  private readonly before: TreeBefore;
  private readonly after: Image;
  private readonly signal: AbortSignal | undefined;
  private readonly changed = new Set<string>();
  private readonly streams = new Set<string>();
  private readonly pairs: Pair[] = [];

  constructor(before: TreeBefore, after: Image, signal: AbortSignal | undefined) {
    this.before = before;
    this.after = after;
    this.signal = signal;
  }

  add(lower: string, then: ImageFile, now: ImageFile): void {
    const isPending = this.before.pending.has(lower);
    if (!now.folder) {
      const known = !isPending && then.digest !== undefined && now.digest !== undefined;
      if (known ? then.digest !== now.digest : then.size !== now.size) this.changed.add(lower);
      else if (!known && then.size > 0) this.pairs.push({ lower, was: { file: then }, is: { file: now } });
    }
    for (const { name, size, digest } of now.streams) {
      const old = then.streams.find((stream) => stream.name === name);
      if (digest !== undefined && old?.digest !== undefined) {
        if (digest !== old.digest) this.streams.add(lower);
      } else if (size > 0) this.pairs.push({ lower, was: { file: then, stream: name }, is: { file: now, stream: name } });
    }
  }

  async finish(): Promise<{ changed: ReadonlySet<string>; streams: ReadonlySet<string>; unreadable: ReadonlyMap<string, string> }> {
    const unreadable = new Map<string, string>();
    const isPending = ({ lower, was }: Pair) => this.before.pending.has(lower) && was.stream === undefined;
    const stored = this.pairs.filter((pair) => !isPending(pair)).map(({ was }) => was);
    const before = await digestsOf(this.before.image, stored, this.signal);
    for (const pair of this.pairs.filter(isPending)) before.set(pair.was, blobDigest(await pair.was.file.read()));
    const after = await digestsOf(
      this.after,
      this.pairs.map(({ is }) => is),
      this.signal,
    );
    for (const { lower, was, is } of this.pairs) {
      const [old, now] = [before.get(was) ?? NOT_READ, after.get(is) ?? NOT_READ];
      const failed = [old, now].find((one) => one.startsWith(FAILED));
      if (failed !== undefined) unreadable.set(lower, failed.slice(FAILED.length));
      else if (old !== now) (was.stream === undefined ? this.changed : this.streams).add(lower);
    }
    return { changed: this.changed, streams: this.streams, unreadable };
  }
}

const FAILED = 'failed: ';
const NOT_READ = `${FAILED}it was not read`;

async function digestsOf(
  image: Image,
  requests: readonly ContentRequest[],
  signal: AbortSignal | undefined,
): Promise<Map<ContentRequest, string>> {
  const open = new Map<ContentRequest, ReturnType<typeof createHash>>();
  const digests = new Map<ContentRequest, string>();
  if (requests.length === 0) return digests;
  for await (const { request, bytes, last, failed } of image.stream(requests, signal)) {
    const hash = open.get(request) ?? createHash('sha1');
    open.set(request, hash.update(bytes));
    if (!last) continue;
    digests.set(request, failed === undefined ? hash.digest('hex') : `${FAILED}${failed}`);
    open.delete(request);
  }
  return digests;
}
