// The contents of one file, read by reader processes: hands out jobs, takes answers, and never lets one content go without an answer.
import { kindOf } from '../formats/content-kind.ts';
import type { Frame } from '../formats/frame.ts';
import type { ContentStore, StoredContent } from '../image/stored-content.ts';
import { type NodeProcess, startNode } from '../tools/node-process.ts';
import { type Delivery, deliverResult, deliverVisits } from './content-deliver.ts';
import { type Content, HEAD_BYTES } from './content-plan.ts';
import { type Answer, answerOf, encodeWanted, type ReaderSetup, type Wanted } from './reader-job.ts';
import type { ReadingStats } from './reading-stats.ts';

/** Cost of a job: small enough that readers end at the same time, large enough that asking for the next does not count. */
const JOB_COST = 32e6;
/** Jobs that a reader has at a time: it must not wait for the next. */
const JOBS_AHEAD = 2;

export interface Work {
  readonly id: number;
  readonly content: Content;
  readonly stored: StoredContent;
  /** The content of the base with which its stored bytes are compared. */
  readonly base: StoredContent | undefined;
}

export interface StoreRunOptions {
  readonly setup: Pick<ReaderSetup, 'signatures' | 'keys'>;
  readonly cache?: VerdictMemory;
  readonly onSame?: (content: Content) => void;
  readonly count: number;
  readonly source: ReaderSetup['source'];
  readonly script: URL;
  readonly patience: number;
}

/** What is known of stored bytes, as entries of lint/cache-entries.ts. */
export interface VerdictMemory {
  readonly known: Uint8Array;
  learn(entries: Uint8Array): void;
}

export type ProcessReading = Delivery & { readonly signal?: AbortSignal; readonly onBytes?: (more: number) => void };

export interface StoreResult {
  readonly stats: Omit<ReadingStats, 'blobs' | 'bytesSkipped'>;
  readonly failures: ReadonlyMap<Content, string>;
  /** Contents that no reader took. */
  readonly left: readonly Content[];
}

/** One reader and what it has to do. */
interface Reading {
  readonly link: NodeProcess;
  readonly jobs: (readonly Work[])[];
  readonly mine: Map<number, Work>;
}

export class StoreRun {
  private readonly store: ContentStore;
  private readonly base: ContentStore | undefined;
  private readonly work: readonly Work[];
  private readonly reading: ProcessReading;
  private readonly options: StoreRunOptions;
  private readonly failures = new Map<Content, string>();
  private readonly stats = { bytesScanned: 0, ofBase: { blobs: 0, bytes: 0 }, cached: { blobs: 0, bytes: 0 }, slowMs: 0 };
  private left: readonly Work[] = [];
  private queue: (readonly Work[])[] | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(store: ContentStore, work: readonly Work[], reading: ProcessReading, options: StoreRunOptions) {
    this.store = store;
    this.base = work.find(({ base }) => base)?.base?.store;
    this.work = work;
    this.reading = reading;
    this.options = options;
  }

  /** @throws the signal's reason when aborted. */
  async read(): Promise<StoreResult> {
    const { signal } = this.reading;
    const { script, patience, count } = this.options;
    signal?.throwIfAborted();
    const files = this.base ? [this.store.fd, this.base.fd] : [this.store.fd];
    const readings = Array.from({ length: count }, () => ({ link: startNode(script, { files, patience }), jobs: [], mine: new Map() }));
    const stop = () => {
      for (const { link } of readings) link.stop();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await Promise.all(readings.map((reading) => this.serve(reading)));
    } finally {
      stop();
      signal?.removeEventListener('abort', stop);
    }
    signal?.throwIfAborted();
    // What no reader took before the last one ended can still be read in the slower way.
    const left = [...this.left, ...(this.queue ?? [this.work]).flat()].map(({ content }) => content);
    return { stats: this.stats, failures: this.failures, left };
  }

  private async serve(reading: Reading): Promise<void> {
    const { link } = reading;
    const { path, index, compression, chunkSize } = this.store;
    const { setup, cache, source } = this.options;
    const first: ReaderSetup = {
      ...setup,
      store: { path, index, compression, chunkSize },
      cache: cache !== undefined,
      base: this.base !== undefined,
      source,
    };
    try {
      link.send(first, cache?.known);
      // One at a time: a rule is never called for two contents at once.
      for await (const frame of link.messages()) await this.inTurn(() => this.take(reading, frame));
      if (reading.jobs.length > 0) throw new Error('ended before its work was done');
    } catch (error) {
      link.stop();
      const reason = `the process that read it ${error instanceof Error ? error.message : String(error)}`;
      for (const { content } of reading.jobs.flat()) this.fail(content, reason);
    }
  }

  private inTurn(use: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(use);
    this.turn = mine.catch(() => {});
    return mine;
  }

