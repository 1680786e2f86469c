// How far archives inside an image are opened. What lies beyond a limit is told as opaque, never left out in silence.

/** Archive in archive in archive: honest installers nest three or four. */
export const DEPTH_MAX = 8;
/** Archives opened in one image, nested ones included; a server image holds 2,700 cabinets. */
export const ARCHIVES_MAX = 20_000;
/** Small gzip files, which take no process to be opened: a system with its manual pages holds 30,000. */
export const SMALL_MAX = 500_000;
/** The largest archive or disk that is copied to a temporary file to be opened. */
export const SPOOL_MAX = 8 * 1024 ** 3;
/** Unpacked bytes of one archive: as much as it likes up to the first, at most so many times its own size beyond that. */
export const RATIO_FREE = 256 * 1024 ** 2;
export const RATIO_MAX = 100;
/** Unpacked bytes of all archives of one image. */
export const UNPACKED_MAX = 64 * 1024 ** 3;
/** Members that have to be taken out by a start of 7-Zip each, since their size is not known beforehand. */
export const SINGLES_MAX = 300;
/** Names of one content below which findings in its archives are told; the others hold the same. */
export const PLACES_MAX = 20;
/** Archives that are open side by side. */
export const SIDE_BY_SIDE = 2;

/** What is left of the limits that hold for an image as a whole. */
export class Budget {
  private archives = ARCHIVES_MAX;
  private small = SMALL_MAX;
  private bytes = UNPACKED_MAX;

  /** False when no more archives may be opened. */
  takeArchive(): boolean {
    return --this.archives >= 0;
  }

  /** False when no more small gzip files may be opened as such. */
  takeSmall(): boolean {
    return --this.small >= 0;
  }

  /** How many bytes an archive of `stored` bytes may unpack to. */
  allowance(stored: number): number {
    return Math.min(this.bytes, Math.max(RATIO_FREE, stored * RATIO_MAX));
  }

  spend(bytes: number): void {
    this.bytes = Math.max(0, this.bytes - bytes);
  }
}
