// Which contents a run has to read: every distinct one once, with all the places where it is and all the rules that want it.
import type { ContentRequest, ImageFile } from '../image/image.ts';
import type { RuleRun } from './rule-run.ts';

/** The most that `content: 'whole'` hands to a rule at once. */
export const CONTENT_MAX = 32 * 1024 * 1024;
/** What `content: 'head'` hands to a rule. */
export const HEAD_BYTES = 4096;

export interface Place {
  readonly file: ImageFile;
  readonly stream?: string;
}

/** A rule's `file` call that waits for the content. */
export interface Visit {
  readonly run: RuleRun;
  readonly file: ImageFile;
  readonly content: 'head' | 'whole';
}

export interface Content {
  readonly request: ContentRequest;
  readonly size: number;
  readonly places: Place[];
  readonly visits: Visit[];
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

/** Contents by what they are: equal digest and size are one content, names of one file are one file. */
export class ContentPlan {
  private readonly byIdentity = new Map<string, Content>();

  /** Everything is scanned when a rule has signatures or looks for keys; else only what a visit waits for. */
  addScan(file: ImageFile): void {
    if (!file.folder && file.size > 0) this.addPlace(file);
    for (const stream of file.streams) if (stream.size > 0) this.addPlace(file, stream);
  }

  addVisit(visit: Visit): void {
    const identity = identityOf(visit.file, undefined);
    const known = this.byIdentity.get(identity);
    if (known) known.visits.push(visit);
    else this.byIdentity.set(identity, contentOf(visit.file, undefined, { places: [], visits: [visit] }));
  }

  get contents(): readonly Content[] {
    return [...this.byIdentity.values()];
  }

  private addPlace(file: ImageFile, stream?: NamedStream): void {
    const place = stream === undefined ? { file } : { file, stream: stream.name };
    const identity = identityOf(file, stream);
    const known = this.byIdentity.get(identity);
    if (known) known.places.push(place);
    // An array that is made with its one place is small; one that grows by a place makes room for many, and there are as many as contents.
    else this.byIdentity.set(identity, contentOf(file, stream, { places: [place], visits: [] }));
  }
}

function contentOf(file: ImageFile, stream: NamedStream | undefined, who: Pick<Content, 'places' | 'visits'>): Content {
  const { size } = stream ?? file;
  const request: ContentRequest = stream === undefined ? { file } : { file, stream: stream.name };
  return { request, size, ...who };
}

type NamedStream = ImageFile['streams'][number];

function identityOf(file: ImageFile, stream: NamedStream | undefined): string {
  const { digest, size } = stream ?? file;
  if (digest !== undefined) return `${digest}:${size}`;
  const names = [file.path, ...file.links].map((name) => name.toLowerCase()).sort();
  return `${names[0]}\0${stream?.name ?? ''}\0${size}`;
}
