// Contents that lie in the container although no file names them: scanned like files, found at a location of their own.
import { WtgforgeError } from '../errors.ts';
import type { Image, ImageFile } from '../image/image.ts';
import { ContentPlan } from './content-plan.ts';
import { type Reading, readContents } from './content-read.ts';
import type { Location } from './location.ts';
import { addedStats, NO_STATS, type ReadingStats } from './reading-stats.ts';

/** A blob that no file of any image names. */
export interface SlackContent {
  readonly digest: string;
  readonly size: number;
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

/** Scans them one by one; `places` learns where each really is, so that findings name the blob and no file. `watching` sees what is an archive. */
export async function readSlack(
  contents: AsyncIterable<SlackContent>,
  places: { set(path: string, place: Location): unknown },
  reading: Reading,
  watching: (from: Pick<Image, 'stream'>, reading: Reading) => Reading = (_, plain) => plain,
): Promise<ReadingStats> {
  let stats = NO_STATS;
  for await (const slack of contents) {
    reading.signal?.throwIfAborted();
    if (slack.size === 0) continue;
    // No path of an image looks like this: those begin with `/`.
    const path = `unreferenced-blob:${slack.digest}`;
    places.set(path, { slack: 'unreferenced-blob', of: slack.digest });
    const plan = new ContentPlan();
    plan.addScan(fileOf(path, slack));
    const stream = streamOf(slack);
    stats = addedStats(stats, await readContents(stream, plan.contents, watching(stream, reading)));
  }
  return stats;
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
