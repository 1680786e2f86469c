// A base that the user trusts: contents of the image that stand there at the same path are not scanned again, once their stored bytes are found the same.
import { stat } from 'node:fs/promises';
import { WtgforgeError } from '../errors.ts';
import type { Container, Image, ImageFile, ImageInfo } from '../image/image.ts';
import { openContainer } from '../image/open.ts';
import type { ContentStore, StoredContent } from '../image/stored-content.ts';
import type { Content, Place } from './content-plan.ts';

/** An image that shares fewer of its contents with the base was not made from it. */
const SHARE_MIN = 0.5;

/** For each content what the base claims to be the same; a reader compares the bytes. Or why nothing of the base is trusted. */
export type Claims = ReadonlyMap<Content, StoredContent> | { readonly refused: string };

export interface Base {
  /** The base's image of the same Windows, for what rules compare with it; undefined when there is none, or the base is what is checked. Whoever asks closes it. */
  alike(info: ImageInfo): Promise<Image | undefined>;
  /** The file of that image, whose stored bytes are compared; undefined when there is none such. */
  store(info: ImageInfo): ContentStore | undefined;
  claims(image: Image, contents: readonly Content[]): Promise<Claims>;
  close(): Promise<void>;
}

/** @throws ImageError when the base cannot be opened. */
export async function openBase(path: string, linted: Pick<Container, 'path'>): Promise<Base> {
  const container = await openContainer(path);
  const isSame = await sameFile(path, linted.path);
  return {
    alike: async (info) => {
      const index = isSame ? undefined : indexOf(container, info);
      return index === undefined ? undefined : container.open(index);
    },
    store: (info) => {
      const index = isSame ? undefined : indexOf(container, info);
      return index === undefined ? undefined : container.store?.(index);
    },
    claims: async (image, contents) => {
      if (isSame) return { refused: `${path}: is the very file that is checked` };
      if (!image.stored) return { refused: `the contents of a ${image.info.container} cannot be compared with those of a base` };
      return claimsOf(container, image, contents);
    },
    close: () => container.close(),
  };
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([stat(a), stat(b)]);
  return one.dev === other.dev && one.ino === other.ino;
}

async function claimsOf(container: Container, image: Image, contents: readonly Content[]): Promise<Claims> {
  const index = indexOf(container, image.info);
  if (index === undefined) {
    const { edition, build, architecture } = image.info;
    return { refused: `${container.path}: holds no image of ${edition} ${build} ${architecture}` };
  }
  const base = await container.open(index);
  try {
    if (!base.stored) return { refused: `${container.path}: the contents of a ${container.id} cannot be compared` };
    const scanned = contents.filter(({ places }) => places.length > 0);
    const claims = new Map<Content, StoredContent>();
    for (const content of scanned) {
      const found = await sameEverywhere(base, content);
      if (found) claims.set(content, found);
    }
    if (claims.size < SHARE_MIN * scanned.length) {
      return { refused: `${container.path}: is another image (it shares ${claims.size} of ${scanned.length} contents)` };
    }
    return claims;
  } finally {
    await base.close();
  }
}

/** The image with the same index when it is of the same Windows, else the first that is. */
function indexOf({ images }: Container, { index, edition, build, architecture }: ImageInfo): number | undefined {
  const alike = images.filter(({ info }) => info.edition === edition && info.build === build && info.architecture === architecture);
  return (alike.find(({ info }) => info.index === index) ?? alike[0])?.info.index;
}

/** A content with one place that the base does not know is no content of the base. */
async function sameEverywhere(base: Image, { places }: Content): Promise<StoredContent | undefined> {
  let found: StoredContent | undefined;
  for (const place of places) {
    const file = await baseFile(base, place);
    if (!file) return undefined;
    found ??= base.stored?.(place.stream === undefined ? { file } : { file, stream: place.stream });
  }
  return found;
}

async function baseFile(base: Image, { file, stream }: Place): Promise<ImageFile | undefined> {
  try {
    const other = await base.find(file.path);
    if (!other || other.folder || other.path !== file.path) return undefined;
    const [claimed, held] = [file, other].map((one) => (stream === undefined ? one : one.streams.find(({ name }) => name === stream)));
    return claimed?.digest !== undefined && claimed.digest === held?.digest && claimed.size === held.size ? other : undefined;
  } catch (error) {
    if (error instanceof WtgforgeError) return undefined; // a path that the base does not know in this form
    throw error;
  }
}
