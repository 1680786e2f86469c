// Parsed views that rules share: what a view is, how each is computed once for all rules of a run, and what a rule gets of it.
import { createHash } from 'node:crypto';
import { WtgforgeError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import type { Image, ImageFile } from '../image/image.ts';

/** What a view may use while it reads. */
export interface Sight {
  /** A part that could not be read, with its place and the reason: every rule that asks for the view becomes unable with it. */
  unseen(reason: string): void;
  /** The files that the globs take, one of the lists of `walks`: found while the image is walked once for all. */
  walk(files: readonly string[]): Iterable<ImageFile> | AsyncIterable<ImageFile>;
  /** Another view, shared as with rules; what it could not see counts for this one, too. */
  see<V extends View>(view: V): Access<V>;
}

/** One value for the image: the hosts file, the tasks, the boot configuration. */
export interface ImageView<T> {
  readonly of: 'image';
  /** Lists of globs for which it looks over the whole image. */
  readonly walks?: readonly (readonly string[])[];
  /** @throws FormatError or WtgforgeError when nothing at all can be seen. */
  read(image: Image, sight: Sight): Promise<T>;
}

/** One value for each content: the facts of a program, the text of a script. */
export interface ContentView<T> {
  readonly of: 'content';
  /** Larger contents are not parsed, in bytes. */
  readonly max: number;
  /** What of the path the parser goes by, such as the extension; '' unless given. */
  variant?(path: string): string;
  /**
   * The value; undefined when the content is of another kind, which is no fault.
   * @throws FormatError when it is of this kind and cannot be parsed.
   */
  parse(content: Uint8Array, variant: string, sight: Pick<Sight, 'unseen'>): T | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a view of whatever value.
export type View = ImageView<any> | ContentView<any>;

/** A content of the image: the file, or one of its named streams. */
export interface Viewed {
  readonly file: ImageFile;
  readonly stream?: string;
}

/**
 * What a rule calls. Undefined when there is nothing of this kind, and when it cannot be parsed: then the rule is unable, with the reason.
 * A content view takes the content that the engine handed to the rule, and reads it itself when there is none.
 */
export type Access<V> =
  V extends ImageView<infer T>
    ? () => Promise<T | undefined>
    : V extends ContentView<infer T>
      ? (viewed: Viewed, content?: Uint8Array) => Promise<T | undefined>
      : never;

export const imageView = <T>(view: Omit<ImageView<T>, 'of'>): ImageView<T> => ({ of: 'image', ...view });

export const contentView = <T>(view: Omit<ContentView<T>, 'of'>): ContentView<T> => ({ of: 'content', ...view });

/** Parsed contents that are kept, and bytes of them; rules that look at one content are called one after another. */
const KEPT_MAX = 64;
const KEPT_BYTES = 512 * 1024;

interface Seen {
  readonly value: unknown;
  readonly unseen: readonly string[];
}

/** What was seen in contents; the oldest goes first, the newest is kept however large it is. */
class KeptSights {
  private readonly sights = new Map<string, { readonly seen: Seen; readonly bytes: number }>();
  private bytes = 0;

  get(id: string): Seen | undefined {
    return this.sights.get(id)?.seen;
  }

  add(id: string, seen: Seen, bytes: number): void {
    this.bytes += bytes;
    for (const [oldest, known] of this.sights) {
      if (this.sights.size < KEPT_MAX && this.bytes <= KEPT_BYTES) break;
      this.sights.delete(oldest);
      this.bytes -= known.bytes;
    }
    this.sights.set(id, { seen, bytes });
  }
}

/** The views of one image in one run. */
export class ViewStore {
  private readonly image: Image;
  private walked: ReadonlyMap<readonly string[], readonly ImageFile[]> = new Map();
  private readonly ofImage = new Map<View, Promise<Seen>>();
  /** By view, our own digest of the content, and variant: a digest that the container claims is no proof of what was parsed. */
  private readonly ofContent = new Map<View, KeptSights>();
  private readonly digests = new WeakMap<Uint8Array, string>();

  constructor(image: Image) {
    this.image = image;
  }

  /** Takes what a walk over the whole image found for the lists of globs of the views. */
  foretell(walked: ReadonlyMap<readonly string[], readonly ImageFile[]>): void {
    this.walked = walked;
  }

  /** The views by name for one rule; what cannot be seen goes to its `unable`. */
  open<V extends Readonly<Record<string, View>>>(views: V, unable: (reason: string) => void): { readonly [K in keyof V]: Access<V[K]> } {
    const opened = Object.entries(views).map(([name, view]) => [name, this.access(view, unable)] as const);
    return Object.fromEntries(opened) as { [K in keyof V]: Access<V[K]> };
  }

  private access<V extends View>(view: V, unable: (reason: string) => void): Access<V> {
    const told = ({ value, unseen }: Seen) => {
      for (const reason of unseen) unable(reason);
      return value;
    };
    const opened =
      view.of === 'image'
        ? async () => told(await this.imageSeen(view))
        : async (viewed: Viewed, content?: Uint8Array) => told(await this.contentSeen(view, viewed, content));
    return opened as Access<V>;
  }

  private imageSeen(view: ImageView<unknown>): Promise<Seen> {
    const known = this.ofImage.get(view);
    if (known) return known;
    const unseen: string[] = [];
    const tell = (reason: string) => void unseen.push(reason);
    const sight: Sight = {
      unseen: tell,
      see: (other) => this.access(other, tell),
      walk: (files) => this.walked.get(files) ?? this.image.walk({ files }),
    };
    const seen = (async () => ({ value: await orReason(() => view.read(this.image, sight), tell), unseen }))();
    this.ofImage.set(view, seen);
    return seen;
  }

  private async contentSeen(view: ContentView<unknown>, viewed: Viewed, given: Uint8Array | undefined): Promise<Seen> {
    const { file, stream } = viewed;
    const place = stream === undefined ? file.path : `${file.path}:${stream}`;
    const size = given?.length ?? (stream === undefined ? file.size : (file.streams.find(({ name }) => name === stream)?.size ?? 0));
    if (size > view.max) {
      return { value: undefined, unseen: [`${place}: is too large to be looked at (${size} bytes, at most ${view.max})`] };
    }
    const unread: string[] = [];
    const content =
      given ??
      (await orReason(
        () => file.read(stream),
        (reason) => void unread.push(reason),
      ));
    if (content === undefined) return { value: undefined, unseen: unread };
    const { value, unseen } = this.parsed(view, content, view.variant?.(place) ?? '');
    return { value, unseen: unseen.map((reason) => `${place}: ${reason}`) };
  }

  private parsed(view: ContentView<unknown>, content: Uint8Array, variant: string): Seen {
    const kept = this.ofContent.get(view) ?? new KeptSights();
    this.ofContent.set(view, kept);
    const id = `${this.digestOf(content)} ${variant}`;
    const known = kept.get(id);
    if (known) return known;
    const unseen: string[] = [];
    const tell = (reason: string) => void unseen.push(reason);
    const seen: Seen = { value: orReasonNow(() => view.parse(content, variant, { unseen: tell }), tell), unseen };
    kept.add(id, seen, content.length);
    return seen;
  }

  private digestOf(content: Uint8Array): string {
    const known = this.digests.get(content);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(content).digest('base64');
    this.digests.set(content, digest);
    return digest;
  }
}

async function orReason<T>(read: () => Promise<T>, tell: (reason: string) => void): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    tell(reasonOf(error));
    return undefined;
  }
}

function orReasonNow<T>(parse: () => T, tell: (reason: string) => void): T | undefined {
  try {
    return parse();
  } catch (error) {
    tell(reasonOf(error));
    return undefined;
  }
}

/** Anything else is a bug of the view and goes on as one: the rule crashes, and is unable by that. */
function reasonOf(error: unknown): string {
  if (error instanceof FormatError || error instanceof WtgforgeError) return error.message;
  throw error;
}
