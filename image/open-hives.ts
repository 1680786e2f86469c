// The hives of one image that are open: each is read once, whoever asks for it.
import { openImageHive } from './hive-load.ts';
import { hivePath } from './hive-path.ts';
import type { Hive, HiveName, Image } from './image.ts';

export class OpenHives {
  private readonly image: Pick<Image, 'find'>;
  private readonly hives = new Map<string, Promise<Hive>>();

  constructor(image: Pick<Image, 'find'>) {
    this.image = image;
  }

  /** @throws ImageError when there is no such hive, or it is none. */
  open(name: HiveName): Promise<Hive> {
    const path = hivePath(name);
    const key = path.toLowerCase();
    let hive = this.hives.get(key);
    if (!hive) {
      hive = openImageHive(this.image, path);
      this.hives.set(key, hive);
    }
    return hive;
  }

  clear(): void {
    this.hives.clear();
  }
}
