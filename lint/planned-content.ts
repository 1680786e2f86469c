// A content of a plan in little room: of its files the numbers, where they have some, and of its visits what they have in common with others.
import type { Image, ImageFile } from '../image/image.ts';
import type { Content, Place, Visit } from './content-plan.ts';
import type { RuleRun } from './rule-run.ts';

type Numbered = Pick<Image, 'numbered'>;
/** A file by its number. */
type FileRef = ImageFile | number;
type Ask = Pick<Visit, 'run' | 'content'>;

/** Which rules wait, in their order: one object for all files for which the same ones do, since the globs of many rules are the same. */
export class Asks {
  readonly all: readonly Ask[];
  private readonly longer = new Map<RuleRun, Asks>();

  constructor(all: readonly Ask[] = []) {
    this.all = all;
  }

  /** What the last one wants. */
  private get content(): Ask['content'] | undefined {
    return this.all.at(-1)?.content;
  }

  /** The same asks, and one more. */
  and({ run, content }: Ask): Asks {
    const known = this.longer.get(run);
    if (known?.content === content) return known;
    const longer = new Asks([...this.all, { run, content }]);
    this.longer.set(run, longer);
    return longer;
  }
}

interface Waiting {
  readonly file: FileRef;
  asks: Asks;
}

export interface PlanFacts {
  readonly image: Numbered;
  /** That of nobody, with which all others begin. */
  readonly asks: Asks;
}

const NOWHERE: readonly (number | Place)[] = Object.freeze([]);
const NOBODY: readonly Waiting[] = Object.freeze([]);
const NO_VISITS: readonly Visit[] = Object.freeze([]);

/** It is its own request, and its own place where it is scanned. */
export class PlannedContent implements Content, Place {
  readonly size: number;
  private readonly facts: PlanFacts;
  private readonly own: FileRef;
  private isScanned = false;
  private others = NOWHERE;
  private waiting = NOBODY;

  constructor(facts: PlanFacts, file: ImageFile, size: number) {
    this.facts = facts;
    this.own = refOf(file, facts.image);
    this.size = size;
  }

  /** Made anew each time where it is known by its number. */
  get file(): ImageFile {
    return fileOf(this.own, this.facts.image);
  }

  get stream(): string | undefined {
    return undefined;
  }

  get request(): Place {
    return this;
  }

  get places(): readonly Place[] {
    const others = this.others.map((place) => (typeof place === 'number' ? { file: fileOf(place, this.facts.image) } : place));
    return this.isScanned ? [this, ...others] : others;
  }

  get visits(): readonly Visit[] {
    const { waiting, facts } = this;
    if (waiting.length === 0) return NO_VISITS;
    return waiting.flatMap(({ file, asks }) => {
      const own = fileOf(file, facts.image);
      return asks.all.map(({ run, content }) => ({ run, file: own, content }));
    });
  }

  addPlace(file: ImageFile, stream: string | undefined): void {
    const ref = refOf(file, this.facts.image);
    if (ref === this.own && stream === this.stream) this.isScanned = true;
    else this.others = withMore(this.others, typeof ref === 'number' && stream === undefined ? ref : placeOf(file, stream));
  }

  addVisit({ run, file, content }: Visit): void {
    const ref = refOf(file, this.facts.image);
    let last = this.waiting.at(-1);
    if (last?.file !== ref) {
      last = { file: ref, asks: this.facts.asks };
      this.waiting = withMore(this.waiting, last);
    }
    last.asks = last.asks.and({ run, content });
  }
}

/** Few have a name, which takes room. */
export class PlannedStream extends PlannedContent {
  private readonly name: string;

  constructor(facts: PlanFacts, file: ImageFile, stream: string, size: number) {
    super(facts, file, size);
    this.name = stream;
  }

  override get stream(): string {
    return this.name;
  }
}

/** No more than the place: a content of a plan may stand for one. */
export function placeOf(file: ImageFile, stream: string | undefined): Place {
  return stream === undefined ? { file } : { file, stream };
}

function refOf(file: ImageFile, image: Numbered): FileRef {
  return image.numbered ? (file.number ?? file) : file;
}

function fileOf(ref: FileRef, image: Numbered): ImageFile {
  return typeof ref === 'number' ? image.numbered!(ref) : ref;
}

/** Lists that are made to grow keep room for more; nearly all of these stay short. */
function withMore<T>(list: readonly T[], one: T): readonly T[] {
  if (list.length < SHORT) return [...list, one];
  (list as T[]).push(one);
  return list;
}

const SHORT = 8;
