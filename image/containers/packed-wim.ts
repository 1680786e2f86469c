// ESD files (LZMS, solid) and split WIMs: turned into a plain WIM in a private temporary file, which is then read like any other.
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, ToolError } from '../../errors.ts';
import { FormatError, utf16 } from '../../formats/bytes.ts';
import { compressionOf, isPipableWim, isWim, parseHeader } from '../../formats/wim/header.ts';
import { HEADER_SIZE, type WimHeader } from '../../formats/wim/model.ts';
import { makeScratch, removeScratch, scratchFull } from '../../tools/scratch.ts';
import { exportWim, joinWim } from '../../tools/wimlib.ts';
import type { Container, ImageSummary } from '../image.ts';
import { saysFull } from './room.ts';
import { splitParts } from './split-wim.ts';
import { openWim, type WimContainer } from './wim.ts';
import { imageErrorOf } from './wim-errors.ts';

/** WIM version that marks solid resources (wimlib header.h). */
const VERSION_SOLID = 0xe00;
const XML_BYTES_MAX = 64 * 1024 * 1024;

export type PackedKind = 'esd' | 'swm';

/** What must be done before the file can be read; undefined for a plain WIM, and for what is none: reading it says what is wrong. */
export async function packedKind(path: string): Promise<{ readonly kind: PackedKind; readonly header: WimHeader } | undefined> {
  const head = await readAt(path, 0, HEADER_SIZE);
  if (head.length < HEADER_SIZE || !isWim(head) || isPipableWim(head)) return undefined;
  let header: WimHeader;
  try {
    header = parseHeader(head);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
  if (header.totalParts > 1) return { kind: 'swm', header };
  return header.version === VERSION_SOLID || compressionOf(header) === 'lzms' ? { kind: 'esd', header } : undefined;
}

/**
 * Opens it as if it were a plain WIM; the temporary file goes when the container is closed.
 * @throws ImageError ESD_ENCRYPTED, PARTS_ABSENT, PARTS_FOREIGN, CONTAINER_CORRUPT
 */
export async function openPackedWim(
  path: string,
  { kind, header }: { readonly kind: PackedKind; readonly header: WimHeader },
): Promise<Container> {
  await refuseEncrypted(path, header);
  const folder = await makeScratch();
  const plain = join(folder, 'plain.wim');
  try {
    if (kind === 'swm') await joinWim(await splitParts(path, header), plain);
    // XPRESS: the quickest to write and to read of those that are not huge.
    else await exportWim(path, plain, { compress: 'xpress' });
    // A split ESD.
    const still = await packedKind(plain);
    if (still) {
      const joined = plain;
      await exportWim(joined, join(folder, 'plainer.wim'), { compress: 'xpress' });
      return packed(path, kind, await openWim(join(folder, 'plainer.wim')), folder);
    }
    return packed(path, kind, await openWim(plain), folder);
  } catch (error) {
    await removeScratch(folder);
    throw failureOf(path, error);
  }
}

function packed(path: string, kind: PackedKind, plain: WimContainer, folder: string): Container {
  const images = plain.images.map((image): ImageSummary => ({ ...image, info: { ...image.info, container: kind } }));
  return {
    path,
    id: kind,
    images,
    async open(index) {
      const image = await plain.open(index);
      return Object.assign(image, { info: { ...image.info, container: kind } });
    },
    store: (index: number) => plain.store(index),
    unreferencedBlobs: () => plain.unreferencedBlobs(),
    async close() {
      await plain.close();
      await removeScratch(folder);
    },
  } as Container;
}

/** Media that Windows Update brings are encrypted for the machine that asked for them; their XML says so. */
async function refuseEncrypted(path: string, { xml }: WimHeader): Promise<void> {
  if (xml.size === 0 || xml.size > XML_BYTES_MAX || xml.offset + xml.size > (await stat(path)).size) return;
  if (!/<ESD>[\s\S]*?<ENCRYPTED/i.test(utf16(await readAt(path, xml.offset, xml.size)))) return;
  throw new ImageError('ESD_ENCRYPTED', `${path}: is encrypted (its XML says so), only Windows Setup can open it`, {
    hint: 'Use the ESD or WIM of a Windows ISO, or decrypt it on Windows first.',
  });
}

async function readAt(path: string, offset: number, size: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(size);
    const { bytesRead } = await file.read(bytes, 0, size, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What wimlib says of a damaged file is about the file, not about the tool. */
function failureOf(path: string, error: unknown): unknown {
  if (error instanceof ToolError && error.code === 'TOOL_FAILED') {
    if (saysFull(error)) return scratchFull(error);
    return new ImageError('CONTAINER_CORRUPT', `${path}: cannot be unpacked (${error.message})`, {
      hint: 'Take a fresh copy of the image and check it with "wimlib-imagex verify".',
      cause: error,
    });
  }
  return imageErrorOf(path, error);
}
