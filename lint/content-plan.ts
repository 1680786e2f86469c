// Which contents a run has to read: every distinct one once, with all the places where it is and all the rules that want it.
import type { ContentRequest, FileStream, Image, ImageFile } from '../image/image.ts';
import type { Contents } from './contents.ts';
import { NumberList } from './number-list.ts';
import { Asks, type PlanFacts, PlannedContent, PlannedStream } from './planned-content.ts';
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

const NO_ID = -1;

/**
 * Contents by what they are: equal digest and size are one content, names of one file are one file. In the order in which they were met.
 * One that stands at one place and that no rule visits is no more than the number of its file, when files have one: nearly all are like this.
 */
export class ContentPlan implements Contents {
  private readonly facts: PlanFacts;
  /** For contents that are made for once: they hold their file. */
  private readonly passing: PlanFacts;
  /** The number of the one file of a content, or -1 - the place in `kept` of one that is an object. */
  private readonly all = new NumberList();
  private readonly kept: (PlannedContent | undefined)[] = [];
  /** Ids of contents by a number that the container gives them. */
  private readonly byNumber = new NumberList();
  private readonly byIdentity = new Map<string, PlannedContent>();

  private total = 0;

  /** @param image that of the files */
  constructor(image: Pick<Image, 'numbered'> = {}) {
    const asks = new Asks();
    this.facts = { image, asks };
    this.passing = { image: {}, asks };
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

  get bytes(): number {
    return this.total;
  }

  at(id: number): Content | undefined {
    const known = this.all.at(id);
    if (known === undefined) return undefined;
    return known < 0 ? this.kept[-1 - known] : this.made(known, this.passing);
  }

  release(id: number): void {
    const known = this.all.at(id);
    if (known !== undefined && known < 0) this.kept[-1 - known] = undefined;
  }

  *[Symbol.iterator](): Iterator<Content> {
    for (let id = 0; id < this.all.length; id++) yield this.at(id)!;
  }

  /** False when the content has to be an object. */
  private addNumbered({ content, number, size }: ImageFile): boolean {
    if (content === undefined || number === undefined || !this.facts.image.numbered || this.idOf(content) !== NO_ID) return false;
    this.byNumber.set(content, this.all.push(number), NO_ID);
    this.total += size;
    return true;
  }

  private idOf(content: number): number {
    return this.byNumber.at(content) ?? NO_ID;
  }

  private made(number: number, facts: PlanFacts): PlannedContent {
    const file = this.facts.image.numbered!(number);
    const content = new PlannedContent(facts, file, file.size);
    content.addPlace(file, undefined);
    return content;
  }

  private contentOf(file: ImageFile, stream: string | undefined, what: ImageFile | FileStream): PlannedContent {
    const { content: number, size } = what;
    if (number !== undefined) {
      const id = this.idOf(number);
      if (id !== NO_ID) return this.keptAt(id);
      this.byNumber.set(number, this.all.length, NO_ID);
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
    const content = stream === undefined ? new PlannedContent(this.facts, file, size) : new PlannedStream(this.facts, file, stream, size);
    this.all.push(-this.kept.push(content));
    this.total += size;
    return content;
  }

  /** The content as an object, from now on. */
  private keptAt(id: number): PlannedContent {
    const known = this.all.at(id)!;
    if (known < 0) return this.kept[-1 - known]!; // none is released before all are known
    const content = this.made(known, this.facts);
    this.all.set(id, -this.kept.push(content));
    return content;
  }
}

function identityOf(file: ImageFile, stream: string | undefined, size: number): string {
  const names = [file.path, ...file.links].map((name) => name.toLowerCase()).sort();
  return `${names[0]}\0${stream ?? ''}\0${size}`;
}
