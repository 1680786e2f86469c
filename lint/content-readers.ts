// Reads contents by processes of our own, as many as there are cores, each a stretch of the file at a time, in the order in which they are stored.
import type { Image } from '../image/image.ts';
import type { ContentStore, StoredContent } from '../image/stored-content.ts';
import { deliverFailure } from './content-deliver.ts';
import type { Content } from './content-plan.ts';
import type { Wanted } from './reader-job.ts';
import { addedStats, NO_STATS, type ReadingStats } from './reading-stats.ts';
import { type ProcessReading, partOf, StoreRun, type StoreRunOptions, visitsOfBase } from './store-run.ts';
import { visitKey } from './visit-key.ts';
import { WorkTable } from './work-table.ts';

export interface ReaderOptions extends StoreRunOptions {
  /** The base's content that claims to be the same as this one, when it may be trusted at all its places. */
  readonly baseOf?: (content: Content, stored: StoredContent) => StoredContent | undefined;
}

export interface ReadByProcesses {
  readonly stats: ReadingStats;
  /** Contents that have to be read in another way. */
  readonly left: readonly Content[];
}

/** Reads what lies in a file by itself. A reader that ends or hangs makes what it was to read unable; the others go on. */
export async function readByProcesses(
  image: Pick<Image, 'stored'>,
  contents: readonly Content[],
  reading: ProcessReading,
  options: ReaderOptions,
): Promise<ReadByProcesses> {
  const left: Content[] = [];
  const tables = new Map<ContentStore, WorkTable>();
  for (const content of contents) {
    const stored = image.stored?.(content.request);
    if (stored) tableOf(stored.store).add(content, stored, baseOf(content, stored), wishesOf(content));
    else left.push(content);
  }
  let stats = NO_STATS;
  const failures = new Map<Content, string>();
  for (const work of tables.values()) {
    const { started, ...own } = options;
    const run = await new StoreRun(work, reading, started?.store === work.store && !work.base ? options : own).read();
    left.push(...run.left);
    for (const [content, reason] of run.failures) failures.set(content, reason);
    stats = addedStats(stats, { ...run.stats, blobs: work.contents.length - run.left.length, bytesSkipped: 0 });
  }
  // In the order of the plan, whichever reader was quicker: reports show the first reasons.
  for (const content of contents) {
    const reason = failures.get(content);
    if (reason !== undefined) deliverFailure(content, reason, reading);
  }
  const bytesSkipped = [...failures.keys()].reduce((sum, { size }) => sum + size, 0);
  return { stats: { ...stats, bytesSkipped }, left };

  function tableOf(store: ContentStore): WorkTable {
    const table = tables.get(store) ?? new WorkTable(store, (content) => image.stored?.(content.request)?.listed);
    tables.set(store, table);
    return table;
  }

  function baseOf(content: Content, stored: StoredContent): StoredContent | undefined {
    const found = content.places.length > 0 ? options.baseOf?.(content, stored) : undefined;
    return found && isComparable(stored, found) ? found : undefined;
  }

  function wishesOf({ visits }: Content): Pick<Wanted, 'visit' | 'baseVisit' | 'visitKey'> {
    if (visits.length === 0) return NO_WISHES;
    const { cache } = options;
    const key = cache ? visitKey(cache.basis, visits, (rule) => cache.isShipped(rule)) : '';
    return { visit: partOf(visits), baseVisit: partOf(visitsOfBase(visits)), visitKey: key };
  }
}

const NO_WISHES = { visit: undefined, baseVisit: undefined, visitKey: '' } as const;

/** Equal bytes are equal contents only when they are decoded in one way. */
function isComparable(a: StoredContent, b: StoredContent): boolean {
  return (
    a.digest === b.digest &&
    a.resource.size === b.resource.size &&
    a.resource.uncompressedSize === b.resource.uncompressedSize &&
    a.resource.flags === b.resource.flags &&
    a.store.compression === b.store.compression &&
    a.store.chunkSize === b.store.chunkSize
  );
}
