// Reads the directory entries of an image into rows of numbers, and refuses what contradicts itself.
import { Bytes, FormatError } from '../bytes.ts';
import { AT, alignUp, ENTRY_SIZE, EntryBytes, type EntryFields, STREAM_AT, STREAM_SIZE } from './entry-bytes.ts';
import { nameFault } from './name.ts';
import { parseSecurityData } from './security-data.ts';

const FORMAT = 'WIM metadata';

/** A Windows image of 140,000 entries has 21 MB. A few hundred KB can unpack to this much, so it bounds our memory. */
export const METADATA_BYTES_MAX = 128 * 1024 * 1024;
/** A large Windows image has about 300,000. */
export const ENTRIES_MAX = 1_000_000;
/** No real tree is deeper than a few hundred folders. */
export const DEPTH_MAX = 2048;
/** NT paths end there. An image whose paths are longer costs whoever looks at them their square. */
export const PATH_LENGTH_MAX = 32_767;
/** NTFS and NT allow 255 characters a name. */
export const NAME_LENGTH_MAX = 255;
/** More named streams on one file than any program makes. */
export const STREAMS_MAX = 4096;

/** A length of up to 8 marks the end of a folder's list. */
const END_LENGTH = 8;
/** The high half of the largest safe integer. */
const MAX_HIGH = 0x1fffff;

/** By entry; the root is entry 0, and a folder comes before what is in it. */
export interface EntryRows {
  readonly bytes: EntryFields;
  readonly securityDescriptors: readonly Uint8Array[];
  readonly count: number;
  /** Where the entry begins. */
  readonly starts: Uint32Array;
  /** The folder in which it is. */
  readonly parents: Int32Array;
  /** Its first child, which the others follow. */
  firstChild(entry: number): number;
  childCount(entry: number): number;
}

export interface WholeRows extends EntryRows {
  readonly bytes: EntryBytes;
}

/** Any contradiction is a FormatError that names the offset of the entry. */
export function readEntries(data: Uint8Array): WholeRows {
  if (data.length > METADATA_BYTES_MAX) throw new FormatError(FORMAT, `has ${data.length} bytes (at most ${METADATA_BYTES_MAX} are read)`);
  return new EntryReader(data).read();
}

/** A folder of which the list is still to be read. */
interface UnreadFolder {
  readonly entry: number;
  readonly offset: number;
  readonly depth: number;
  /** Of its path, in characters. */
  readonly length: number;
}

class EntryReader {
  private readonly bytes: EntryBytes;
  private readonly checked: Bytes;
  private readonly view: DataView;
  private readonly securityDescriptors: readonly Uint8Array[];
  private readonly root: number;
  private readonly seen: Seen;
  private readonly starts: Uint32Array;
  private readonly parents: Int32Array;
  private readonly firsts: Int32Array;
  private readonly counts: Int32Array;
  private count = 0;
  /** Bytes of all entries so far, with their streams. */
  private taken = 0;

  constructor(data: Uint8Array) {
    this.checked = new Bytes(FORMAT, data);
    this.bytes = new EntryBytes(data);
    this.view = this.bytes.view;
    const { descriptors, end } = parseSecurityData(this.checked);
    this.securityDescriptors = descriptors;
    this.root = end;
    this.seen = new Seen(data.length);
    const most = Math.min(ENTRIES_MAX, Math.floor(data.length / ENTRY_SIZE)) + 1;
    this.starts = new Uint32Array(most);
    this.parents = new Int32Array(most);
    this.firsts = new Int32Array(most);
    this.counts = new Int32Array(most);
  }

  read(): WholeRows {
    const { bytes, root, securityDescriptors, starts, parents, firsts, counts } = this;
    if (this.entry(root) === 0) this.checked.fail('there is no root folder', root);
    if (bytes.nameSize(root) !== 0 || bytes.shortSize(root) !== 0) this.checked.fail('the root folder has a name', root);
    if (!bytes.isFolder(root)) this.checked.fail('the root is not a folder', root);
    const folders = [this.folderOf(0, 0, 0)];
    for (let folder = folders.pop(); folder; folder = folders.pop()) {
      const { entry, depth, length } = folder;
      const first = this.count;
      firsts[entry] = first;
      this.list(folder);
      counts[entry] = this.count - first;
      for (let child = first; child < this.count; child++) {
        const below = this.folderOf(child, depth + 1, length + 1 + bytes.nameSize(starts[child]!) / 2);
        if (below) folders.push(below);
      }
    }
    return {
      bytes,
      securityDescriptors,
      count: this.count,
      starts,
      parents,
      firstChild: (entry) => firsts[entry]!,
      childCount: (entry) => counts[entry]!,
    };
  }

  /** The list that is to be read of the entry; none of a file and of a folder without one. */
  private folderOf(entry: number, depth: number, length: number): UnreadFolder | undefined {
    const at = this.starts[entry]!;
    const offset = this.size64(at + AT.folder, 'folder offset');
    if (offset === 0) return undefined;
    if (!this.bytes.isFolder(at)) this.checked.fail('a file has a folder content', at + AT.folder);
    if (depth >= DEPTH_MAX) this.checked.fail(`folders are nested more than ${DEPTH_MAX} deep`, at);
    return { entry, offset, depth, length };
  }

