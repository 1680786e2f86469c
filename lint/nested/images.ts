// Opens a WIM or a disk that lies in the image with our own readers: every image and partition, streams, links, and what no file of it names.
import { ImageError } from '../../errors.ts';
import type { ArchiveKind } from '../../formats/content-kind.ts';
import type { Container, ContentChunk, ContentRequest, Image, ImageFile } from '../../image/image.ts';
import { openContainer } from '../../image/open.ts';
import { type Content, ContentPlan, opaqueReason } from '../content-plan.ts';
import { readContents } from '../content-read.ts';
import { hasUnreferenced, leftOverTree } from '../slack.ts';
import { visitFile } from '../visit-file.ts';
import type { NestedContext, Source } from './context.ts';
import { SPOOL_MAX } from './limits.ts';
import { withSpool } from './spool.ts';

const ENCRYPTED = 0x4000; // FILE_ATTRIBUTE_ENCRYPTED

/** Something in a container that has files: an image, another partition of its disk, what no file of it names. */
interface Tree {
  /** The folder below the container under which rules see its files. */
  readonly name: string;
  readonly files: Files;
}

type Files = Pick<Image, 'walk' | 'stream'>;

/** @returns false when our readers do not know this kind of container; 7-Zip may. */
export async function openImages(context: NestedContext, source: Source): Promise<boolean> {
  let container: Container;
  try {
    container = await openContainer(source.path);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    // 7-Zip would give the encrypted bytes for a content like any other.
    if (error.code !== 'VOLUME_ENCRYPTED') return false;
    context.opaque(source.places, 'encrypted', 'a partition of it is encrypted with BitLocker');
    return true;
  }
  const images: Image[] = [];
  try {
    for (const { info } of container.images) images.push(await container.open(info.index));
    context.stats.opened++;
    await readTrees(context, source, [
      ...images.map((image): Tree => ({ name: String(image.info.index), files: image })),
      ...sidesOf(context, source, container),
      ...(hasUnreferenced(container) ? [{ name: 'unreferenced-blob', files: leftOverTree(await container.unreferencedBlobs()) }] : []),
    ]);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    context.opaque(source.places, 'damaged', 'it is damaged');
  } finally {
    for (const image of images) await image.close();
    await container.close();
  }
  return true;
}

/** What stands beside the images; a partition that cannot be looked into is told. */
function sidesOf(context: NestedContext, { places, path }: Source, container: Container): readonly Tree[] {
  const trees: Tree[] = [];
  for (const side of container.sides?.() ?? []) {
    if ('image' in side) trees.push({ name: `partition-${side.partition}`, files: side.image });
    else {
      const reason = reasonOf(side.unreadable, path);
      const why = /BitLocker/.test(reason) ? 'encrypted' : 'unsupported';
      context.opaque(places, why, `partition ${side.partition} cannot be looked into (${reason})`);
    }
  }
  return trees;
}

/** The temporary file is nobody's business. */
function reasonOf(unreadable: string, path: string): string {
  return unreadable.replaceAll(`${path}: `, '').replace(/^partition \d+:? /, '');
}

async function readTrees(context: NestedContext, source: Source, trees: readonly Tree[]): Promise<void> {
  const plan = new ContentPlan();
  const prefixes = await context.enter(source);
  let hidden = 0;
  for (const tree of trees) {
    for await (const real of tree.files.walk()) {
      context.signal?.throwIfAborted();
      context.stats.members++;
      if (opaqueReason(real) !== undefined || (real.attributes & ENCRYPTED) !== 0) hidden++;
      for (const prefix of prefixes) {
        const file = new HeldFile(tree.files, real, `${prefix}/${tree.name}`);
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
  for (const { files } of trees) {
    const contents: Content[] = [];
    for (const content of plan) {
      if (heldOf(content.request).from !== files) continue;
      bytes += content.size;
      if (bytes > allowance) over = true;
      else contents.push(content);
    }
    const { onBytes: _, ...reading } = context.reading;
    const read = await readContents({ stream: (requests, signal) => streamHeld(files, requests, signal) }, contents, {
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
    const pieces = bytesOf(streamHeld(heldOf(request).from, [request], context.signal));
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

/** A file of a nested container, below the prefix of its tree. */
class HeldFile implements ImageFile {
  readonly from: Files;
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

  constructor(from: Files, real: ImageFile, prefix: string) {
    this.from = from;
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

async function* streamHeld(from: Files, requests: readonly ContentRequest[], signal?: AbortSignal): AsyncGenerator<ContentChunk> {
  const outer = new Map<ContentRequest, ContentRequest>();
  for (const request of requests) {
    const { real } = heldOf(request);
    outer.set(request.stream === undefined ? { file: real } : { file: real, stream: request.stream }, request);
  }
  for await (const chunk of from.stream([...outer.keys()], signal)) yield { ...chunk, request: outer.get(chunk.request)! };
}
