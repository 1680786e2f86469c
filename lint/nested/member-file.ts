// A member of an archive as rules see files: by a path below that of its archive.
import { ImageError } from '../../errors.ts';
import { type ImageFile, READ_MAX } from '../../image/image.ts';

const NONE: readonly never[] = Object.freeze([]);
const DIRECTORY = 0x10;
const ARCHIVE = 0x20;

/** The bytes of a member, asked for while its archive is open. */
export type MemberReader = () => AsyncIterable<Uint8Array>;

/** A class, because an archive may have 100,000 of them. */
export class MemberFile implements ImageFile {
  readonly path: string;
  readonly folder: boolean;
  readonly size: number;
  readonly shortName = '';
  readonly digest = undefined;
  readonly descriptor = undefined;
  readonly reparse = undefined;
  readonly streams = NONE;
  readonly links = NONE;
  readonly #reader: MemberReader;

  constructor(path: string, size: number, folder: boolean, reader: MemberReader) {
    this.path = path;
    this.size = size;
    this.folder = folder;
    this.#reader = reader;
  }

  get attributes(): number {
    return this.folder ? DIRECTORY : ARCHIVE;
  }

  async read(): Promise<Uint8Array> {
    if (this.size > READ_MAX)
      throw new ImageError('CONTENT_TOO_LARGE', `${this.path}: is too large to be read whole (${this.size} bytes, at most ${READ_MAX})`);
    const content = new Uint8Array(this.size);
    let done = 0;
    try {
      for await (const piece of this.#reader()) {
        content.set(piece.subarray(0, this.size - done), done);
        done = Math.min(this.size, done + piece.length);
        if (done === this.size) break;
      }
    } catch (cause) {
      throw new ImageError('CONTENT_UNREADABLE', `${this.path}: cannot be read from its archive`, { cause });
    }
    if (done < this.size) throw new ImageError('CONTENT_UNREADABLE', `${this.path}: ends early (${done} of ${this.size} bytes)`);
    return content;
  }
}
