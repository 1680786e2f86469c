// Unpacks a small gzip file here: a system holds tens of thousands of them (manual pages, logs), and two processes for each take minutes.
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { gzipName } from '../../formats/gzip/name.ts';

/** Of the packed file, and of its content: both are held in memory, for as many archives as are open side by side. */
const PACKED_MAX = 4 * 1024 * 1024;
const CONTENT_MAX = 32 * 1024 * 1024;

export interface HeldMember {
  /** The name that the file says its content had, or undefined. */
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
}

const unpack = promisify(gunzip) as unknown as (
  bytes: Uint8Array,
  options: { readonly info: true; readonly maxOutputLength: number },
) => Promise<{ readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } }>;

/** Undefined for what is large, damaged, or followed by something else: 7-Zip is asked, which says what is the matter. */
export async function readSmallGzip(path: string, size: number, allowance: number): Promise<HeldMember | undefined> {
  if (size > PACKED_MAX) return undefined;
  const packed = await readFile(path);
  try {
    const { buffer, engine } = await unpack(packed, { info: true, maxOutputLength: Math.max(1, Math.min(CONTENT_MAX, allowance)) });
    return engine.bytesWritten === packed.length ? { name: gzipName(packed), bytes: buffer } : undefined;
  } catch {
    return undefined;
  }
}
