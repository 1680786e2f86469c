// Opens an archive with 7-Zip: its members go to the rules as files do, and what is an archive among them is opened in its turn.
import { ToolError } from '../../errors.ts';
import type { ArchiveKind } from '../../formats/content-kind.ts';
import type { ContentChunk, ContentRequest } from '../../image/image.ts';
import { type ArchiveListing, type ArchiveMember, extractArchive, listArchive } from '../../tools/seven-zip.ts';
import type { Content, Visit } from '../content-plan.ts';
import { readContents } from '../content-read.ts';
import { visitFile } from '../visit-file.ts';
import type { NestedContext, Source } from './context.ts';
import { tellFault } from './faults.ts';
import { readSmallGzip } from './gzip.ts';
import { SINGLES_MAX, SPOOL_MAX } from './limits.ts';
import { MemberFile, type MemberReader } from './member-file.ts';
import { KEEP_BYTES, MemberStream } from './member-stream.ts';
import { MemberNames } from './places.ts';
import { readSpool, withSpool } from './spool.ts';

/** Members that are handed to the rules in one go; memory grows with them. */
const BATCH = 1000;

/** Opens a gzip file without 7-Zip. @returns false for one that 7-Zip is to be asked about */
export async function openSmallGzip(context: NestedContext, source: Source): Promise<boolean> {
  const small = await readSmallGzip(source.path, source.size, context.budget.allowance(source.size));
  if (!small || !context.budget.takeSmall()) return false;
  context.stats.opened++;
  context.stats.members++;
  await new OpenArchive(context, source, undefined, await context.enter(source)).readHeld(small.name ?? ownName(source), small.bytes);
  return true;
}

/** @returns false when 7-Zip finds no such archive. */
export async function openMembers(context: NestedContext, source: Source, type = source.kind.type): Promise<boolean> {
  let listing: ArchiveListing;
  try {
    listing = source.kind.single && source.kind.id !== 'gzip' ? unnamed(source) : await listArchive(source.path, type, context.signal);
  } catch (error) {
    if (!(error instanceof ToolError) || error.code === 'TOOL_MISSING') throw error;
    if (error.code === 'ARCHIVE_DAMAGED' && source.kind.weak) return false;
    tellFault(context, source, error);
    return true;
  }
  context.stats.opened++;
  context.stats.members += listing.members.length;
  const { members } = listing;
  if (!listing.complete) context.opaque(source.places, 'too-many', `it has more than ${members.length} members`);
  const locked = members.filter(({ encrypted, folder }) => encrypted && !folder);
  if (locked.length > 0) context.opaque(source.places, 'encrypted', `${locked.length} of ${members.length} members are encrypted`);
  const opened = new OpenArchive(context, source, type, await context.enter(source));
  // 7-Zip writes nothing or rubbish for what is encrypted, and what has no size cannot be parted from what follows.
  if (source.kind.single || locked.length > 0 || members.some(({ size, folder }) => size === undefined && !folder))
    await opened.readSingly(members);
  else await opened.readAll(members);
  return true;
}

function unnamed(source: Source): ArchiveListing {
  return { members: [{ name: ownName(source), folder: false, size: undefined, encrypted: false }], complete: true };
}

/** What is packed alone has no name but that of its archive. */
function ownName({ places: [place] }: Source): string {
  const path = place?.stream ?? place?.file.path ?? '';
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}

interface Held {
  readonly content: Content;
  readonly size: number;
  /** Bytes in front of it in the stream of all members. */
  readonly at: number;
}

class OpenArchive {
  private readonly context: NestedContext;
  private readonly source: Source;
  private readonly type: string | undefined;
  private readonly prefixes: readonly string[];
  private readonly names = new MemberNames();
  private failed = 0;
  /** Rules that are still looking at a member. */
  private calls: Promise<void>[] = [];

  constructor(context: NestedContext, source: Source, type: string | undefined, prefixes: readonly string[]) {
    this.context = context;
    this.source = source;
    this.type = type;
    this.prefixes = prefixes;
  }

