// What weighing leaves to be read: contents that are the base's or known as clean are done, but for the visits that want them all the same.
import type { Image } from '../image/image.ts';
import type { StoredContent } from '../image/stored-content.ts';
import type { Delivery } from './content-deliver.ts';
import type { Content, Visit } from './content-plan.ts';
import type { Contents } from './contents.ts';
import { countContent, NO_STATS, type ReadingStats } from './reading-stats.ts';
import type { VerdictMemory } from './store-run.ts';
import { visitKey } from './visit-key.ts';
import type { Weighed } from './weigh.ts';

/** An image that shares fewer of its contents with the base was not made from it. */
const SHARE_MIN = 0.5;

export interface Settled {
  readonly left: readonly Content[];
  readonly stats: ReadingStats;
  /** Why nothing of the base is trusted, of which something was to be. */
  readonly refused: string | undefined;
}

export interface Settling {
  readonly weighed: Weighed;
  /** Whether a base was weighed against. */
  readonly hasBase: boolean;
  readonly memory: VerdictMemory | undefined;
}

/** Contents of which nothing more is wanted are told as done; the others are left. */
export function settleWeighed(
  image: Pick<Image, 'stored'>,
  contents: Contents,
  { weighed, hasBase, memory }: Settling,
  { onKind, onBytes }: Pick<Delivery, 'onKind'> & { readonly onBytes?: (more: number) => void },
): Settled {
  const [ofBase, cached] = [
    { blobs: 0, bytes: 0 },
    { blobs: 0, bytes: 0 },
  ];
  const storedOf = ({ places, request }: Content) => (places.length > 0 ? image.stored?.(request) : undefined);
  const refused = hasBase ? refusalOf(weighed, contents, storedOf) : undefined;
  const trusts = hasBase && refused === undefined;
  const left: Content[] = [];
  let done = 0;
  for (const content of contents) {
    const rest = restOf(content, storedOf(content));
    if (rest) left.push(rest);
    else {
      done++;
      onBytes?.(content.size);
    }
  }
  return { left, stats: { ...NO_STATS, blobs: done, ofBase, cached }, refused };

  /** What is still to be read of the content. */
  function restOf(content: Content, stored: StoredContent | undefined): Content | undefined {
    if (!stored) return content;
    if (trusts && weighed.isOfBase(stored)) {
      countContent(ofBase, content);
      const visits = visitsOfBase(content.visits);
      return visits.length === 0 ? undefined : { request: content.request, size: content.size, places: [], visits };
    }
    const known = memory && weighed.known(stored);
    if (!known) return content;
    const { visits } = content;
    const isSeen = visits.length === 0 || known.visits === visitKey(memory.basis, visits, (rule) => memory.isShipped(rule));
    if (!isSeen || (visits.length > 0 && known.visits === '')) return content;
    if (known.kind) onKind?.(content, known.kind);
    countContent(cached, content);
    return undefined;
  }
}

function refusalOf(weighed: Weighed, contents: Contents, storedOf: (content: Content) => StoredContent | undefined): string | undefined {
  if (weighed.fault !== undefined) return weighed.fault;
  let [all, shared] = [0, 0];
  for (const content of contents) {
    if (content.places.length === 0) continue;
    all++;
    const stored = storedOf(content);
    if (stored && weighed.isClaimed(stored)) shared++;
  }
  return shared < SHARE_MIN * all ? `is another image (it shares ${shared} of ${all} contents)` : undefined;
}

function visitsOfBase(visits: readonly Visit[]): readonly Visit[] {
  return visits.filter(({ run }) => run.rule.select.base !== 'skip');
}
