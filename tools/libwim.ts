// libwim's decompressors inside this process, through a foreign function interface. They are native code over hostile bytes: only for a process of their own.
import type { Compression } from '../formats/wim/model.ts';

/** Fills `output` exactly; false when the bytes are damaged. */
export type NativeDecoder = (stored: Uint8Array, output: Uint8Array) => boolean;

/** From wimlib.h, enum wimlib_compression_type. */
const TYPES: Readonly<Record<Exclude<Compression, 'none'>, number>> = { xpress: 1, lzx: 2, lzms: 3 };

const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'libwim.so.15', darwin: 'libwim.15.dylib' };

/** The decoder for chunks of at most `chunkSize` bytes, or undefined when the library or the interface to it is not here. */
export async function nativeDecoder(compression: Exclude<Compression, 'none'>, chunkSize: number): Promise<NativeDecoder | undefined> {
  const name = NAMES[process.platform];
  if (name === undefined) return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load(name);
    const create = library.func('int wimlib_create_decompressor(int type, size_t size, _Out_ void **decompressor)');
    const decompress = library.func(
      'int wimlib_decompress(void *stored, size_t size, void *output, size_t outputSize, void *decompressor)',
    );
    const made: unknown[] = [null];
    // It lives as long as the process.
    if (create(TYPES[compression], chunkSize, made) !== 0) return undefined;
    return (stored, output) => decompress(stored, stored.length, output, output.length, made[0]) === 0;
  } catch {
    return undefined;
  }
}
