// What can be wrong with a disk image, each said in one line with its code.
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';

/** A FormatError becomes an ImageError that names the file and, where there is one, the partition; anything else stays what it is. */
export function diskErrorOf(path: string, error: unknown, partition?: number): unknown {
  if (!(error instanceof FormatError)) return error;
  const where = partition === undefined ? path : `${path}: partition ${partition}`;
  return new ImageError('CONTAINER_CORRUPT', `${where}: is not sound (${error.message})`, {
    hint: 'Take a fresh copy of the disk image; check the volume with chkdsk on Windows.',
    cause: error,
  });
}

export function encryptedVolume(path: string, partition: number): ImageError {
  return new ImageError('VOLUME_ENCRYPTED', `${path}: partition ${partition} is encrypted with BitLocker`, {
    hint: 'Turn BitLocker off on Windows (manage-bde -off), wait until it is decrypted, and capture the disk again.',
  });
}
