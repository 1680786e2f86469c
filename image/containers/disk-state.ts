// In which state a Windows volume may be written: shut down for good, closed properly, on NTFS.
import { ImageError } from '../../errors.ts';
import type { DiskImage } from './disk-image.ts';

/** @throws ImageError VOLUME_UNKNOWN, VOLUME_DIRTY, VOLUME_HIBERNATED */
export async function refuseUnwritable(image: DiskImage): Promise<void> {
  const { path } = image.container;
  const { number } = image.volume.partition;
  const { ntfs } = image.volume;
  if (!ntfs)
    throw new ImageError('VOLUME_UNKNOWN', `${path}: partition ${number} is no NTFS volume and is not written`, {
      hint: 'Use a disk with Windows on NTFS.',
    });
  if (ntfs.dirty) {
    throw new ImageError('VOLUME_DIRTY', `${path}: partition ${number} was not closed properly (its dirty flag is set)`, {
      hint: 'Run chkdsk on it on Windows and shut down fully (shutdown /s /f /t 0), then capture the disk again.',
    });
  }
  if (await isHibernated(image)) {
    throw new ImageError(
      'VOLUME_HIBERNATED',
      `${path}: the Windows on partition ${number} is hibernated or was shut down with fast startup`,
      {
        hint: 'Start it and shut it down fully (shutdown /s /f /t 0, powercfg /h off), then capture the disk again.',
      },
    );
  }
}

/** The file begins with `hibr` or `wake` in some case while a session is kept in it, and with zeros otherwise (ntfs-3g volume.c). */
async function isHibernated(image: DiskImage): Promise<boolean> {
  const file = image.place('/hiberfil.sys');
  if (!file || file.node.folder) return false;
  for await (const piece of file.node.pieces()) return /^(?:hibr|wake|rstr)$/i.test(Buffer.from(piece.subarray(0, 4)).toString('latin1'));
  return false;
}
