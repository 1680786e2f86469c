// The streams of entries that have many: read and named once, since each of them is asked for by itself.
import { upcase } from '../../formats/hive/upcase.ts';
import type { DigestRef } from '../../formats/wim/entry-bytes.ts';
import type { EntryTable } from '../../formats/wim/entry-table.ts';
import { type EntryStreams, type StreamRoles, streamRoles } from '../../formats/wim/streams.ts';
import type { ImageFile } from '../image.ts';

type Stream = EntryStreams<DigestRef>['streams'][number];
type Streamed = Pick<EntryTable, 'streamCount' | 'placed'>;
/** A stream as the file says it. */
type Said = ImageFile['streams'][number];

/** Fewer are read anew each time: hardly any entry has more. */
const FEW = 16;
/** Streams of all entries that are kept; those of the entry that was first asked for go first. */
const KEPT_MAX = 250_000;

export class KnownStreams {
  readonly roles: StreamRoles<DigestRef>;
  /** In their order; those without a name are roles. */
  readonly named: readonly Stream[];
  private readonly say: (stream: Stream) => Said;
  private allSaid: readonly Said[] | undefined;
  private byName: Map<string, Stream> | undefined;
  private byCase: Map<string, Stream> | undefined;

  constructor(placed: EntryStreams<DigestRef>, say: (stream: Stream) => Said) {
    this.say = say;
    this.roles = streamRoles(placed);
    this.named = placed.streams.filter(({ name }) => name !== '');
  }

  /** The named ones as the file says them. */
  get said(): readonly Said[] {
    this.allSaid ??= this.named.map(this.say);
    return this.allSaid;
  }

  /** NTFS knows stream names without case; the exact one wins all the same, and the first of several. */
  find(name: string): Stream | undefined {
    this.byName ??= firstBy(this.named, (stream) => stream.name);
    const exact = this.byName.get(name);
    if (exact) return exact;
    this.byCase ??= firstBy(this.named, (stream) => upcase(stream.name));
    return this.byCase.get(upcase(name));
  }
}

export class StreamsByEntry {
  private readonly table: Streamed;
  private readonly say: (entry: number, stream: Stream) => Said;
  private readonly kept = new Map<number, KnownStreams>();
  private count = 0;

  /** @param say gives a stream as the file says it; what it throws is thrown at whoever asks */
  constructor(table: Streamed, say: (entry: number, stream: Stream) => Said) {
    this.table = table;
    this.say = say;
  }

  of(entry: number): KnownStreams {
    const known = this.kept.get(entry);
    if (known) return known;
    const streams = new KnownStreams(this.table.placed(entry), (stream) => this.say(entry, stream));
    const more = this.table.streamCount(entry);
    if (more > FEW) this.keep(entry, streams, more);
    return streams;
  }

  private keep(entry: number, streams: KnownStreams, more: number): void {
    this.kept.set(entry, streams);
    this.count += more;
    for (const oldest of this.kept.keys()) {
      if (this.count <= KEPT_MAX) return;
      this.kept.delete(oldest);
      this.count -= this.table.streamCount(oldest);
    }
  }
}

function firstBy(streams: readonly Stream[], key: (stream: Stream) => string): Map<string, Stream> {
  const found = new Map<string, Stream>();
  for (const stream of streams) if (!found.has(key(stream))) found.set(key(stream), stream);
  return found;
}
