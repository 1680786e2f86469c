// The time zones that an image knows: Windows reads them from its registry, so updates and versions differ.
import type { Image } from './image.ts';

const KEY = 'Microsoft\\Windows NT\\CurrentVersion\\Time Zones';

/** Names as the SOFTWARE hive lists them; none when the image has no such list. */
export async function listedTimeZones(image: Pick<Image, 'has' | 'hive'>): Promise<readonly string[]> {
  return (await image.has('/Windows/System32/config/SOFTWARE')) ? (await image.hive('SOFTWARE')).keys(KEY) : [];
}