  /** One process for all members. */
  async readAll(members: readonly ArchiveMember[]): Promise<void> {
    const { context, source, type } = this;
    const allowance = context.budget.allowance(source.size);
    const stream = new MemberStream(extractArchive(source.path, { type, signal: context.signal }));
    const anything = members.some(({ size }) => size !== 0);
    let at = 0;
    let over = false;
    try {
      for (let first = 0; first < members.length; first += BATCH) {
        const batch: Held[] = [];
        for (const { name, folder, size = 0 } of members.slice(first, first + BATCH)) {
          const place = at;
          const content = this.contentOf(name, size, folder, () => this.memberBytes(place, size));
          if (!folder) at += size;
          if (folder || size === 0) continue;
          if (at > allowance) over = true;
          else batch.push({ content, size, at: place });
        }
        if (batch.length > 0) await this.readBatch(batch, stream);
        await this.settled();
      }
      if (over) return this.tellOver(allowance);
      if (anything && stream.fault === undefined && this.failed === 0 && !(await stream.atEnd())) this.failed++;
    } finally {
      await stream.close();
      context.budget.spend(stream.bytes);
      context.stats.bytes += stream.bytes;
    }
    context.signal?.throwIfAborted();
    if (stream.fault !== undefined) tellFault(context, source, stream.fault);
    else if (this.failed > 0) context.opaque(source.places, 'damaged', 'its members are not as large as it says');
  }

