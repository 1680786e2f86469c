// The boot configuration stores of an image: every file of that name that is a store.
import { WtgforgeError } from '../../errors.ts';
import { type BcdStore, isBcdStore, readBcdStore } from '../../formats/bcd/store.ts';
import { FormatError } from '../../formats/bytes.ts';
import type { HiveName } from '../../image/image.ts';
import { imageView } from '../view.ts';

export interface HeldBcdStore {
  readonly hive: HiveName; // its path
  readonly store: BcdStore;
}

/** The boot manager reads `\Boot\BCD` and `\EFI\Microsoft\Boot\BCD`; bcdboot makes a new one from the template. */
const FILES = ['/**/BCD', '/**/BCD-Template', '/**/BCD.bak', '/**/BCD.old'];
const STORES_MAX = 64;

export const bcd = imageView<readonly HeldBcdStore[]>({
  walks: [FILES],
  async read(image, sight) {
    const stores: HeldBcdStore[] = [];
    for await (const file of sight.walk(FILES)) {
      if (file.folder || file.reparse || file.size === 0) continue;
      if (stores.length >= STORES_MAX) {
        sight.unseen(`there are more than ${STORES_MAX} boot configuration stores`);
        break;
      }
      const path = file.path as HiveName;
      try {
        const hive = await image.hive(path);
        if (!isBcdStore(hive)) continue;
        const store = readBcdStore(hive);
        for (const fault of store.faults) sight.unseen(`${path}: ${fault}`);
        stores.push({ hive: path, store });
      } catch (error) {
        if (error instanceof FormatError) sight.unseen(`${path}: ${error.message}`);
        else if (error instanceof WtgforgeError) sight.unseen(error.message);
        else throw error;
      }
    }
    return stores;
  },
});
