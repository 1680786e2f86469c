// Paths that steps give: only plain absolute paths of an image, and only names that Windows can open.
import { ImageError } from '../errors.ts';
import type { ImageFile } from './image.ts';

/** Windows' own limit for a path without the \\?\ prefix, drive letter included. */
const PATH_MAX = 257;
/** Devices, whatever stands behind a dot; a file of that name cannot be opened by ordinary programs. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** @throws ImageError PATH_INVALID when it is not a plain absolute path, which may come from other people's steps */
export function checkPath(path: string): void {
  const parts = path.split('/');
  const wrong = parts.slice(1).some((part) => part === '' || part === '.' || part === '..' || /[\x00-\x1f\\:*?"<>|]/.test(part));
  if (parts[0] === '' && parts.length >= 2 && !wrong) return;
  throw new ImageError('PATH_INVALID', `${JSON.stringify(path)}: is not a path in an image`, {
    hint: "Write it from the image root with '/' between names, for example /Windows/Setup/Scripts/SetupComplete.cmd.",
  });
}

/**
 * The same for a file that is not there yet. What an image has already may have any name, and may be removed by it.
 * @param find what stands at a path of the image
 * @throws ImageError PATH_INVALID, PATH_IS_LINK when a folder on the way is a link, which would take the file somewhere else
 */
export async function checkNewPath(path: string, find: (path: string) => Promise<ImageFile | undefined>): Promise<void> {
  const fault = path.length > PATH_MAX ? `has more than ${PATH_MAX} characters` : path.split('/').map(nameFault).find(Boolean);
  if (fault !== undefined) {
    throw new ImageError('PATH_INVALID', `${JSON.stringify(path)}: cannot be made (${fault})`, {
      hint: 'Choose a name that every program of Windows can open.',
    });
  }
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const above = await find(path.slice(0, at));
    if (!above?.reparse) continue;
    throw new ImageError('PATH_IS_LINK', `${path}: leads through ${above.path}, which is a link and is not written through`, {
      hint: 'Write to the place that the link leads to.',
    });
  }
}

function nameFault(name: string): string | undefined {
  if (/[. ]$/.test(name)) return 'Windows drops a dot or space at the end of a name';
  return DEVICE.test(name) ? `${name} is the name of a device` : undefined;
}
