// The security descriptors of new files and folders in a WIM image: inherited from the folder they stand in, kept once each.
import { ImageError } from '../../errors.ts';
import { bufferOf, FormatError } from '../../formats/bytes.ts';
import { inheritDescriptor } from '../../formats/security-descriptor/inherit.ts';
import { parseDescriptor } from '../../formats/security-descriptor/parse.ts';
import { renderDescriptor } from '../../formats/security-descriptor/render.ts';
import type { DirEntry } from '../../formats/wim/model.ts';
import { pathOf } from './wim-place.ts';

/** No descriptor, in an entry's `securityId`. */
const NONE = -1;

export class Descriptors {
  /** The image's descriptors and, behind them, the new ones. */
  readonly list: Uint8Array[];
  private readonly ids = new Map<string, number>();

  constructor(stored: readonly Uint8Array[]) {
    this.list = [...stored];
    for (const [id, bytes] of stored.entries()) {
      const key = keyOf(bytes);
      if (!this.ids.has(key)) this.ids.set(key, id);
    }
  }

  /** The id for something new in the innermost of `folders` (the root first); -1 when none of them has a descriptor to inherit from. */
  idForNew(folders: readonly DirEntry[], folder: boolean): number {
    const nearest = folders.findLastIndex((above) => above.securityId >= 0);
    if (nearest < 0) return NONE;
    try {
      let descriptor = parseDescriptor(this.list[folders[nearest]!.securityId]!);
      // Folders without one would have inherited it themselves.
      for (let depth = nearest + 1; depth < folders.length; depth++) descriptor = inheritDescriptor(descriptor, true);
      return this.idOf(renderDescriptor(inheritDescriptor(descriptor, folder)));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const path = pathOf({ chain: folders.slice(0, nearest + 1) });
      throw new ImageError('DESCRIPTOR_CORRUPT', `${path}: new files cannot inherit its access list (${error.message})`, { cause: error });
    }
  }

  private idOf(bytes: Uint8Array): number {
    const key = keyOf(bytes);
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.list.push(bytes) - 1;
      this.ids.set(key, id);
    }
    return id;
  }
}

function keyOf(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1');
}
