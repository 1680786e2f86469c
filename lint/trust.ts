// A base that the user trusts: contents of the image that stand there at the same path are not scanned again, once their stored bytes are found the same.
import { stat } from 'node:fs/promises';
import type { Container, Image, ImageInfo } from '../image/image.ts';
import { openContainer } from '../image/open.ts';
import type { ContentStore } from '../image/stored-content.ts';

export interface Base {
  readonly path: string;
  /** The base's image of the same Windows, for what rules compare with it; undefined when there is none, or the base is what is checked. Whoever asks closes it. */
  alike(info: ImageInfo): Promise<Image | undefined>;
  /** The file and image whose stored bytes are compared, or why there is none such. */
  store(info: ImageInfo): ContentStore | { readonly refused: string };
  close(): Promise<void>;
}

/** @throws ImageError when the base cannot be opened. */
export async function openBase(path: string, linted: Pick<Container, 'path'>): Promise<Base> {
  const container = await openContainer(path);
  const isSame = await sameFile(path, linted.path);
  return {
    path,
    alike: async (info) => {
      const index = isSame ? undefined : indexOf(container, info);
      return index === undefined ? undefined : container.open(index);
    },
    store: (info) => {
      if (isSame) return { refused: `${path}: is the very file that is checked` };
      const index = indexOf(container, info);
      const { edition, build, architecture } = info;
      if (index === undefined) return { refused: `${path}: holds no image of ${edition} ${build} ${architecture}` };
      return container.store?.(index) ?? { refused: `${path}: the contents of a ${container.id} cannot be compared` };
    },
    close: () => container.close(),
  };
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a), stat(b)]);
  return one.dev === other.dev && one.ino === other.ino;
}

/** The image with the same index when it is of the same Windows, else the first that is. */
function indexOf({ images }: Container, { index, edition, build, architecture }: ImageInfo): number | undefined {
  const alike = images.filter(({ info }) => info.edition === edition && info.build === build && info.architecture === architecture);
  return (alike.find(({ info }) => info.index === index) ?? alike[0])?.info.index;
}
