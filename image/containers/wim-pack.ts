// From a plain WIM to what ships: compressed anew, solid (ESD), in parts (SWM). The same build gives the same bytes.
import { exportWim, splitWim } from '../../tools/wimlib.ts';
import type { Packing } from '../output-format.ts';
import { partsBeside } from '../split-names.ts';
import { writingTo } from './room.ts';
import { derivedGuid, stampGuid } from './wim-guid.ts';

/** Whether a plain WIM is not yet what is asked for. */
export function needsPacking({ format, compress }: Pick<Packing, 'format' | 'compress'>): boolean {
  return format !== 'wim' || compress !== undefined;
}

/**
 * Makes `staged` from the WIM at `plain`, and gives the paths of the further parts of an SWM.
 * @param whole where a WIM may stand for a while
 * @throws ToolError of wimlib-imagex
 */
export async function packWim(
  plain: string,
  staged: string,
  { format, compress, solid, partSize }: Pick<Packing, 'format' | 'compress' | 'solid' | 'partSize'>,
  { whole, signal }: { readonly whole: string; readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  // wimlib gives each file a random one.
  const identity = await derivedGuid(plain, `${format} ${compress ?? 'stored'} ${solid} ${partSize}`);
  let from = plain;
  if (compress !== undefined) {
    from = format === 'swm' ? whole : staged;
    await writingTo(from, exportWim(plain, from, { compress, solid, signal }));
  }
  if (format !== 'swm') {
    await stampGuid(staged, identity);
    return [];
  }
  await writingTo(staged, splitWim(from, staged, partSize, signal));
  const parts = await partsBeside(staged);
  for (const part of [staged, ...parts]) await stampGuid(part, identity);
  return parts;
}
