// Where the hives lie in an image.
import type { HiveName } from './image.ts';

/** Path of a hive file in the image: the five machine hives stand in System32\config, any other is its own path. */
export function hivePath(name: HiveName): string {
  return name.startsWith('/') ? name : `/Windows/System32/config/${name}`;
}
