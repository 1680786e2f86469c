// The work of a reader process: reads contents in the order in which they are stored, proves their SHA-1, scans them and says what it found.
import { createHash, hash } from 'node:crypto';
import { BlobFailure, type BlobSource, type SourceBlob, SourceEnded } from '../image/containers/blob-source.ts';
import type { StoredBytes } from '../image/containers/stored-bytes.ts';
import { type CacheEntries, type CleanEntry, encodeEntry } from './cache-entries.ts';
import { HEAD_BYTES } from './content-plan.ts';
import { ContentScanner, type ScanResult, type ScanWishes } from './content-scan.ts';
import type { Answer, ContentPart, ListedWanted, ReaderSetup } from './reader-job.ts';
import { SLAB_CONTENT_MAX, Slab } from './slab.ts';
import { storedDigest } from './stored-digest.ts';

/** Bytes looked at in one go where they are only compared or digested. */
const STEP = 1024 * 1024;
/** wimlib-imagex ends at a content that is damaged and is started again behind it; an image with more of those is not worth the time. */
const STARTS_MAX = 16;

/** Steps without much content after which a sign of life is given. */
const PROGRESS_STEPS = 512;
const WRONG_DIGEST = 'its content is not what the file claims (its SHA-1 does not match)';

export interface ReaderParts {
  readonly setup: Pick<ReaderSetup, 'store' | 'cache'>;
  readonly wishes: ScanWishes;
  readonly source: BlobSource;
  /** True when `source` has to be told which contents come. */
  readonly lists: boolean;
  readonly stored: StoredBytes;
  readonly known: CacheEntries;
  readonly answer: (answer: Answer, body?: Uint8Array) => void;
}

interface Decision {
  readonly scan: boolean;
  readonly visit: ContentPart | undefined;
  /** Digest of the stored bytes, for the cache. */
  readonly digest: string | undefined;
  /** What the cache knows. */
  readonly known: CleanEntry | undefined;
}

/** A content in the slab or under the scanner. */
interface Read {
  readonly wanted: ListedWanted;
  readonly decision: Decision;
  readonly failure: string | undefined;
}

export class Reader {
  private readonly parts: ReaderParts;
  private readonly scanner: ContentScanner;
  private readonly slab: Slab<Read>;
  private cached: number[] = [];
  private learnt: Buffer[] = [];
  private kinds: Record<string, number[]> = {};
  private bytes = 0;
  private steps = 0;
  /** Of `slowMs` of the signatures, what was told. */
  private toldMs = 0;

  constructor(parts: ReaderParts) {
    this.parts = parts;
    this.scanner = new ContentScanner(parts.wishes);
    this.slab = new Slab(parts.wishes, this.scanner);
  }

  /** Answers for every content of the job, and says at the end that it did. */
  async work(job: readonly ListedWanted[]): Promise<void> {
    const { source, lists, answer } = this.parts;
    [this.cached, this.learnt, this.kinds] = [[], [], {}];
    // A source that reads by itself gets what is left when all decisions are made; one that reads for us gives bytes while they are at hand.
    const decided = new Map(lists ? job.map((wanted) => [wanted, this.decide(wanted)] as const) : []);
    const waiting = lists ? job.filter((wanted) => isRead(decided.get(wanted)!)) : job;
    await this.begin(waiting);
    let starts = 0;
    let retried: ListedWanted | undefined;
    for (let at = 0; at < waiting.length; at++) {
      const wanted = waiting[at]!;
      const ended = this.readOne(wanted, decided.get(wanted));
      if (!ended) continue;
      const reason = (await source.end()) ?? ended.message;
      if (++starts > STARTS_MAX) {
        for (const { id } of waiting.slice(at)) answer({ type: 'failed', id, reason });
        break;
      }
      // One of which nothing came may be fine, and the one before it the cause; but not twice.
      if (ended.begun || wanted === retried) answer({ type: 'failed', id: wanted.id, reason });
      else at--;
      retried = wanted;
      await this.begin(waiting.slice(at + 1));
    }
    const failure = await source.end();
    this.flush();
    const last = waiting.at(-1);
    if (failure !== undefined && last) answer({ type: 'failed', id: last.id, reason: failure });
    const slowMs = Math.round(this.parts.wishes.signatures?.slowMs() ?? 0);
    answer(
      { type: 'done', contents: job.length, cached: this.cached, kinds: this.kinds, slowMs: slowMs - this.toldMs },
      Buffer.concat(this.learnt),
    );
    this.toldMs = slowMs;
  }

  /** What ended the source, when it must be begun anew. */
  private readOne(wanted: ListedWanted, decided: Decision | undefined): SourceEnded | undefined {
    const decision = decided ?? this.decide(wanted);
    if (!isRead(decision)) {
      this.progress(wanted.uncompressedSize);
      return undefined;
    }
    try {
      if (wanted.uncompressedSize <= SLAB_CONTENT_MAX) this.readSmall(wanted, decision);
      else this.readLarge(wanted, decision);
      return undefined;
    } catch (error) {
      if (!(error instanceof BlobFailure)) throw error;
      if (error instanceof SourceEnded) return error;
      this.parts.answer({ type: 'failed', id: wanted.id, reason: error.message });
      return undefined;
    }
  }

