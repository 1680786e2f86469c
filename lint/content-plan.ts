// Which contents a run has to read: every distinct one once, with all the places where it is and all the rules that want it.
import type { ContentRequest, FileStream, Image, ImageFile } from '../image/image.ts';
import type { Contents } from './contents.ts';
import type { RuleRun } from './rule-run.ts';

/** The most that `content: 'whole'` hands to a rule at once. */
export const CONTENT_MAX = 32 * 1024 * 1024;
/** What `content: 'head'` hands to a rule. */
export const HEAD_BYTES = 4096;

export type Place = ContentRequest;

/** A rule's `file` call that waits for the content. */
export interface Visit {
  readonly run: RuleRun;
  readonly file: ImageFile;
  readonly content: 'head' | 'whole';
}

export interface Content {
  readonly request: ContentRequest;
  readonly size: number;
  /** Where it is scanned; none when only a visit waits for it. */
  readonly places: readonly Place[];
  readonly visits: readonly Visit[];
}

/** Reparse points whose data stands for the content of the file: what the file holds cannot be seen through them. */
const OPAQUE_TAGS: ReadonlyMap<number, string> = new Map([
  [0x80000017, 'compressed by the Windows overlay filter'],
  [0x80000013, 'stored by deduplication'],
  [0x80000007, 'stored once for several files'],
  [0xc0000004, 'moved to remote storage'],
  [0x80000006, 'moved to remote storage'],
]);

export function opaqueReason({ path, reparse }: ImageFile): string | undefined {
  const why = reparse && OPAQUE_TAGS.get(reparse.tag >>> 0);
  return why && `${path}: its content cannot be read (it is ${why})`;
}

const NONE: Place[] = [];
const NO_ID = -1;
const NO_VISITS: readonly Visit[] = Object.freeze([]);

/** Nearly all have one place and no visit: arrays are kept for the others, and a content is its own first place. */
class PlannedContent implements Content, Place {
  readonly file: ImageFile;
  readonly size: number;
  /** Undefined while the request is the only place. */
  private all: Place[] | undefined = NONE;
  visits = NO_VISITS;

  constructor(file: ImageFile, size: number) {
    this.file = file;
    this.size = size;
  }

  get request(): Place {
    return this;
  }

  get places(): readonly Place[] {
    return this.all ?? [this.request];
  }

  addPlace(file: ImageFile, stream: string | undefined): void {
    const isOwn = file === this.file && stream === this.request.stream;
    if (this.all === NONE) this.all = isOwn ? undefined : [placeOf(file, stream)];
    else if (this.all) this.all.push(placeOf(file, stream));
    else this.all = [this.request, placeOf(file, stream)];
  }

  addVisit(visit: Visit): void {
    if (this.visits === NO_VISITS) this.visits = [visit];
    else (this.visits as Visit[]).push(visit);
  }
}

/** Few have a name, which takes room. */
class PlannedStream extends PlannedContent {
  readonly stream: string;

  constructor(file: ImageFile, stream: string, size: number) {
    super(file, size);
    this.stream = stream;
  }
}

/** No more than the place: a content of a plan may stand for one. */
export function placeOf(file: ImageFile, stream: string | undefined): Place {
  return stream === undefined ? { file } : { file, stream };
}

/** Ids of contents by a number that the container gives them: a row for each, since there are as many as files. */
class NumberedIds {
  private ids = new Int32Array(1024).fill(NO_ID);

  get(number: number): number {
    return this.ids[number] ?? NO_ID;
  }

  set(number: number, id: number): void {
    if (number >= this.ids.length) {
      const more = new Int32Array(2 ** Math.ceil(Math.log2(number + 1))).fill(NO_ID);
      more.set(this.ids);
      this.ids = more;
    }
    this.ids[number] = id;
  }
}

/**
 * Contents by what they are: equal digest and size are one content, names of one file are one file. In the order in which they were met.
 * One that stands at one place and that no rule visits is no more than the number of its file, when files have one: nearly all are like this.
 */
export class ContentPlan implements Contents {
  private readonly image: Pick<Image, 'numbered'>;
  /** In place of a content that is no object the number of its one file. */
  private readonly all: (PlannedContent | number)[] = [];
  private readonly byNumber = new NumberedIds();
  private readonly byIdentity = new Map<string, PlannedContent>();

  /** @param image that of the files */
  constructor(image: Pick<Image, 'numbered'> = {}) {
    this.image = image;
  }

  /** Everything is scanned when a rule has signatures or looks for keys; else only what a visit waits for. */
  addScan(file: ImageFile): void {
    const { size, streams } = file;
    if (size > 0 && !file.folder && !this.addNumbered(file)) this.contentOf(file, undefined, file).addPlace(file, undefined);
    for (const stream of streams) if (stream.size > 0) this.contentOf(file, stream.name, stream).addPlace(file, stream.name);
  }

  addVisit(visit: Visit): void {
    const { file } = visit;
    this.contentOf(file, undefined, file).addVisit(visit);
  }

  get length(): number {
    return this.all.length;
  }

  at(id: number): Content | undefined {
    const content = this.all[id];
    return typeof content === 'number' ? this.made(content) : content;
  }

  *[Symbol.iterator](): Iterator<Content> {
    for (let id = 0; id < this.all.length; id++) yield this.at(id)!;
  }

  /** False when the content has to be an object. */
  private addNumbered({ content, number }: ImageFile): boolean {
    if (content === undefined || number === undefined || !this.image.numbered || this.byNumber.get(content) !== NO_ID) return false;
    this.byNumber.set(content, this.all.push(number) - 1);
    return true;
  }

  private made(file: number): PlannedContent {
    const own = this.image.numbered!(file);
    const content = new PlannedContent(own, own.size);
    content.addPlace(own, undefined);
    return content;
  }

  private contentOf(file: ImageFile, stream: string | undefined, what: ImageFile | FileStream): PlannedContent {
    const { content: number, size } = what;
    if (number !== undefined) {
      const id = this.byNumber.get(number);
      if (id !== NO_ID) return this.kept(id);
      this.byNumber.set(number, this.all.length);
      return this.added(file, stream, size);
    }
    const identity = what.digest ?? identityOf(file, stream, size);
    const known = this.byIdentity.get(identity);
    if (known?.size === size) return known;
    // Two sizes under one digest: the container lies, and each is looked at by itself.
    const own = known ? `${identity}:${size}` : identity;
    const content = this.byIdentity.get(own) ?? this.added(file, stream, size);
    this.byIdentity.set(own, content);
    return content;
  }

  private added(file: ImageFile, stream: string | undefined, size: number): PlannedContent {
    const content = stream === undefined ? new PlannedContent(file, size) : new PlannedStream(file, stream, size);
    this.all.push(content);
    return content;
  }

  /** The content as an object, from now on. */
  private kept(id: number): PlannedContent {
    const known = this.all[id]!;
    if (typeof known !== 'number') return known;
    const content = this.made(known);
    this.all[id] = content;
    return content;
  }
}

function identityOf(file: ImageFile, stream: string | undefined, size: number): string {
  const names = [file.path, ...file.links].map((name) => name.toLowerCase()).sort();
  return `${names[0]}\0${stream ?? ''}\0${size}`;
}
