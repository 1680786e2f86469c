// A file of this machine as a source of bytes: opened once, read at offsets, closed by whoever opened it.
import { type FileHandle, open } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';
import type { ByteSource } from '../../formats/disk/source.ts';

export interface FileSource extends ByteSource {
  readonly path: string;
  close(): Promise<void>;
}

export async function openFileSource(path: string): Promise<FileSource> {
  const file = await open(path, 'r');
  try {
    return new OpenFile(path, file, (await file.stat()).size);
  } catch (error) {
    await file.close();
    throw error;
  }
}

class OpenFile implements FileSource {
  readonly path: string;
  readonly size: number;
  private readonly file: FileHandle;

  constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  async read(offset: number, size: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await this.file.read(bytes, done, size - done, offset + done);
      if (bytesRead === 0) {
        throw new ImageError(
          'CONTAINER_TRUNCATED',
          `${this.path}: is cut short (byte ${offset + done} is asked for, it ends at ${this.size})`,
          {
            hint: 'Copy or download the image again; the end is missing.',
          },
        );
      }
      done += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
