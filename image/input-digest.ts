// Which input a plan was made for: one digest that moves with any content, name or attribute of the container's images.
import { createHash } from 'node:crypto';
import { digestOf } from './artifact.ts';
import { diskFormat } from './containers/disk.ts';
import type { WimParts } from './containers/wim-parts.ts';
import type { Container } from './image.ts';
import { formatOf } from './open.ts';

/**
 * Of a WIM: the SHA-1 and size of every blob of its table, metadata resources included, and its XML. Every blob that is read is checked against that
 * SHA-1, so this is as sound as the format itself, and takes no reading of gigabytes. Any other container: SHA-256 of the whole file.
 */
export async function inputDigest(container: Container): Promise<string> {
  const parts = partsOf(container);
  if (!parts) return digestOf(container.path);
  const hash = createHash('sha256').update(parts.xml);
  for (const { digest, resource } of parts.blobs) hash.update(`${digest} ${resource.uncompressedSize}\n`);
  return hash.digest('hex');
}

export interface EarlyDigest {
  /** As `inputDigest` says it. */
  of(container: Container): Promise<string>;
  /** Nobody asks any more. */
  stop(): void;
}

/**
 * Begins with what needs no opened container: the bytes of a disk are hashed in a thread of their own while its tables are read.
 * @throws what openContainer throws for a file that is no container
 */
export async function beginInputDigest(path: string): Promise<EarlyDigest> {
  const stop = new AbortController();
  const whole = (await formatOf(path)) === diskFormat ? digestOf(path, stop.signal) : undefined;
  whole?.catch(() => undefined); // told to whoever asks for it
  return { of: (container) => whole ?? inputDigest(container), stop: () => stop.abort() };
}

function partsOf(container: Container): WimParts | undefined {
  return 'parts' in container ? (container.parts as WimParts) : undefined;
}
