// What goes with a folder or a key that a step removes: the files and values below it, for the report.
import { ImageError } from '../errors.ts';
import { XML_MAX_BYTES } from '../formats/xml/decode.ts';
import type { Bounded, Draft } from './draft.ts';
import type { Hive, ImageFile, StoredValue } from './image.ts';

/** What a report lists of one removal; the rest is counted. */
export const LISTED_MAX = 5000;
/** Windows nests keys 512 deep at most. */
const DEPTH_MAX = 512;

/** The file itself, or all files below a folder. */
export async function filesAt(draft: Pick<Draft, 'walk'>, file: ImageFile): Promise<Bounded<{ path: string; size: number }>> {
  if (!file.folder || file.reparse) return { entries: [{ path: file.path, size: file.size }], more: 0 };
  const list = bounded<{ path: string; size: number }>();
  const below = `${file.path.toLowerCase()}/`;
  // By the start of the path: what a glob takes for a sign may stand in a name.
  for await (const { path, size, folder } of draft.walk()) {
    if (!folder && path.toLowerCase().startsWith(below)) list.add({ path, size });
  }
  return list.done();
}

/** The values of a key and of every key below it. */
export function valuesBelow(hive: Pick<Hive, 'values' | 'keys'>, key: string): Bounded<{ key: string; value: StoredValue }> {
  const list = bounded<{ key: string; value: StoredValue }>();
  let level = [key];
  for (let depth = 0; level.length > 0 && depth <= DEPTH_MAX; depth++) {
    for (const at of level) for (const value of hive.values(at)) list.add({ key: at, value });
    level = level.flatMap((at) => hive.keys(at).map((name) => `${at}\\${name}`));
  }
  return list.done();
}

/** The content of a stored file for the report; a file that nobody can read may go all the same. */
export async function xmlOf(file: ImageFile): Promise<Uint8Array | undefined> {
  if (file.folder || file.reparse || file.size > XML_MAX_BYTES) return undefined;
  try {
    return await file.read();
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function bounded<T>() {
  const entries: T[] = [];
  let more = 0;
  return {
    add(entry: T) {
      if (entries.length < LISTED_MAX) entries.push(entry);
      else more++;
    },
    done: (): Bounded<T> => ({ entries, more }),
  };
}
