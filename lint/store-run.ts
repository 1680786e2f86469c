// The contents of one file, read by reader processes: hands out jobs, takes answers, and never lets one content go without an answer.
import { kindOf } from '../formats/content-kind.ts';
import type { Frame } from '../formats/frame.ts';
import { GarbageLimit } from '../tools/garbage.ts';
import type { NodeProcess } from '../tools/node-process.ts';
import { encodeEntry } from './cache-entries.ts';
import { type Delivery, deliverResult, deliverVisits } from './content-deliver.ts';
import { type Content, HEAD_BYTES, type Visit } from './content-plan.ts';
import { type Answer, answerOf, type Clean, type ContentPart } from './reader-job.ts';
import { countContent, type ReadingStats } from './reading-stats.ts';
import type { Rule } from './rule.ts';
import { type Readers, type StartOptions, startReaders } from './start-readers.ts';
import { visitKey } from './visit-key.ts';
import type { WorkTable } from './work-table.ts';

/** Cost of a job: small enough that readers end at the same time, large enough that asking for the next does not count. */
const JOB_COST = 32e6;
/** Jobs that a reader has at a time: it must not wait for the next. */
const JOBS_AHEAD = 2;
/** Bytes of texts and answers that are done with and not collected yet. */
const GARBAGE_MAX = 2 * 1024 * 1024;
/** What an answer takes beside the bytes that come with it, roughly. */
const ANSWER_BYTES = 1000;

export interface StoreRunOptions extends Omit<StartOptions, 'known'> {
  readonly cache?: VerdictMemory;
  /** Readers of the very file that wait already; they are ended with the run. */
  readonly started?: Readers;
}

/** What is known of stored bytes, as entries of lint/cache-entries.ts. */
export interface VerdictMemory {
  readonly known: Uint8Array;
  /** What rules go by beside content and path, as a digest. */
  readonly basis: string;
  /** True for a rule whose code the version of the program says. */
  isShipped(rule: Rule): boolean;
  learn(entries: Uint8Array): void;
}

export type ProcessReading = Delivery & { readonly signal?: AbortSignal; readonly onBytes?: (more: number) => void };

export interface StoreResult {
  readonly stats: Omit<ReadingStats, 'blobs' | 'bytesSkipped' | 'ofBase'>;
  /** By row. */
  readonly failures: ReadonlyMap<number, string>;
  /** Contents that no reader took. */
  readonly left: readonly Content[];
}

/** One reader and what it has to do. */
interface Reading {
  readonly link: NodeProcess;
  readonly jobs: Uint32Array[];
  /** Rows of the jobs. */
  readonly mine: Set<number>;
}

export class StoreRun {
  private readonly work: WorkTable;
  private readonly reading: ProcessReading;
  private readonly options: StoreRunOptions;
  private readonly failures = new Map<number, string>();
  private readonly stats = { bytesScanned: 0, cached: { blobs: 0, bytes: 0 }, slowMs: 0 };
  /** Rows that no reader can take. */
  private left: readonly number[] = [];
  private queue: Uint32Array[] | undefined;
  private turn: Promise<void> = Promise.resolve();
  private readonly garbage = new GarbageLimit(GARBAGE_MAX);
  /** Of readers. */
  private count = 1;

  constructor(work: WorkTable, reading: ProcessReading, options: StoreRunOptions) {
    this.work = work;
    this.reading = reading;
    this.options = options;
  }

