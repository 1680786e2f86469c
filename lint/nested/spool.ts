// Contents in temporary files of their own, for readers that have to seek: made for us alone, named by nobody, gone when they were used.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFull, withScratch } from '../../tools/scratch.ts';

/** How much of a file is read at a time. */
const PIECE = 1024 * 1024;

export interface Spooled {
  readonly path: string;
  readonly size: number;
}

/**
 * Writes the pieces to a private file and hands it to `use`; the folder holds nothing else, so that no reader finds a second volume beside it.
 * @param max when more comes, the file is cut there and `cut` is true
 */
export async function withSpool<T>(
  pieces: AsyncIterable<Uint8Array>,
  max: number,
  use: (spooled: Spooled & { readonly cut: boolean }) => Promise<T>,
): Promise<T> {
  return withScratch(async (folder) => {
    const path = join(folder, 'content');
    const writer = await SpoolWriter.create(path);
    let cut = false;
    try {
      for await (const piece of pieces) {
        const rest = max - writer.size;
        await writer.write(piece.length > rest ? piece.subarray(0, rest) : piece);
        cut = piece.length > rest;
        if (cut) break;
      }
    } finally {
      await writer.close();
    }
    return use({ path, size: writer.size, cut });
  });
}

/** A private file that grows. */
export class SpoolWriter {
  size = 0;
  private readonly file: FileHandle;

  private constructor(file: FileHandle) {
    this.file = file;
  }

  static async create(path: string): Promise<SpoolWriter> {
    return new SpoolWriter(await open(path, 'wx', 0o600));
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.file.write(bytes, at)).bytesWritten;
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? scratchFull(error) : error;
    }
    this.size += bytes.length;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** The bytes of a temporary file from `start` to `end`, piece by piece; they hold until the next piece is asked for. */
export async function* readSpool(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(Math.max(1, Math.min(PIECE, end - start)));
    for (let at = start; at < end; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}
