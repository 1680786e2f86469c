// What can be wrong with a WIM file, each said in one line with its code.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import type { BlobEntry } from '../../formats/wim/model.ts';

/** A FormatError becomes an ImageError that names the file; anything else stays what it is. */
export function imageErrorOf(path: string, error: unknown): unknown {
  if (!(error instanceof FormatError)) return error;
  return corrupt(path, error.message, error);
}

export function corrupt(path: string, fact: string, cause?: unknown): ImageError {
  return new ImageError('CONTAINER_CORRUPT', `${path}: is not a sound WIM (${fact})`, {
    hint: 'Take a fresh copy of the image and check it with "wimlib-imagex verify".',
    ...(cause === undefined ? {} : { cause }),
  });
}

export function truncated(path: string, fact: string): ImageError {
  return new ImageError('CONTAINER_TRUNCATED', `${path}: is cut short (${fact})`, {
    hint: 'Copy or download the image again; the end is missing.',
  });
}

export function unsupported(path: string, what: string, hint: string): ImageError {
  return new ImageError('CONTAINER_UNSUPPORTED', `${path}: ${what}, which is not yet supported`, { hint });
}

export function wrongDigest(path: string, blob: BlobEntry): ImageError {
  return new ImageError(
    'CONTENT_DIGEST',
    `${path}: content at byte ${blob.resource.offset} is not what the file claims (SHA-1 ${blob.digest} does not match)`,
    {
      hint: 'Take a fresh copy of the image and check it with "wimlib-imagex verify".',
    },
  );
}
