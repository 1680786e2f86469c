// Starts to weigh the contents of a file where something may be known of them: of a base, or in the cache.
import type { ImageInfo } from '../image/image.ts';
import type { ContentStore } from '../image/stored-content.ts';
import type { Base } from './trust.ts';
import { type Weighing, weigh } from './weigh.ts';

export interface StartedWeighing {
  /** Undefined when nothing is known. */
  readonly weighing: Weighing | undefined;
  /** Why nothing of the base is trusted. */
  readonly refused: string | undefined;
}

/** @param from bytes of a file from which on the cache is worth a thread */
export function startWeighing(
  store: ContentStore | undefined,
  info: ImageInfo,
  { base, remembers, from }: { readonly base: Base | undefined; readonly remembers: boolean; readonly from: number },
): StartedWeighing {
  const ofBase =
    base && (store ? base.store(info) : { refused: `the contents of a ${info.container} cannot be compared with those of a base` });
  const refused = ofBase && 'refused' in ofBase ? ofBase.refused : undefined;
  const baseStore = ofBase && !('refused' in ofBase) ? ofBase : undefined;
  const looksUp = remembers && store !== undefined && store.size >= from;
  return { weighing: store && (baseStore || looksUp) ? weigh(store, baseStore, looksUp) : undefined, refused };
}