  private async begin(waiting: readonly ListedWanted[]): Promise<void> {
    await this.parts.source.begin(waiting.map(sourceBlob));
  }

  /** What must be done with the content, by its stored bytes alone. */
  private decide(wanted: ListedWanted): Decision {
    const { id, scan, visit, visitKey } = wanted;
    const open = { scan, visit, digest: undefined, known: undefined };
    if (!scan) return open;
    if (!this.parts.setup.cache) return open;
    const digest = this.storedDigest(wanted);
    const known = digest === undefined ? undefined : this.parts.known.get(digest);
    if (known === undefined) return { ...open, digest };
    this.cached.push(id);
    this.holdsFiles(id, known.kind?.id);
    const isVisited = visitKey === '' || known.visits !== visitKey;
    return { ...open, scan: false, visit: isVisited ? visit : undefined, digest, known };
  }

  private storedDigest(wanted: ListedWanted): string | undefined {
    const { stored, setup } = this.parts;
    const at = (offset: number, size: number) => {
      if (offset > 0) this.progress(0);
      return stored.at(wanted.offset + offset, size);
    };
    try {
      return storedDigest(setup.store, wanted, at, STEP);
    } catch (error) {
      if (error instanceof BlobFailure) return undefined;
      throw error;
    }
  }

  private readSmall(wanted: ListedWanted, decision: Decision): void {
    const { uncompressedSize } = wanted;
    if (!this.slab.room(uncompressedSize)) this.flush();
    const room = this.slab.room(uncompressedSize)!;
    this.parts.source.read(sourceBlob(wanted), room);
    const failure = hash('sha1', room) === wanted.digest ? undefined : WRONG_DIGEST;
    if (decision.scan) this.slab.add({ wanted, decision, failure }, uncompressedSize);
    else this.settle({ wanted, decision, failure }, room);
    this.progress(uncompressedSize);
  }

  private readLarge(wanted: ListedWanted, decision: Decision): void {
    const { uncompressedSize } = wanted;
    const { visit } = decision;
    const kept = Buffer.allocUnsafe(visit === 'whole' ? uncompressedSize : Math.min(HEAD_BYTES, uncompressedSize));
    const sha1 = createHash('sha1');
    let done = 0;
    if (decision.scan) this.scanner.begin();
    const room = decision.scan ? (size: number) => this.scanner.room(size) : undefined;
    try {
      for (const piece of this.parts.source.pieces(sourceBlob(wanted), room)) {
        sha1.update(piece);
        if (decision.scan) this.scanner.take(piece, false);
        if (done < kept.length) kept.set(piece.subarray(0, kept.length - done), done);
        done += piece.length;
        this.progress(piece.length);
      }
    } catch (error) {
      // What was found before the failure is still true.
      if (decision.scan) this.found(wanted.id, this.scanner.end());
      throw error;
    }
    const failure = sha1.digest('hex') === wanted.digest ? undefined : WRONG_DIGEST;
    this.settle({ wanted, decision, failure }, kept, decision.scan ? this.scanner.end() : undefined);
  }

  private flush(): void {
    this.slab.scan((read, result, bytes) => this.settle(read, bytes, result));
  }

  private settle({ wanted: { id }, decision, failure }: Read, bytes: Uint8Array, result?: ScanResult): void {
    const { answer } = this.parts;
    const { visit, digest, known } = decision;
    if (result) this.found(id, result);
    if (failure !== undefined) {
      answer({ type: 'failed', id, reason: failure });
      return;
    }
    this.holdsFiles(id, result?.kind?.id);
    // Only what holds nothing is remembered: what was found may be secret, and rare it is in any case.
    const isClean = digest !== undefined && (known !== undefined || (result !== undefined && !holdsSomething(result)));
    const kind = (known ?? result)?.kind?.id ?? '';
    if (visit !== undefined) {
      const clean = isClean
        ? { clean: { digest: Buffer.from(digest, 'latin1').toString('base64'), kind, fresh: known === undefined } }
        : {};
      answer({ type: 'content', id, ...clean }, visit === 'whole' ? bytes : bytes.subarray(0, HEAD_BYTES));
      return;
    }
    const entry = isClean ? encodeEntry(digest, kind) : undefined;
    if (entry) this.learnt.push(entry);
  }

  private found(id: number, result: ScanResult): void {
    const { hits, keys, flooded } = result;
    if (holdsSomething(result)) this.parts.answer({ type: 'found', id, hits, keys, flooded });
  }

  private holdsFiles(id: number, kind: string | undefined): void {
    if (kind === undefined) return;
    this.kinds[kind] ??= [];
    this.kinds[kind].push(id);
  }

  private progress(bytes: number): void {
    this.bytes += bytes;
    if (++this.steps % PROGRESS_STEPS !== 0 && this.bytes < STEP) return;
    this.parts.answer({ type: 'progress', bytes: this.bytes });
    this.bytes = 0;
  }
}

function isRead({ scan, visit }: Decision): boolean {
  return scan || visit !== undefined;
}

function holdsSomething({ hits, keys, flooded }: ScanResult): boolean {
  return hits.length > 0 || keys.length > 0 || flooded;
}

function sourceBlob({ offset, size, uncompressedSize, flags, listed }: ListedWanted): SourceBlob {
  return { resource: { offset, size, uncompressedSize, flags }, listed };
}
