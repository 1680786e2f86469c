// The paths of an image in memory, for questions that cannot wait: one walk, then any number of answers.
import type { Image } from './image.ts';

/** Whether a path is in the image, in any case; undefined for one that runs through a link, which leads nobody knows where. */
export async function pathIndex(image: Image): Promise<(path: string) => boolean | undefined> {
  const paths = new Set<string>();
  const links: string[] = [];
  for await (const { path, folder, reparse } of image.walk()) {
    paths.add(path.toLowerCase());
    if (folder && reparse) links.push(`${path.toLowerCase()}/`);
  }
  return (given) => {
    const path = given.toLowerCase();
    if (paths.has(path)) return true;
    return links.some((link) => path.startsWith(link)) ? undefined : false;
  };
}
