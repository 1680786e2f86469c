// Which contents of an image stand in another image, the base, at each of their places.
import { areSame } from '../digest-index.ts';
import { SHA1_BYTES } from './digest.ts';
import { type EntryTable, ROOT } from './entry-table.ts';
import { streamRoles } from './streams.ts';

/** Told of each content of the image by where its SHA-1 stands in its metadata, once for each place. */
export type Placed = (digestAt: number, isSame: boolean) => void;

const NOWHERE = -1;

/**
 * A place is the same when the base has a file of the very same path, no part of which is a link, with the same content.
 * A stream of a folder is never the same.
 */
export function comparePlaces(own: EntryTable, base: EntryTable, placed: Placed): void {
  // Of each entry of the image that of the base at the same path.
  const twins = new Int32Array(own.count).fill(NOWHERE);
  twins[ROOT] = ROOT;
  compareEntry(own, ROOT, base, NOWHERE, placed);
  // A folder comes before what is in it.
  for (let folder = 0; folder < own.count; folder++) {
    if (own.childCount(folder) === 0) continue;
    const twin = twins[folder]!;
    const names = twin === NOWHERE || (folder !== ROOT && base.isReparse(twin)) ? undefined : new Names(base, twin);
    const first = own.firstChild(folder);
    for (let entry = first; entry < first + own.childCount(folder); entry++) {
      const found = names ? names.find(own, entry) : NOWHERE;
      if (own.isFolder(entry) && found !== NOWHERE && base.isFolder(found)) twins[entry] = found;
      compareEntry(own, entry, base, found, placed);
    }
  }
}

function compareEntry(own: EntryTable, entry: number, base: EntryTable, twin: number, placed: Placed): void {
  const isFolder = own.isFolder(entry);
  if (isFolder && own.streamCount(entry) === 0) return;
  const theirs = twin === NOWHERE || base.isFolder(twin) ? NOWHERE : twin;
  const isSame = (at: number, other: number | undefined) =>
    other !== undefined && areSame(own.digests, at, base.digests, other, SHA1_BYTES);
  const ownHolds = own.placed(entry);
  const baseHolds = theirs === NOWHERE ? undefined : base.placed(theirs);
  if (!isFolder) {
    const { content } = streamRoles(ownHolds);
    if (content !== undefined) placed(content, baseHolds !== undefined && isSame(content, streamRoles(baseHolds).content));
  }
  for (const { name, digest } of ownHolds.streams) {
    if (name === '' || digest === undefined) continue;
    const isThere = !isFolder && baseHolds?.streams.some((stream) => stream.name === name && isSame(digest, stream.digest)) === true;
    placed(digest, isThere);
  }
}

/** The names of a folder of the base. Both images are in one order as a rule: the one sought is the next, or one soon behind it. */
class Names {
  private readonly base: EntryTable;
  private readonly first: number;
  private readonly end: number;
  private next: number;
  private byName: Map<string, number> | undefined;

  constructor(base: EntryTable, folder: number) {
    this.base = base;
    this.first = base.firstChild(folder);
    this.end = this.first + base.childCount(folder);
    this.next = this.first;
  }

  find(own: EntryTable, entry: number): number {
    const { base } = this;
    for (let at = this.next; at < Math.min(this.next + NEAR, this.end); at++) {
      if (!own.hasNameOf(entry, base, at)) continue;
      this.next = at + 1;
      return at;
    }
    this.byName ??= this.gathered();
    return this.byName.get(own.name(entry)) ?? NOWHERE;
  }

  private gathered(): Map<string, number> {
    const names = new Map<string, number>();
    for (let at = this.first; at < this.end; at++) names.set(this.base.name(at), at);
    return names;
  }
}

const NEAR = 4;