  /** @throws the signal's reason when aborted. */
  async read(): Promise<StoreResult> {
    const { signal } = this.reading;
    signal?.throwIfAborted();
    const { store } = this.work;
    const { cache, started, ...options } = this.options;
    const readers = started ?? startReaders(store, { ...options, known: cache?.known });
    this.count = readers.links.length;
    const readings = readers.links.map((link) => ({ link, jobs: [], mine: new Set<number>() }));
    const stop = () => readers.stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await Promise.all(readings.map((reading) => this.serve(reading)));
    } finally {
      stop();
      signal?.removeEventListener('abort', stop);
    }
    signal?.throwIfAborted();
    // What no reader took before the last one ended can still be read in the slower way.
    const left = [...this.left, ...(this.queue ?? [this.work.chosen(false)]).flatMap((rows) => [...rows])];
    return { stats: this.stats, failures: this.failures, left: left.map((row) => this.work.contentOf(row)) };
  }

  private async serve(reading: Reading): Promise<void> {
    const { link } = reading;
    try {
      // One at a time: a rule is never called for two contents at once.
      for await (const frame of link.messages()) {
        await this.inTurn(() => this.take(reading, frame));
        this.garbage.after(ANSWER_BYTES + frame.body.length);
      }
      if (reading.jobs.length > 0) throw new Error('ended before its work was done');
    } catch (error) {
      link.stop();
      const reason = `the process that read it ${error instanceof Error ? error.message : String(error)}`;
      for (const row of reading.mine) this.fail(row, reason);
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
      if (!reading.mine.has(answer.id)) throw new Error('answered for a content that it was not asked for');
      if (answer.type === 'failed') return this.fail(answer.id, answer.reason);
      const content = this.work.contentOf(answer.id);
      if (answer.type === 'content') await this.visit(content, answer, body);
      else await deliverResult(content, { ...answer, kind: undefined }, this.reading);
    }
  }

  private async visit(content: Content, { clean }: Answer & { type: 'content' }, body: Uint8Array): Promise<void> {
    const part = partOf(content.visits);
    const size = part === 'whole' ? content.size : Math.min(HEAD_BYTES, content.size);
    if (part === undefined || body.length !== size) throw new Error('gave a content that is not as long as it was asked for');
    const nothing = await deliverVisits(content.visits, (kind) => (kind === 'whole' ? body : body.subarray(0, HEAD_BYTES)));
    if (clean) this.learn(content, clean, nothing);
  }

  private learn({ visits }: Content, { digest, kind, fresh }: Clean, nothing: boolean): void {
    const { cache } = this.options;
    const key = cache && nothing ? visitKey(cache.basis, visits, (rule) => cache.isShipped(rule)) : '';
    const entry = fresh || key !== '' ? encodeEntry(Buffer.from(digest, 'base64').toString('latin1'), kind, key) : undefined;
    if (entry) cache?.learn(entry);
  }

  private close(reading: Reading, { contents, cached, kinds, slowMs }: Answer & { type: 'done' }, body: Uint8Array): void {
    const [job] = reading.jobs;
    if (job?.length !== contents) throw new Error('did another job than it was given');
    for (const [kind, rows] of Object.entries(kinds))
      for (const row of rows) {
        if (!reading.mine.has(row)) throw new Error('answered for a content that it was not asked for');
        this.reading.onKind?.(this.work.contentOf(row), kindOf(kind)!);
      }
    reading.jobs.shift();
    this.stats.slowMs += slowMs;
    const ofCache = new Set(cached);
    for (const row of job) {
      reading.mine.delete(row);
      if (this.failures.has(row)) continue;
      const content = this.work.contentOf(row);
      if (ofCache.has(row)) countContent(this.stats.cached, content);
      else if (content.places.length > 0) this.stats.bytesScanned += content.size;
      this.work.release(row);
    }
    if (body.length > 0) this.options.cache?.learn(body);
    this.feed(reading);
  }

  private feed(reading: Reading): void {
    while (reading.jobs.length < JOBS_AHEAD) {
      const job = this.queue!.shift();
      if (!job) break;
      reading.jobs.push(job);
      for (const row of job) reading.mine.add(row);
      reading.link.send({ listed: this.lists ? this.work.listed(job) : [] }, this.work.encoded(job));
    }
    if (reading.jobs.length === 0) reading.link.finish();
  }

  private lists = false;

  /** Stretches of the file of about equal cost; one for each reader where each takes a start of wimlib-imagex. */
  private jobsFor(source: 'libwim' | 'wimlib-imagex'): Uint32Array[] {
    this.lists = source === 'wimlib-imagex';
    const able = this.work.chosen(this.lists);
    if (able.length < this.work.length) {
      const taken = new Set(able);
      this.left = [...this.work.chosen(false)].filter((row) => !taken.has(row));
    }
    return [...this.work.stretches(able, (total) => (this.lists ? total / this.count : JOB_COST))];
  }

  private fail(row: number, reason: string): void {
    if (!this.failures.has(row)) this.failures.set(row, reason);
  }
}

/** How much of the content the visits wait for. */
export function partOf(visits: readonly Visit[]): ContentPart | undefined {
  if (visits.length === 0) return undefined;
  return visits.some(({ content }) => content === 'whole') ? 'whole' : 'head';
}
