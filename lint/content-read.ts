// Streams the contents of a plan from the image, once each, and hands what is in them to the rules.
import type { ContentChunk, ContentRequest, Image } from '../image/image.ts';
import { type Delivery, deliverFailure, deliverResult, deliverVisits } from './content-deliver.ts';
import { type Content, HEAD_BYTES } from './content-plan.ts';
import { type ReaderOptions, readByProcesses } from './content-readers.ts';
import type { ContentScanner } from './content-scan.ts';
import type { Contents } from './contents.ts';
import { addedStats, NO_STATS, type ReadingStats } from './reading-stats.ts';

export interface Reading extends Delivery {
  /** One scanner for each content that is open at a time; undefined when nothing is scanned. */
  readonly makeScanner: (() => ContentScanner) | undefined;
  readonly signal?: AbortSignal;
  /** Bytes of content done since the last time. */
  readonly onBytes?: (more: number) => void;
  /** Reader processes, for contents that they can read by themselves; without them all is read here. */
  readonly readers?: ReaderOptions;
}

/** A content of which some bytes have come. */
class OpenContent {
  readonly content: Content;
  readonly scanner: ContentScanner | undefined;
  private kept: Uint8Array | undefined;
  got = 0;

  constructor(content: Content, scanner: ContentScanner | undefined) {
    this.content = content;
    this.scanner = scanner;
    scanner?.begin();
    const whole = content.visits.some((visit) => visit.content === 'whole');
    if (content.visits.length > 0) this.kept = new Uint8Array(whole ? content.size : Math.min(HEAD_BYTES, content.size));
  }

  /** The reason why the chunk does not fit, or undefined. */
  take({ bytes, offset, last }: ContentChunk): string | undefined {
    const { size } = this.content;
    if (offset !== this.got) return `its content came out of order (${this.got} bytes read, the next at ${offset})`;
    if (this.got + bytes.length > size) return `its content is longer than it says (${size} bytes)`;
    this.scanner?.take(bytes, last && offset === 0);
    if (this.kept && this.got < this.kept.length) this.kept.set(bytes.subarray(0, this.kept.length - this.got), this.got);
    this.got += bytes.length;
    return last && this.got !== size ? `its content ended early (${this.got} of ${size} bytes)` : undefined;
  }

  /** The bytes that a visit wants. */
  bytesFor(kind: 'head' | 'whole'): Uint8Array {
    return kind === 'whole' ? this.kept! : this.kept!.subarray(0, HEAD_BYTES);
  }
}

/** Reads every content of the plan. What cannot be read makes the rules that wanted it unable, never quiet. */
export async function readContents(image: Pick<Image, 'stream' | 'stored'>, contents: Contents, reading: Reading): Promise<ReadingStats> {
  const { readers } = reading;
  if (!readers) return readHere(image, contents, reading);
  const { stats, left } = await readByProcesses(image, contents, reading, readers);
  return left.length === 0 ? stats : addedStats(stats, await readHere(image, left, reading));
}

async function readHere(image: Pick<Image, 'stream'>, contents: Contents, reading: Reading): Promise<ReadingStats> {
  const { signal } = reading;
  const waiting = new Map<ContentRequest, Content>();
  let wanted = 0;
  for (const content of contents) {
    waiting.set(content.request, content);
    wanted += content.size;
  }
  const open = new Map<ContentRequest, OpenContent>();
  const idle: ContentScanner[] = [];
  let scanned = 0;

  const close = async (request: ContentRequest, failure: string | undefined): Promise<void> => {
    const entry = open.get(request)!;
    open.delete(request);
    waiting.delete(request);
    await deliver(entry, failure, reading);
    if (failure === undefined) scanned += entry.content.size;
    if (entry.scanner) idle.push(entry.scanner);
  };

  if (waiting.size > 0) {
    for await (const chunk of image.stream([...waiting.keys()], signal)) {
      signal?.throwIfAborted();
      const content = waiting.get(chunk.request);
      if (!content) continue; // A chunk after its end, or of nothing that was asked for.
      let entry = open.get(chunk.request);
      if (!entry) {
        entry = new OpenContent(content, content.places.length > 0 ? (idle.pop() ?? reading.makeScanner?.()) : undefined);
        open.set(chunk.request, entry);
      }
      const failure = chunk.failed ?? entry.take(chunk);
      reading.onBytes?.(chunk.bytes.length);
      if (failure !== undefined || chunk.last) await close(chunk.request, failure);
    }
    signal?.throwIfAborted();
  }
  for (const [request, content] of [...waiting]) {
    if (!open.has(request)) open.set(request, new OpenContent(content, undefined));
    await close(request, 'its content was not read to its end');
  }
  return { ...NO_STATS, blobs: contents.length, bytesScanned: scanned, bytesSkipped: wanted - scanned };
}

async function deliver(entry: OpenContent, failure: string | undefined, reading: Reading): Promise<void> {
  const { content } = entry;
  const result = entry.scanner?.end();
  if (result) await deliverResult(content, result, reading);
  if (failure !== undefined) {
    deliverFailure(content, failure, reading);
    return;
  }
  if (result?.kind !== undefined) reading.onKind?.(content, result.kind);
  await deliverVisits(content.visits, (kind) => entry.bytesFor(kind));
}
