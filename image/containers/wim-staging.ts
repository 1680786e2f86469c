// The staged copy of a WIM while it is written: what is kept of the source stands where it stood, all between is zero, new parts go behind it.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, type FileHandle, open, rm, stat } from 'node:fs/promises';
import { ImageError, ToolError, WtgforgeError } from '../../errors.ts';
import { copyWithCp } from '../../tools/cp.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Large enough that calls cost little, small enough that a signal is seen at once and memory stays flat. */
const PIECE = 4 * 1024 * 1024;

/** What a copy without shared extents answers: the file system cannot, the file systems differ, the kernel does not know. */
const NO_CLONE = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOSYS', 'ENOTTY', 'EPERM']);

export class StagedFile {
  private readonly file: FileHandle;
  private readonly path: string;
  private readonly signal: AbortSignal | undefined;
  /** Where the next part goes. */
  end: number;

  private constructor(path: string, file: FileHandle, end: number, signal: AbortSignal | undefined) {
    this.path = path;
    this.file = file;
    this.end = end;
    this.signal = signal;
  }

  /**
   * Makes the file from a header and the given ranges of the source, which are sorted, apart from each other and behind the header. A failure leaves
   * no file.
   */
  static async make(
    source: string,
    path: string,
    header: Uint8Array,
    ranges: readonly Range[],
    signal?: AbortSignal,
    clone = shareExtents,
  ): Promise<StagedFile> {
    await refuseSame(source, path);
    await rm(path, { force: true }).catch((error) => Promise.reject(outputError(path, error)));
    // As `cp` does, but always writable for us.
    const mode = ((await stat(source)).mode & 0o777) | 0o600;
    const end = ranges.at(-1)?.end ?? header.length;
    const cloned = (await clone(source, path, mode)) || (await copyWhole(source, path, mode, ranges, signal));
    const file = await open(path, cloned ? 'r+' : 'wx+', mode).catch((error) => Promise.reject(outputError(path, error)));
    const staged = new StagedFile(path, file, end, signal);
    try {
      // First of all: a file that is found half written must say so.
      await staged.write(header, 0);
      if (cloned) await staged.clearOutside(header.length, ranges);
      else await staged.copy(source, ranges);
      await file.truncate(end);
      return staged;
    } catch (error) {
      await staged.discard();
      throw outputError(path, error);
    }
  }

  /** Writes a part behind all others and gives its offset. */
  async append(bytes: Uint8Array): Promise<number> {
    const at = this.end;
    await this.write(bytes, at);
    this.end += bytes.length;
    return at;
  }

  async write(bytes: Uint8Array, at: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        this.signal?.throwIfAborted();
        const { bytesWritten } = await this.file.write(bytes, done, Math.min(PIECE, bytes.length - done), at + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw outputError(this.path, error);
    }
  }

  /** SHA-1 of each stretch of `size` bytes from `start` to the end. */
  async digests(start: number, size: number): Promise<readonly Uint8Array[]> {
    const digests: Uint8Array[] = [];
    const piece = new Uint8Array(Math.min(size, PIECE));
    for (let at = start; at < this.end; at += size) {
      const hash = createHash('sha1');
      const stop = Math.min(at + size, this.end);
      for (let position = at; position < stop; ) {
        this.signal?.throwIfAborted();
        const read = await readPiece(this.file, this.path, piece, position, stop);
        hash.update(piece.subarray(0, read));
        position += read;
      }
      digests.push(hash.digest());
    }
    return digests;
  }

  /** All parts are there: writes the header that makes them a WIM. Nobody waits for the disk here: settle does, before the file gets its name. */
  async finish(header: Uint8Array): Promise<void> {
    try {
      this.signal?.throwIfAborted();
      await this.write(header, 0);
      await this.file.close();
    } catch (error) {
      throw outputError(this.path, error);
    }
  }