  /** One process for each member that can be read, through a temporary file. */
  async readSingly(members: readonly ArchiveMember[]): Promise<void> {
    const { context, source, type } = this;
    let left = SINGLES_MAX;
    let skipped = 0;
    const counts = new Map<string, number>();
    for (const { name } of members) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const { name, folder, size, encrypted } of members) {
      // Its name is all that 7-Zip can be told: where it does not name one member, none is read.
      const readable =
        !encrypted && (source.kind.single === true || (counts.get(name) === 1 && !/[\p{Cc}\ufffd]/u.test(name) && left-- > 0));
      if (folder || size === 0 || !readable) {
        this.contentOf(name, size ?? 1, folder, nothing); // what waits for its content waits in vain
        await this.settled();
        if (!folder && size !== 0 && !encrypted) skipped++;
        continue;
      }
      await this.readOne(
        name,
        extractArchive(source.path, { type, signal: context.signal, ...(source.kind.single ? {} : { only: name }) }),
      );
    }
    skipped += this.failed;
    if (skipped > 0) context.opaque(source.places, 'too-many', `${skipped} members cannot be told apart or are too many to be read singly`);
  }

  /** The one member, which is in memory. */
  async readHeld(name: string, bytes: Uint8Array): Promise<void> {
    const { context, source } = this;
    context.stats.bytes += bytes.length;
    context.budget.spend(bytes.length);
    const content = this.contentOf(name, bytes.length, false, () => one(bytes));
    await this.settled();
    if (bytes.length === 0) return;
    const kinds = await this.scan([content], ([request]) => chunksOf(request!, one(bytes), bytes.length));
    const kind = kinds?.get(content);
    if (!kind) return;
    await withSpool(one(bytes), SPOOL_MAX, (spooled) =>
      context.open({ path: spooled.path, size: spooled.size, kind, depth: source.depth + 1, places: content.places }),
    );
  }

  private async readOne(name: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const { context, source } = this;
    const allowance = context.budget.allowance(source.size);
    const stream = new MemberStream(pieces);
    const all = async function* () {
      for (let piece = await stream.next(KEEP_BYTES); piece; piece = await stream.next(KEEP_BYTES)) yield piece;
    };
    try {
      await withSpool(all(), Math.min(allowance, SPOOL_MAX), async ({ path, size, cut }) => {
        context.stats.bytes += size;
        context.budget.spend(size);
        if (cut) this.tellOver(allowance);
        if (stream.fault !== undefined) tellFault(context, source, stream.fault);
        // A name that stands for another one in the listing (of a line end, say) takes out nothing.
        if (size === 0 && !source.kind.single && stream.fault === undefined) this.failed++;
        if (size === 0 && stream.fault !== undefined) return;
        const content = this.contentOf(name, size, false, () => readSpool(path, 0, size));
        await this.settled();
        if (size === 0) return;
        const kind = await this.scan([content], ([request]) => chunksOf(request!, readSpool(path, 0, size), size));
        if (kind && !cut) await context.open({ path, size, kind: kind.get(content)!, depth: source.depth + 1, places: content.places });
      });
    } finally {
      await stream.close();
    }
    context.signal?.throwIfAborted();
  }

  private async readBatch(batch: readonly Held[], stream: MemberStream): Promise<void> {
    const { context, source } = this;
    const kinds = new Map<Content, ArchiveKind>();
    const buffer = Buffer.allocUnsafe(Math.min(KEEP_BYTES, Math.max(...batch.map(({ size }) => size))));
    const contents = batch.map(({ content }) => content);
    const open = async ({ content, size, at }: Held): Promise<void> => {
      const kind = kinds.get(content);
      if (!kind) return;
      const pieces = size <= KEEP_BYTES ? one(buffer.subarray(0, size)) : this.memberBytes(at, size);
      await withSpool(pieces, SPOOL_MAX, async (spooled) => {
        if (spooled.cut) context.opaque(content.places, 'too-large', `it is larger than ${SPOOL_MAX} bytes`);
        else if (spooled.size === size) await context.open({ ...spooled, kind, depth: source.depth + 1, places: content.places });
      });
    };
    await this.scan(
      contents,
      async function* (requests) {
        for (const [index, request] of requests.entries()) {
          const held = batch[index]!;
          const kept = buffer.subarray(0, Math.min(held.size, KEEP_BYTES));
          if ((await stream.fill(kept)) < kept.length) return;
          yield { request, offset: 0, bytes: kept, last: kept.length === held.size };
          for (let offset = kept.length; offset < held.size; ) {
            const bytes = await stream.next(held.size - offset);
            if (!bytes) return;
            yield { request, offset, bytes, last: offset + bytes.length === held.size };
            offset += bytes.length;
          }
          await open(held);
        }
      },
      kinds,
    );
  }

  private async settled(): Promise<void> {
    for (const calls = this.calls.splice(0); calls.length > 0; ) await calls.pop();
  }

  /** Hands contents to the rules; says which of them are archives. */
  private async scan(
    contents: readonly Content[],
    stream: (requests: readonly ContentRequest[]) => AsyncIterable<ContentChunk>,
    kinds = new Map<Content, ArchiveKind>(),
  ): Promise<ReadonlyMap<Content, ArchiveKind> | undefined> {
    const { onBytes: _, ...reading } = this.context.reading;
    await readContents({ stream }, contents, {
      ...reading,
      onKind: (content, kind) => void kinds.set(content, kind),
      onFailed: () => void this.failed++,
    });
    return kinds.size > 0 ? kinds : undefined;
  }

  /** A member as a content that is to be read; rules that want no content are called at once. */
  private contentOf(name: string, size: number, folder: boolean, reader: MemberReader): Content {
    const own = this.names.pathOf(name);
    const files = this.prefixes.map((prefix) => new MemberFile(`${prefix}/${own}`, size, folder, reader));
    const visits: Visit[] = [];
    for (const { run, takes } of this.context.visitors)
      for (const file of files) {
        const call = takes(file.path) && visitFile(run, file, (visit) => void visits.push(visit));
        if (call) this.calls.push(call);
      }
    return { request: { file: files[0]! }, size, places: files.map((file) => ({ file })), visits };
  }

  /** The bytes of one member, taken out of the archive once more. */
  private async *memberBytes(at: number, size: number): AsyncGenerator<Uint8Array> {
    const stream = new MemberStream(extractArchive(this.source.path, { type: this.type, signal: this.context.signal }));
    try {
      for (let place = 0; place < at + size; ) {
        const piece = await stream.next(Math.min(KEEP_BYTES, place < at ? at - place : at + size - place));
        if (!piece) return;
        if (place >= at) yield piece;
        place += piece.length;
      }
    } finally {
      await stream.close();
    }
  }

  private tellOver(allowance: number): void {
    const { context, source } = this;
    context.opaque(source.places, 'too-large', `it unpacks to more than ${allowance} bytes and is ${source.size} bytes itself`);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* chunksOf(request: ContentRequest, pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<ContentChunk> {
  let offset = 0;
  for await (const bytes of pieces) {
    yield { request, offset, bytes, last: offset + bytes.length === size };
    offset += bytes.length;
  }
}
