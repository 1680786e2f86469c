// Opens the archives of one image: gathers them while its contents are read, then opens them two at a time.
import pLimit from 'p-limit';
import { ToolError } from '../../errors.ts';
import type { ArchiveKind } from '../../formats/content-kind.ts';
import type { Image } from '../../image/image.ts';
import { pathGlobs } from '../../image/path-globs.ts';
import { makeScratch, removeScratch } from '../../tools/scratch.ts';
import type { Content } from '../content-plan.ts';
import type { Reading } from '../content-read.ts';
import { NestedContext, type NestedStats } from './context.ts';
import { SIDE_BY_SIDE, SPOOL_MAX } from './limits.ts';
import { openSource } from './open.ts';
import type { NestedPlaces } from './places.ts';
import { SpoolWriter } from './spool.ts';

export interface NestedCost extends NestedStats {
  readonly seconds: number;
}

/** What the reader of contents is asked for: the image, or something that gives its left-overs. */
type Streams = Pick<Image, 'stream'>;

export class NestedReader {
  private readonly context: NestedContext;
  private readonly found: { readonly from: Streams; readonly content: Content; readonly kind: ArchiveKind }[] = [];
  private milliseconds = 0;

  constructor(image: Pick<Image, 'find'>, reading: Reading, places: NestedPlaces) {
    this.context = new NestedContext({
      reading,
      places,
      visitors: reading.runs.filter((run) => run.wants('file')).map((run) => ({ run, takes: pathGlobs(run.rule.select.files ?? []) })),
      isTaken: async (path) => (await image.find(path)) !== undefined,
      open: openSource,
    });
  }

  /** The reading with the archives kept that it comes across. */
  watching(from: Streams, reading: Reading): Reading {
    return { ...reading, onKind: (content, kind) => void this.found.push({ from, content, kind }) };
  }

  /** Opens what was kept. */
  async openFound(): Promise<void> {
    const started = performance.now();
    const limit = pLimit(SIDE_BY_SIDE);
    const found = this.found.splice(0);
    let failure: unknown;
    const failed = (error: unknown): void => {
      if (error instanceof ToolError) this.context.unable(error.message);
      else failure ??= error;
    };
    try {
      for (const [from, wanted] of grouped(found)) {
        const opening: Promise<void>[] = [];
        for await (const archive of this.spooled(from, wanted)) {
          // The next one is read while two are open, and no further.
          while (limit.activeCount + limit.pendingCount >= SIDE_BY_SIDE) await Promise.race(opening);
          const { content, kind, path, size, folder } = archive;
          const task = limit(() => openSource(this.context, { path, size, kind, depth: 1, places: content.places }))
            .catch(failed)
            .finally(() => removeScratch(folder))
            .finally(() => opening.splice(opening.indexOf(task), 1));
          opening.push(task);
        }
        await Promise.all(opening);
        if (failure !== undefined) throw failure;
      }
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.context.unable(error.message);
    }
    this.milliseconds += performance.now() - started;
  }

  get cost(): NestedCost {
    return { ...this.context.stats, seconds: Math.round(this.milliseconds) / 1000 };
  }

  /** Each archive in a temporary file of its own, as the container gives them. */
  private async *spooled(from: Streams, wanted: ReadonlyMap<Content['request'], Found>) {
    const small = [...wanted.values()].filter(({ content }) => {
      if (content.size <= SPOOL_MAX) return true;
      this.context.opaque(content.places, 'too-large', `it is larger than ${SPOOL_MAX} bytes`);
      return false;
    });
    let current: { readonly folder: string; readonly writer: SpoolWriter } | undefined;
    try {
      for await (const { request, bytes, last, failed } of from.stream(
        small.map(({ content }) => content.request),
        this.context.signal,
      )) {
        const found = wanted.get(request);
        if (!found) continue;
        if (!current) {
          const folder = await makeScratch();
          current = { folder, writer: await SpoolWriter.create(`${folder}/content`) };
        }
        if (failed === undefined) await current.writer.write(bytes);
        if (!last) continue;
        const { folder, writer } = current;
        await writer.close();
        if (failed === undefined && writer.size === found.content.size) {
          current = undefined;
          yield { ...found, folder, path: `${folder}/content`, size: writer.size };
          continue;
        }
        current = undefined;
        await removeScratch(folder);
        this.context.opaque(found.content.places, 'damaged', 'it cannot be read');
      }
    } finally {
      if (current) {
        await current.writer.close();
        await removeScratch(current.folder);
      }
    }
  }
}

interface Found {
  readonly content: Content;
  readonly kind: ArchiveKind;
}

function grouped(found: readonly (Found & { readonly from: Streams })[]): Map<Streams, Map<Content['request'], Found>> {
  const groups = new Map<Streams, Map<Content['request'], Found>>();
  for (const { from, content, kind } of found) {
    const group = groups.get(from) ?? new Map();
    group.set(content.request, { content, kind });
    groups.set(from, group);
  }
  return groups;
}
