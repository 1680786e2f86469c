// Opens one archive by its kind, within the limits.
import type { NestedContext, Source } from './context.ts';
import { tellFault } from './faults.ts';
import { openImages } from './images.ts';
import { DEPTH_MAX } from './limits.ts';
import { openMembers, openSmallGzip } from './members.ts';
import { openProgram } from './program.ts';

/** Kinds that our own readers see more of than 7-Zip: every partition, named streams, links, security descriptors. */
const IMAGES = new Set(['wim', 'vhd', 'vhdx', 'qcow', 'ntfs', 'fat', 'bitlocker', 'gpt', 'mbr']);

export async function openSource(context: NestedContext, source: Source): Promise<void> {
  context.signal?.throwIfAborted();
  if (source.depth > DEPTH_MAX) {
    context.opaque(source.places, 'too-deep', `it lies ${source.depth} archives deep, of which ${DEPTH_MAX} are opened`, 'too-deep');
    return;
  }
  if (source.kind.id === 'gzip' && (await openSmallGzip(context, source))) return;
  if (!context.budget.takeArchive()) {
    context.opaque(source.places, 'too-many', 'the image holds more archives than are opened', 'too-many');
    return;
  }
  if (source.kind.id === 'pe') return openProgram(context, source);
  if (IMAGES.has(source.kind.id) && (await openImages(context, source))) return;
  try {
    await openMembers(context, source);
  } catch (error) {
    tellFault(context, source, error);
  }
}
