// Streams the contents of a plan from the image, once each, and hands what is in them to the rules.
import type { ArchiveKind } from '../formats/content-kind.ts';
import type { ContentChunk, ContentRequest, Image } from '../image/image.ts';
import { type Content, HEAD_BYTES, type Place } from './content-plan.ts';
import type { ContentScanner, ScanResult } from './content-scan.ts';
import type { RuleRun } from './rule-run.ts';

export interface ReadingStats {
  readonly blobs: number;
  readonly bytesScanned: number;
  /** Bytes that some rule wanted and could not be read. */
  readonly bytesSkipped: number;
}

export interface Reading {
  readonly runs: readonly RuleRun[];
  /** One scanner for each content that is open at a time; undefined when nothing is scanned. */
  readonly makeScanner: (() => ContentScanner) | undefined;
  readonly signal?: AbortSignal;
  /** What of the hits lies at a place of its own inside the content; all of them at the content's own place unless given. */
  readonly split?: (place: Place, result: ScanResult) => Promise<readonly { readonly place: Place; readonly result: ScanResult }[]>;
  readonly onBytes?: (done: number) => void;
  /** Called once for each scanned content that was read to its end and is a container of other files. */
  readonly onKind?: (content: Content, kind: ArchiveKind) => void;
  /** Called for a content that could not be read, in place of telling all rules that wanted it. */
  readonly onFailed?: (content: Content, failure: string) => void;
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
export async function readContents(image: Pick<Image, 'stream'>, contents: readonly Content[], reading: Reading): Promise<ReadingStats> {
  const { signal } = reading;
  const waiting = new Map<ContentRequest, Content>(contents.map((content) => [content.request, content]));
  const open = new Map<ContentRequest, OpenContent>();
  const idle: ContentScanner[] = [];
  let [scanned, done] = [0, 0];

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
      done += chunk.bytes.length;
      reading.onBytes?.(done);
      if (failure !== undefined || chunk.last) await close(chunk.request, failure);
    }
    signal?.throwIfAborted();
  }
  for (const [request, content] of [...waiting]) {
    if (!open.has(request)) open.set(request, new OpenContent(content, undefined));
    await close(request, 'its content was not read to its end');
  }
  const wanted = contents.reduce((sum, { size }) => sum + size, 0);
  return { blobs: contents.length, bytesScanned: scanned, bytesSkipped: wanted - scanned };
}

async function deliver(entry: OpenContent, failure: string | undefined, { runs, onKind, onFailed, split }: Reading): Promise<void> {
  const { content } = entry;
  const result = entry.scanner?.end();
  // What was found before the failure is still true.
  if (result) {
    for (const place of content.places) {
      const parts = split ? await split(place, result) : [{ place, result }];
      for (const part of parts) await deliverHits(part.place, part.result, runs);
    }
  }
  if (failure === undefined) {
    if (result?.kind !== undefined) onKind?.(content, result.kind);
    for (const { run, file, content: kind } of content.visits) await run.call((visitor) => visitor.file!(file, entry.bytesFor(kind)));
    return;
  }
  if (onFailed) return onFailed(content, failure);
  for (const { run, file } of content.visits) run.unable(`${file.path}: ${failure}`);
  const [place] = content.places;
  if (place) for (const run of runs.filter(isScanning)) run.unable(`${placeText(place)}: ${failure}`);
}

async function deliverHits(place: Place, { hits, keys, flooded }: ScanResult, runs: readonly RuleRun[]): Promise<void> {
  for (const { signature, rule, meta, strings } of hits) {
    for (const run of runs) {
      if (!run.rule.select.signatures?.includes(signature) || !run.wants('match')) continue;
      await run.call((visitor) =>
        visitor.match!({ ...place, signature, rule, meta, strings: strings.map(({ id, offset }) => ({ id, offset })) }),
      );
    }
  }
  for (const run of runs.filter((one) => one.rule.select.text !== undefined && one.wants('text'))) {
    if (flooded) run.unable(`${placeText(place)}: holds more key-like texts than are looked at`);
    for (const key of keys) await run.call((visitor) => visitor.text!({ ...place, ...key }));
  }
}

/** What is an archive shows only in its content, too. */
export function isScanning(run: RuleRun): boolean {
  const { select } = run.rule;
  return run.active && (select.text !== undefined || (select.signatures?.length ?? 0) > 0 || run.wants('opaque'));
}

function placeText({ file, stream }: Place): string {
  return stream === undefined ? file.path : `${file.path}:${stream}`;
}
