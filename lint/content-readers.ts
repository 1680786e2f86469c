// Reads contents by processes of our own, as many as there are cores, each a stretch of the file at a time, in the order in which they are stored.
import type { Image } from '../image/image.ts';
import type { ContentStore } from '../image/stored-content.ts';
import { deliverFailure } from './content-deliver.ts';
import type { Content } from './content-plan.ts';
import type { Contents } from './contents.ts';
import type { Wanted } from './reader-job.ts';
import { addedStats, NO_STATS, type ReadingStats } from './reading-stats.ts';
import { type ProcessReading, partOf, StoreRun, type StoreRunOptions } from './store-run.ts';
import { visitKey } from './visit-key.ts';
import { WorkTable } from './work-table.ts';

export type ReaderOptions = StoreRunOptions;

export interface ReadByProcesses {
  readonly stats: ReadingStats;
  /** Contents that have to be read in another way. */
  readonly left: readonly Content[];
}

/** Reads what lies in a file by itself. A reader that ends or hangs makes what it was to read unable; the others go on. */
export async function readByProcesses(
  image: Pick<Image, 'stored'>,
  contents: Contents,
  reading: ProcessReading,
  options: ReaderOptions,
): Promise<ReadByProcesses> {
  const left: Content[] = [];
  const tables = new Map<ContentStore, WorkTable>();
  for (let index = 0; index < contents.length; index++) {
    const content = contents.at(index)!;
    const stored = image.stored?.(content.request);
    if (stored) tableOf(stored.store).add(index, stored);
    else left.push(content);
  }
  let stats = NO_STATS;
  const failures: { index: number; reason: string }[] = [];
  for (const work of tables.values()) {
    const { started, ...own } = options;
    const run = await new StoreRun(work, reading, started?.store === work.store ? options : own).read();
    left.push(...run.left);
    for (const [row, reason] of run.failures) failures.push({ index: work.indexOf(row), reason });
    stats = addedStats(stats, { ...run.stats, ofBase: NO_STATS.ofBase, blobs: work.length - run.left.length, bytesSkipped: 0 });
  }
  // In the order of the plan, whichever reader was quicker: reports show the first reasons.
  let bytesSkipped = 0;
  for (const { index, reason } of failures.sort((a, b) => a.index - b.index)) {
    const content = contents.at(index)!;
    bytesSkipped += content.size;
    deliverFailure(content, reason, reading);
  }
  return { stats: { ...stats, bytesSkipped }, left };

  function tableOf(store: ContentStore): WorkTable {
    const table = tables.get(store) ?? new WorkTable(store, contents, { storedOf: ({ request }) => image.stored!(request)!, visitsOf });
    tables.set(store, table);
    return table;
  }

  function visitsOf({ visits }: Content): Pick<Wanted, 'visit' | 'visitKey'> {
    if (visits.length === 0) return NO_VISITS;
    const { cache } = options;
    const key = cache ? visitKey(cache.basis, visits, (rule) => cache.isShipped(rule)) : '';
    return { visit: partOf(visits), visitKey: key };
  }
}

const NO_VISITS = { visit: undefined, visitKey: '' } as const;
