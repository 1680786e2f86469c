// Opens a WIM or a disk that lies in the image (winre.wim, boot.wim, a VHD) with our own readers: every image of it, streams and links included.
import { ImageError } from '../../errors.ts';
import type { ArchiveKind } from '../../formats/content-kind.ts';
import type { Container, ContentChunk, ContentRequest, Image, ImageFile } from '../../image/image.ts';
import { openContainer } from '../../image/open.ts';
import { type Content, ContentPlan, opaqueReason } from '../content-plan.ts';
import { readContents } from '../content-read.ts';
import { visitFile } from '../visit-file.ts';
import type { NestedContext, Source } from './context.ts';
import { SPOOL_MAX } from './limits.ts';
import { withSpool } from './spool.ts';

const ENCRYPTED = 0x4000; // FILE_ATTRIBUTE_ENCRYPTED

/** @returns false when our readers do not know this kind of container; 7-Zip may. */
export async function openImages(context: NestedContext, source: Source): Promise<boolean> {
  let container: Container;
  try {
    container = await openContainer(source.path);
  } catch (error) {
    if (error instanceof ImageError) return false;
    throw error;
  }
  const images: Image[] = [];
  try {
    for (const { info } of container.images) images.push(await container.open(info.index));
    context.stats.opened++;
    await readImages(context, source, images);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    context.opaque(source.places, 'damaged', 'it is damaged');
  } finally {
    for (const image of images) await image.close();
    await container.close();
  }
  return true;
}

async function readImages(context: NestedContext, source: Source, images: readonly Image[]): Promise<void> {
  const plan = new ContentPlan();
  const prefixes = await context.enter(source);
  let hidden = 0;
  for (const image of images) {
    for await (const real of image.walk()) {
      context.signal?.throwIfAborted();
      context.stats.members++;
      if (opaqueReason(real) !== undefined || (real.attributes & ENCRYPTED) !== 0) hidden++;
      for (const prefix of prefixes) {
        const file = new HeldFile(image, real, `${prefix}/${image.info.index}`);
        plan.addScan(file);
        for (const { run, takes } of context.visitors) if (takes(file.path)) void visitFile(run, file, (visit) => plan.addVisit(visit));
      }
    }
  }
  if (hidden > 0) context.opaque(source.places, 'encrypted', `${hidden} files in it are encrypted or stored elsewhere`);

  const kinds = new Map<Content, ArchiveKind>();
  const allowance = context.budget.allowance(source.size);
  let bytes = 0;
  let failed = 0;
  let over = false;
  for (const image of images) {
    const contents: Content[] = [];
    for (const content of plan.contents) {
      if (heldOf(content.request).image !== image) continue;
      bytes += content.size;
      if (bytes > allowance) over = true;
      else contents.push(content);
    }
    const { onBytes: _, ...reading } = context.reading;
    const read = await readContents({ stream: (requests, signal) => streamHeld(image, requests, signal) }, contents, {
      ...reading,
      onKind: (content, kind) => void kinds.set(content, kind),
      onFailed: () => void failed++,
    });
    context.stats.bytes += read.bytesScanned;
    context.budget.spend(read.bytesScanned);
  }
  if (over) context.opaque(source.places, 'too-large', `it holds more than ${allowance} bytes and is ${source.size} bytes itself`);
  if (failed > 0) context.opaque(source.places, 'damaged', `${failed} contents in it cannot be read`);

  for (const [{ request, size, places }, kind] of kinds) {
    const pieces = bytesOf(streamHeld(heldOf(request).image, [request], context.signal));
    await withSpool(pieces, SPOOL_MAX, async (spooled) => {
      if (spooled.cut) context.opaque(places, 'too-large', `it is larger than ${SPOOL_MAX} bytes`);
      else if (spooled.size === size) await context.open({ ...spooled, kind, depth: source.depth + 1, places });
    });
  }
}

/** The bytes of a stream of one content. */
export async function* bytesOf(chunks: AsyncIterable<ContentChunk>): AsyncGenerator<Uint8Array> {
  for await (const { bytes, failed } of chunks) if (failed === undefined) yield bytes;
}

/** A file of a nested image, below the prefix of its container. */
class HeldFile implements ImageFile {
  readonly image: Image;
  readonly real: ImageFile;
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
  readonly attributes: number;
  readonly shortName: string;
  readonly digest: string | undefined;
  readonly descriptor: Uint8Array | undefined;
  readonly reparse: ImageFile['reparse'];
  readonly streams: ImageFile['streams'];
  readonly #prefix: string;

  constructor(image: Image, real: ImageFile, prefix: string) {
    this.image = image;
    this.real = real;
    this.path = prefix + real.path;
    this.folder = real.folder;
    this.size = real.size;
    this.attributes = real.attributes;
    this.shortName = real.shortName;
    this.digest = real.digest;
    this.descriptor = real.descriptor;
    this.reparse = real.reparse;
    this.streams = real.streams;
    this.#prefix = prefix;
  }

  get links(): readonly string[] {
    return this.real.links.map((path) => this.#prefix + path);
  }

  read(stream?: string): Promise<Uint8Array> {
    return this.real.read(stream);
  }
}

function heldOf({ file }: ContentRequest): HeldFile {
  return file as HeldFile;
}

async function* streamHeld(image: Image, requests: readonly ContentRequest[], signal?: AbortSignal): AsyncGenerator<ContentChunk> {
  const outer = new Map<ContentRequest, ContentRequest>();
  for (const request of requests) {
    const { real } = heldOf(request);
    outer.set(request.stream === undefined ? { file: real } : { file: real, stream: request.stream }, request);
  }
  for await (const chunk of image.stream([...outer.keys()], signal)) yield { ...chunk, request: outer.get(chunk.request)! };
}
