// Contents that lie in the container although no file names them: scanned like files, found at a location of their own.
import { WtgforgeError } from '../errors.ts';
import type { Image, ImageFile } from '../image/image.ts';
import type { StoredContent } from '../image/stored-content.ts';
import { type Content, ContentPlan } from './content-plan.ts';
import type { Location } from './location.ts';

/** A blob that no file of any image names. */
export interface SlackContent {
  readonly digest: string;
  readonly size: number;
  /** Where it lies, when processes can read it by themselves. */
  readonly stored?: StoredContent;
  read(): Promise<Uint8Array>;
}

/** A container that knows its left-over contents; asked for by its method, since most have none. */
interface HasUnreferenced {
  unreferencedBlobs(): Promise<readonly SlackContent[]>;
}

export function hasUnreferenced(container: object): container is HasUnreferenced {
  return 'unreferencedBlobs' in container && typeof container.unreferencedBlobs === 'function';
}

/**
 * The same contents as files of a folder: for a container inside an image, where they have no location of their own. Each has a number beside its
 * digest, and none that is gone by: a second copy of a blob claims the digest of the first.
 */
export function leftOverTree(contents: readonly SlackContent[]): Pick<Image, 'walk' | 'stream'> {
  const files = new Map<ImageFile, SlackContent>();
  for (const [at, content] of contents.entries())
    if (content.size > 0) files.set({ ...fileOf(`/${at + 1}-${content.digest}`, content), digest: undefined }, content);
  return {
    async *walk() {
      yield* files.keys();
    },
    async *stream(requests) {
      for (const request of requests) yield* streamOf(files.get(request.file)!).stream([request]);
    },
  };
}

/** Contents to read with those of an image, and where to read both. */
export interface SlackReading {
  readonly source: Pick<Image, 'stream' | 'stored'>;
  readonly contents: readonly Content[];
}

/** `places` learns where each really is, so that findings name the blob and no file. */
export function withSlack(
  image: Pick<Image, 'stream' | 'stored'>,
  slack: readonly SlackContent[],
  places: { set(path: string, place: Location): unknown },
): SlackReading {
  const held = new Map<ImageFile, SlackContent>();
  const contents = slack
    .filter(({ size }) => size > 0)
    .flatMap((one) => {
      // No path of an image looks like this: those begin with `/`.
      const path = `unreferenced-blob:${one.digest}`;
      places.set(path, { slack: 'unreferenced-blob', of: one.digest });
      const file = fileOf(path, one);
      held.set(file, one);
      // Each in a plan of its own: two that claim one digest may be two contents.
      const plan = new ContentPlan();
      plan.addScan(file);
      return [...plan];
    });
  return {
    contents,
    source: {
      stored: (request) => (held.has(request.file) ? held.get(request.file)!.stored : image.stored?.(request)),
      async *stream(requests, signal) {
        const others = requests.filter(({ file }) => !held.has(file));
        if (others.length > 0) yield* image.stream(others, signal);
        for (const request of requests) {
          const one = held.get(request.file);
          if (one) yield* streamOf(one).stream([request], signal);
        }
      },
    },
  };
}

/** The blob as if it were a file, as rules see contents. */
function fileOf(path: string, slack: SlackContent): ImageFile {
  return {
    path,
    folder: false,
    size: slack.size,
    attributes: 0,
    shortName: '',
    digest: slack.digest,
    descriptor: undefined,
    reparse: undefined,
    streams: [],
    links: [],
    read: () => slack.read(),
  };
}

function streamOf(slack: SlackContent): Pick<Image, 'stream'> {
  return {
    async *stream([request]) {
      if (!request) return;
      try {
        yield { request, offset: 0, bytes: await slack.read(), last: true };
      } catch (error) {
        if (!(error instanceof WtgforgeError)) throw error;
        yield { request, offset: 0, bytes: new Uint8Array(), last: true, failed: error.message };
      }
    },
  };
}