  private async take(reading: Reading, { head, body }: Frame): Promise<void> {
    const answer = answerOf(head);
    if (answer.type === 'ready') {
      this.queue ??= this.jobsFor(answer.source);
      this.feed(reading);
    } else if (answer.type === 'progress') this.reading.onBytes?.(answer.bytes);
    else if (answer.type === 'done') this.close(reading, answer, body);
    else {
      const work = reading.mine.get(answer.id);
      if (!work) throw new Error('answered for a content that it was not asked for');
      const { content } = work;
      if (answer.type === 'failed') this.fail(content, answer.reason);
      else if (answer.type === 'content') await this.visit(content, wantedOf(work), body);
      else {
        const kind = answer.kind === undefined ? undefined : kindOf(answer.kind);
        await deliverResult(content, { ...answer, kind }, this.reading);
        if (kind) this.reading.onKind?.(content, kind);
      }
    }
  }

  private async visit(content: Content, { visit, uncompressedSize }: Wanted, body: Uint8Array): Promise<void> {
    const size = visit === 'whole' ? uncompressedSize : Math.min(HEAD_BYTES, uncompressedSize);
    if (visit === undefined || body.length !== size) throw new Error('gave a content that is not as long as it was asked for');
    await deliverVisits(content, (kind) => (kind === 'whole' ? body : body.subarray(0, HEAD_BYTES)));
  }

  private close(reading: Reading, { contents, same, cached, slowMs }: Answer & { type: 'done' }, body: Uint8Array): void {
    const [job] = reading.jobs;
    if (job?.length !== contents) throw new Error('did another job than it was given');
    reading.jobs.shift();
    this.stats.slowMs += slowMs;
    const [ofBase, ofCache] = [new Set(same), new Set(cached)];
    for (const { content, id } of job) {
      reading.mine.delete(id);
      if (this.failures.has(content)) continue;
      if (ofBase.has(id)) {
        count(this.stats.ofBase, content);
        this.options.onSame?.(content);
      } else if (ofCache.has(id)) {
        count(this.stats.cached, content);
      } else this.stats.bytesScanned += content.size;
    }
    this.options.cache?.learn(body);
    this.feed(reading);
  }

  private feed(reading: Reading): void {
    while (reading.jobs.length < JOBS_AHEAD) {
      const job = this.queue!.shift();
      if (!job) break;
      reading.jobs.push(job);
      for (const work of job) reading.mine.set(work.id, work);
      const wanted = job.map(wantedOf);
      const listed = this.lists ? wanted.map((one) => one.listed) : [];
      reading.link.send({ listed }, encodeWanted(wanted));
    }
    if (reading.jobs.length === 0) reading.link.finish();
  }

  private lists = false;

  /** Stretches of the file of about equal cost; one for each reader where each takes a start of wimlib-imagex. */
  private jobsFor(source: 'libwim' | 'wimlib-imagex'): (readonly Work[])[] {
    this.lists = source === 'wimlib-imagex';
    const able = this.lists ? this.work.filter(({ stored }) => stored.listed !== undefined) : this.work;
    if (this.lists) this.left = this.work.filter(({ stored }) => stored.listed === undefined);
    const ordered = [...able].sort((a, b) => a.stored.resource.offset - b.stored.resource.offset);
    const total = ordered.reduce((sum, { stored }) => sum + costOf(stored.resource), 0);
    const most = this.lists ? total / this.options.count : JOB_COST;
    const jobs: Work[][] = [];
    let cost = Number.POSITIVE_INFINITY;
    for (const work of ordered) {
      if (cost >= most) {
        jobs.push([]);
        cost = 0;
      }
      jobs.at(-1)!.push(work);
      cost += costOf(work.stored.resource);
    }
    return jobs;
  }

  private fail(content: Content, reason: string): void {
    if (!this.failures.has(content)) this.failures.set(content, reason);
  }
}

/** Made when it is sent: there are as many as contents. */
function wantedOf({ id, content, stored, base }: Work): Wanted {
  const { resource, digest, listed = '' } = stored;
  const scan = content.places.length > 0;
  return { ...resource, id, digest, scan, visit: visitOf(content), baseOffset: base?.resource.offset, listed };
}

function visitOf({ visits }: Content): Wanted['visit'] {
  if (visits.length === 0) return undefined;
  return visits.some((visit) => visit.content === 'whole') ? 'whole' : 'head';
}

function count(contents: { blobs: number; bytes: number }, { size }: Content): void {
  contents.blobs++;
  contents.bytes += size;
}

/** In bytes of content, roughly: decoding costs by what is stored, and each content by itself. */
function costOf({ size, uncompressedSize }: StoredContent['resource']): number {
  return uncompressedSize + 2 * size + 4000;
}