  /** Reads the entries of a folder. */
  private list({ entry: folder, offset, length }: UnreadFolder): void {
    const { bytes, starts } = this;
    const first = this.count;
    let at = offset;
    let ordered = true;
    for (;;) {
      const entry = this.count;
      const end = this.entry(at);
      if (end === 0) break;
      this.parents[entry] = folder;
      const short = bytes.shortSize(at);
      const fault =
        this.nameFault(at + ENTRY_SIZE, bytes.nameSize(at)) ?? (short > 0 ? this.nameFault(bytes.shortAt(at), short) : undefined);
      if (fault) this.checked.fail(`the name of an entry ${fault}`, at);
      if (length + 1 + bytes.nameSize(at) / 2 > PATH_LENGTH_MAX)
        this.checked.fail(`a path is longer than ${PATH_LENGTH_MAX} characters`, at);
      if (ordered && entry > first) ordered = this.isBefore(starts[entry - 1]!, at);
      at = end;
    }
    if (!ordered) this.refuseTwins(first);
  }

  private refuseTwins(first: number): void {
    const names = new Set<string>();
    for (let entry = first; entry < this.count; entry++) {
      names.add(this.bytes.name(this.starts[entry]!));
      if (names.size === entry - first) this.checked.fail('two entries of one folder have the same name', this.starts[entry]);
    }
  }

  /** Takes the entry at the offset and answers where the next one begins; 0 for the end of a list. */
  private entry(at: number): number {
    const { bytes, checked, view } = this;
    const length = alignUp(this.size64(at, 'length of an entry'));
    if (length <= END_LENGTH) return 0;
    if (length < ENTRY_SIZE) checked.fail(`an entry has only ${length} bytes`, at);
    checked.need(at, length, 'entry');
    if (this.count >= ENTRIES_MAX) checked.fail(`more than ${ENTRIES_MAX} entries`, at);
    if (!this.seen.add(at)) checked.fail('an entry belongs to two folders, or a folder to itself', at);
    const securityId = view.getInt32(at + AT.security, true);
    const descriptors = this.securityDescriptors.length;
    if (securityId < -1 || securityId >= descriptors)
      checked.fail(`an entry names security descriptor ${securityId} (there are ${descriptors})`, at + AT.security);
    if (bytes.namesEnd(at) > at + length) checked.fail('the names of an entry run past its end', at);
    this.checkName(at + ENTRY_SIZE, bytes.nameSize(at));
    this.checkName(bytes.shortAt(at), bytes.shortSize(at));
    const end = this.streams(at + length, bytes.streamCount(at));
    this.taken += end - at;
    if (this.taken > bytes.buffer.length) checked.fail('entries lie in each other', at);
    this.starts[this.count++] = at;
    return end;
  }

  /** Answers where the streams end. */
  private streams(from: number, count: number): number {
    if (count === 0) return from;
    const { bytes, checked } = this;
    if (count > STREAMS_MAX) checked.fail(`an entry has ${count} streams (at most ${STREAMS_MAX} are read)`, from);
    const names = new Set<string>();
    let at = from;
    for (let index = 0; index < count; index++) {
      const length = alignUp(this.size64(at, 'length of a stream entry'));
      if (length < STREAM_SIZE) checked.fail(`a stream entry has only ${length} bytes`, at);
      checked.need(at, length, 'stream entry');
      const size = this.view.getUint16(at + STREAM_AT.name, true);
      if (STREAM_SIZE + size > length) checked.fail('the name of a stream runs past its entry', at);
      this.checkName(at + STREAM_SIZE, size);
      if (size > 0) {
        const fault = this.nameFault(at + STREAM_SIZE, size);
        if (fault) checked.fail(`the name of a stream ${fault}`, at);
        const name = bytes.streamName(at);
        if (names.has(name)) checked.fail('two streams of one file have the same name', at);
        names.add(name);
      }
      at += length;
    }
    return at;
  }

  private checkName(at: number, size: number): void {
    if (size % 2 !== 0) this.checked.fail(`a name has ${size} bytes`, at);
    if (size > NAME_LENGTH_MAX * 2) this.checked.fail(`a name has ${size / 2} characters (at most ${NAME_LENGTH_MAX})`, at);
  }

  /** Most names show in their bytes that nothing is wrong with them. */
  private nameFault(at: number, size: number): string | undefined {
    let sound = size > 4; // "." and ".." are shorter
    for (let byte = at; sound && byte < at + size; byte += 2) {
      const unit = this.view.getUint16(byte, true);
      sound = unit >= 0x20 && unit !== 0x2f && unit !== 0x5c && (unit < 0x7f || unit > 0x9f);
    }
    return sound ? undefined : nameFault(this.bytes.text(at, size));
  }

  /** Whether the names show by their order that they are not the same. Writers order them without case; case-only twins answer false. */
  private isBefore(a: number, b: number): boolean {
    const [aSize, bSize] = [this.bytes.nameSize(a), this.bytes.nameSize(b)];
    const both = ENTRY_SIZE + Math.min(aSize, bSize);
    for (let byte = ENTRY_SIZE; byte < both; byte += 2) {
      const one = upper(this.view.getUint16(a + byte, true));
      const other = upper(this.view.getUint16(b + byte, true));
      if (one !== other) return one < other;
    }
    return aSize < bSize;
  }

  /** As in `Bytes`, without a bigint in between. */
  private size64(at: number, what: string): number {
    this.checked.need(at, 8, what);
    const high = this.view.getUint32(at + 4, true);
    if (high > MAX_HIGH) this.checked.fail(`${what} is absurd`, at);
    return high * 2 ** 32 + this.view.getUint32(at, true);
  }
}

/** One bit for each 8 bytes at which an entry began: an entry that is reached twice means a cycle or two folders with one content. */
class Seen {
  private readonly bits: Uint8Array;

  constructor(size: number) {
    this.bits = new Uint8Array(Math.ceil(size / 64));
  }

  /** False for one that was there. */
  add(at: number): boolean {
    const bit = at >> 3;
    const mask = 1 << (bit & 7);
    if ((this.bits[bit >> 3]! & mask) !== 0) return false;
    this.bits[bit >> 3]! |= mask;
    return true;
  }
}

function upper(unit: number): number {
  return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit;
}
