// Which contents a run has to read: every distinct one once, with all the places where it is and all the rules that want it.
import type { ContentRequest, FileStream, ImageFile } from '../image/image.ts';
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
const NO_VISITS: readonly Visit[] = Object.freeze([]);

/** There are as many as files, and nearly all have one place and no visit: arrays are kept for the others, and a content is its own first place. */
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

/** Contents by what they are: equal digest and size are one content, names of one file are one file. */
export class ContentPlan {
  private readonly byIdentity = new Map<string | number, PlannedContent>();

  /** Everything is scanned when a rule has signatures or looks for keys; else only what a visit waits for. */
  addScan(file: ImageFile): void {
    const { size, streams } = file;
    if (size > 0 && !file.folder) this.contentOf(file, undefined, file).addPlace(file, undefined);
    for (const stream of streams) if (stream.size > 0) this.contentOf(file, stream.name, stream).addPlace(file, stream.name);
  }

  addVisit(visit: Visit): void {
    const { file } = visit;
    this.contentOf(file, undefined, file).addVisit(visit);
  }

  get contents(): readonly Content[] {
    return [...this.byIdentity.values()];
  }

  private contentOf(file: ImageFile, stream: string | undefined, what: ImageFile | FileStream): PlannedContent {
    const { size } = what;
    const identity = what.content ?? what.digest ?? identityOf(file, stream, size);
    const known = this.byIdentity.get(identity);
    if (known?.size === size) return known;
    // Two sizes under one digest: the container lies, and each is looked at by itself.
    const own = known ? `${identity}:${size}` : identity;
    const content =
      this.byIdentity.get(own) ?? (stream === undefined ? new PlannedContent(file, size) : new PlannedStream(file, stream, size));
    this.byIdentity.set(own, content);
    return content;
  }
}

function identityOf(file: ImageFile, stream: string | undefined, size: number): string {
  const names = [file.path, ...file.links].map((name) => name.toLowerCase()).sort();
  return `${names[0]}\0${stream ?? ''}\0${size}`;
}