  /** Gives up: the file goes away. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await rm(this.path, { force: true });
  }

  private async copy(source: string, ranges: readonly Range[]): Promise<void> {
    const from = await open(source, 'r');
    try {
      // Two pieces: one is read while the other is written.
      const pieces = [new Uint8Array(PIECE), new Uint8Array(PIECE)] as const;
      let writing: Promise<void> = Promise.resolve();
      let turn = 0;
      for (const range of ranges) {
        for (let at = range.start; at < range.end; turn++) {
          const piece = pieces[turn % 2 === 0 ? 0 : 1];
          const read = await readPiece(from, source, piece, at, range.end);
          await writing;
          writing = this.write(piece.subarray(0, read), at);
          writing.catch(() => undefined); // seen at the next await
          at += read;
        }
      }
      await writing;
    } finally {
      await from.close();
    }
  }

  private async clearOutside(start: number, ranges: readonly Range[]): Promise<void> {
    const zeros = new Uint8Array(PIECE);
    let position = start;
    for (const range of ranges) {
      for (; position < range.start; position += PIECE) {
        await this.write(zeros.subarray(0, Math.min(PIECE, range.start - position)), position);
      }
      position = range.end;
    }
  }
}

/** Ranges in order, those that touch or overlap made one. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: { start: number; end: number }[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const before = merged.at(-1);
    if (before && range.start <= before.end) before.end = Math.max(before.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

/** Shares the source's extents where the file system can; says whether it did. */
async function shareExtents(source: string, path: string, mode: number): Promise<boolean> {
  try {
    await copyFile(source, path, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  } catch (error) {
    if (!NO_CLONE.has((error as NodeJS.ErrnoException).code ?? '')) throw outputError(path, error);
    await rm(path, { force: true });
    return false;
  }
  await chmod(path, mode);
  return true;
}

/** From this part of the source on, copying all of it and clearing the rest is cheaper than copying piece by piece. */
const MOSTLY = 0.9;

/** Copies the whole source inside the kernel where nearly all of it is kept; says whether it did. */
async function copyWhole(source: string, path: string, mode: number, ranges: readonly Range[], signal?: AbortSignal): Promise<boolean> {
  const { size } = await stat(source);
  const kept = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  if (size < 16 * PIECE || kept < MOSTLY * size) return false;
  try {
    await copyWithCp(source, path, signal);
  } catch (error) {
    await rm(path, { force: true });
    // Whatever is wrong, the copy of our own meets it too and can say what it is.
    if (error instanceof ToolError) return false;
    throw error;
  }
  await chmod(path, mode);
  return true;
}

async function readPiece(file: FileHandle, path: string, piece: Uint8Array, at: number, stop: number): Promise<number> {
  const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, stop - at), at);
  if (bytesRead > 0) return bytesRead;
  throw new ImageError('CONTAINER_TRUNCATED', `${path}: ended at byte ${at} while it was read`, {
    hint: 'Something changed the file during the build. Leave it alone and build again.',
  });
}

async function refuseSame(source: string, path: string): Promise<void> {
  const [from, to] = await Promise.all([stat(source), stat(path).catch(() => undefined)]);
  if (to && from.dev === to.dev && from.ino === to.ino) {
    throw new ImageError('OUTPUT_IS_SOURCE', `${path}: is the source itself, which is never written`, {
      hint: 'Choose another output path.',
    });
  }
}

/** A full or closed disk is the user's to mend; anything else passes as it is. */
function outputError(path: string, error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new WtgforgeError('OUTPUT_FULL', `${path}: there is no room for the output`, {
        hint: 'Free space on that file system, or choose another output path.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ERR_FS_EISDIR':
      return new WtgforgeError('OUTPUT_NOT_WRITABLE', `${path}: cannot be written (${(error as Error).message})`, {
        hint: 'Choose an output path in a folder that you may write to.',
        cause: error,
      });
    default:
      return error;
  }
}
