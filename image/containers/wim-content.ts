// Content of a WIM's files: small ones through our own decoder, the bulk through one wimlib process; both check the SHA-1.
import { ImageError, ToolError } from '../../errors.ts';
import type { BlobEntry } from '../../formats/wim/model.ts';
import { extractToStdout } from '../../tools/wimlib.ts';
import { type ContentChunk, type ContentRequest, READ_MAX } from '../image.ts';
import type { WimParts } from './wim-parts.ts';

/** Up to here our decoder is done before a wimlib process has read its tables (0.2 s on a large image). */
export const OWN_DECODER_MAX = 4 * 1024 * 1024;

/** What stands behind a request. */
export interface Source {
  readonly request: ContentRequest;
  /** Undefined: empty. */
  readonly blob: BlobEntry | undefined;
  /** The path by which wimlib can extract it, or undefined when it cannot (links, named streams, odd names). */
  readonly listed: string | undefined;
}

/** The same for many contents together. */
export const OWN_DECODER_SUM = 8 * 1024 * 1024;

const NOTHING = new Uint8Array();

/** The whole content of one source. */
export async function readContent(parts: WimParts, index: number, source: Source): Promise<Uint8Array> {
  const { blob, listed } = source;
  if (!blob) return NOTHING;
  const size = blob.resource.uncompressedSize;
  if (size > READ_MAX) {
    throw new ImageError(
      'CONTENT_TOO_LARGE',
      `${source.request.file.path}: is too large to be read whole (${size} bytes, at most ${READ_MAX})`,
    );
  }
  if (size <= OWN_DECODER_MAX || listed === undefined) return parts.readBlob(blob);
  const content = new Uint8Array(size);
  for await (const chunk of streamListed(parts, index, [{ ...source, blob, listed }])) {
    // Our own decoder says what is the matter, or that nothing is.
    if (chunk.failed !== undefined) return parts.readBlob(blob);
    content.set(chunk.bytes, chunk.offset);
  }
  return content;
}

/** The content of many sources, ordered by place in the file. Every one gets a last chunk, with `failed` when its content is not to be trusted. */
export async function* streamContent(
  parts: WimParts,
  index: number,
  sources: readonly Source[],
  signal?: AbortSignal,
): AsyncGenerator<ContentChunk> {
  const listed: ListedSource[] = [];
  const own: Source[] = [];
  for (const source of sources) {
    if (isListed(source)) listed.push(source);
    else own.push(source);
  }
  const sum = listed.reduce((all, { blob }) => all + blob.resource.uncompressedSize, 0);
  if (sum <= OWN_DECODER_SUM) own.push(...listed.splice(0));
  for (const source of byOffset(own)) yield* streamOwn(parts, source, signal);
  if (listed.length > 0) yield* streamListed(parts, index, byOffset(listed), signal);
}

type ListedSource = Source & { readonly blob: BlobEntry; readonly listed: string };

function isListed(source: Source): source is ListedSource {
  return source.blob !== undefined && source.listed !== undefined;
}

function byOffset<S extends Source>(sources: readonly S[]): S[] {
  return [...sources].sort((a, b) => (a.blob?.resource.offset ?? 0) - (b.blob?.resource.offset ?? 0));
}

async function* streamOwn(parts: WimParts, { request, blob }: Source, signal?: AbortSignal): AsyncGenerator<ContentChunk> {
  signal?.throwIfAborted();
  if (!blob) {
    yield { request, offset: 0, bytes: NOTHING, last: true };
    return;
  }
  let offset = 0;
  let bytes: Uint8Array = NOTHING;
  try {
    const pieces = blob.resource.uncompressedSize <= OWN_DECODER_MAX ? whole(parts, blob) : parts.streamBlob(blob);
    for await (const piece of pieces) {
      signal?.throwIfAborted();
      if (offset + piece.length < blob.resource.uncompressedSize) {
        yield { request, offset, bytes: piece, last: false };
        offset += piece.length;
      } else bytes = piece; // handed on below, when the digest was found right
    }
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    yield { request, offset, bytes: NOTHING, last: true, failed: error.message };
    return;
  }
  yield { request, offset, bytes, last: true };
}

async function* whole(parts: WimParts, blob: BlobEntry): AsyncGenerator<Uint8Array> {
  yield await parts.readBlob(blob);
}

/**
 * One wimlib process writes all contents one behind the other; the known sizes part them. wimlib checks the SHA-1 at the end of each
 * content, so the last piece of one is held back until the next begins or the process has ended well.
 */
async function* streamListed(
  parts: WimParts,
  index: number,
  sources: readonly ListedSource[],
  signal?: AbortSignal,
): AsyncGenerator<ContentChunk> {
  let at = 0;
  let offset = 0;
  let held: ContentChunk | undefined;
  let failure: string | undefined;
  try {
    for await (let bytes of extractToStdout(
      parts.path,
      index,
      sources.map((source) => source.listed),
      signal,
    )) {
      while (bytes.length > 0) {
        const source = sources[at];
        if (!source) {
          if (held) yield { ...held, bytes: NOTHING, failed: 'wimlib-imagex wrote more than it was asked for' };
          return;
        }
        if (held) yield held;
        held = undefined;
        const size = source.blob.resource.uncompressedSize;
        const piece = bytes.subarray(0, size - offset);
        bytes = bytes.subarray(piece.length);
        const chunk: ContentChunk = { request: source.request, offset, bytes: piece, last: offset + piece.length === size };
        offset += piece.length;
        if (!chunk.last) {
          yield chunk;
          continue;
        }
        held = chunk;
        at++;
        offset = 0;
      }
    }
    if (at < sources.length) failure = 'wimlib-imagex ended too early';
  } catch (error) {
    if (!(error instanceof ToolError) || error.code === 'TOOL_MISSING') throw error;
    failure = error.message;
  }
  if (failure === undefined) {
    if (held) yield held;
    return;
  }
  // One bad content ends the process. Which one it was, and how the others are, our own decoder finds out.
  if (held) yield await proved(parts, sources[at - 1]!, held);
  if (offset > 0) {
    yield { request: sources[at]!.request, offset, bytes: NOTHING, last: true, failed: failure };
    at++;
  }
  for (const source of sources.slice(at)) yield* streamOwn(parts, source, signal);
}

/** The held chunk when the content's digest is right, else the failure. */
async function proved(parts: WimParts, source: ListedSource, held: ContentChunk): Promise<ContentChunk> {
  try {
    for await (const _ of parts.streamBlob(source.blob));
    return held;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { ...held, bytes: NOTHING, failed: error.message };
  }
}
