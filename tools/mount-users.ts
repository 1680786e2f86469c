// Which programs work in a folder: by their working folder, their root, their program file and their open files, as the kernel tells it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Names of programs, each once. What belongs to another user is not seen. */
export function usersOf(folder: string): readonly string[] {
  const names = new Set<string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const process_ = join('/proc', pid);
      const places = ['cwd', 'root', 'exe', ...readdirSync(join(process_, 'fd')).map((fd) => join('fd', fd))];
      if (places.some((place) => isBelow(linkAt(join(process_, place)), folder))) {
        names.add(readFileSync(join(process_, 'comm'), 'utf8').trim());
      }
    } catch {
      // It has ended meanwhile, or belongs to somebody else.
    }
  }
  return [...names].sort();
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
