// Random access to bytes that may be larger than memory: a disk image, the disk inside it, one partition, one file.
import { FormatError } from '../bytes.ts';

export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Exactly `size` bytes from `offset`, in a buffer of their own. Throws what the maker of the source throws when they cannot be had. */
  read(offset: number, size: number): Promise<Uint8Array>;
}

/** A stretch of another source as a source of its own. */
export function sliceOf(source: ByteSource, start: number, size: number, what: string): ByteSource {
  if (start < 0 || size < 0 || start + size > source.size) {
    throw new FormatError(what, `it ends at byte ${start + size}, what it lies in at byte ${source.size}`, start);
  }
  return {
    size,
    async read(offset, count) {
      if (offset < 0 || count < 0 || offset + count > size) {
        throw new FormatError(what, `bytes ${offset} to ${offset + count} are asked for (it has ${size})`, offset);
      }
      return source.read(start + offset, count);
    },
  };
}

/** Bytes at hand as a source. */
export function sourceOfBytes(bytes: Uint8Array, what = 'bytes'): ByteSource {
  return {
    size: bytes.length,
    async read(offset, count) {
      if (offset < 0 || count < 0 || offset + count > bytes.length) {
        throw new FormatError(what, `bytes ${offset} to ${offset + count} are asked for (there are ${bytes.length})`, offset);
      }
      return new Uint8Array(bytes.subarray(offset, offset + count)); // slice() of a Buffer would be no copy
    },
  };
}

/** What a block of a disk image holds: bytes of some source from an offset on, or nothing (zeros). */
export type Stretch = { readonly from: ByteSource; readonly at: number } | undefined;

/** A source that is put together from blocks: `locate` says where the byte at `offset` lies and for how many bytes that holds. */
export function mappedSource(
  size: number,
  locate: (offset: number) => Promise<{ readonly length: number; readonly stretch: Stretch }>,
): ByteSource {
  return {
    size,
    async read(offset, count) {
      if (offset < 0 || count < 0 || offset + count > size) {
        throw new FormatError('disk', `bytes ${offset} to ${offset + count} are asked for (it has ${size})`, offset);
      }
      const bytes = new Uint8Array(count);
      let done = 0;
      while (done < count) {
        const { length, stretch } = await locate(offset + done);
        const step = Math.min(length, count - done);
        if (step <= 0) throw new FormatError('disk', 'a block of no length', offset + done);
        if (stretch) bytes.set(await stretch.from.read(stretch.at, step), done);
        done += step;
      }
      return bytes;
    },
  };
}
