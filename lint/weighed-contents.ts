// What weighing leaves to be read: contents that are the base's or known as clean are done, with what their visits ask for.
import type { Image } from '../image/image.ts';
import type { StoredContent } from '../image/stored-content.ts';
import type { Delivery } from './content-deliver.ts';
import type { Content } from './content-plan.ts';
import { NO_STATS, type ReadingStats } from './reading-stats.ts';
import { type VerdictMemory, visitsOfBase } from './store-run.ts';
import { visitKey } from './visit-key.ts';
import type { Weighed } from './weigh.ts';

export interface Weighing {
  readonly weighed: Weighed;
  /** What the base claims to be the same. */
  readonly claims: ReadonlyMap<Content, StoredContent> | undefined;
  readonly memory: VerdictMemory | undefined;
}

/** Contents of which nothing more is wanted are told as done; the others are left. */
export function settleWeighed(
  image: Pick<Image, 'stored'>,
  contents: readonly Content[],
  { weighed, claims, memory }: Weighing,
  { onKind, onBytes }: Pick<Delivery, 'onKind'> & { readonly onBytes?: (more: number) => void },
): { readonly left: readonly Content[]; readonly stats: ReadingStats } {
  const left: Content[] = [];
  const [ofBase, cached] = [
    { blobs: 0, bytes: 0 },
    { blobs: 0, bytes: 0 },
  ];
  for (const content of contents) {
    const counted = settled(content);
    if (!counted) {
      left.push(content);
      continue;
    }
    counted.blobs++;
    counted.bytes += content.size;
    onBytes?.(content.size);
  }
  return { left, stats: { ...NO_STATS, blobs: ofBase.blobs + cached.blobs, ofBase, cached } };

  function settled(content: Content): { blobs: number; bytes: number } | undefined {
    const stored = content.places.length > 0 ? image.stored?.(content.request) : undefined;
    if (!stored) return undefined;
    const claim = claims?.get(content);
    if (claim && weighed.isSame(stored, claim)) return visitsOfBase(content.visits).length === 0 ? ofBase : undefined;
    const known = memory && weighed.known(stored);
    if (!known) return undefined;
    const { visits } = content;
    const isSeen = visits.length === 0 || known.visits === visitKey(memory.basis, visits, (rule) => memory.isShipped(rule));
    if (!isSeen || (visits.length > 0 && known.visits === '')) return undefined;
    if (known.kind) onKind?.(content, known.kind);
    return cached;
  }
}
