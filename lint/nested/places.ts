// Paths for what lies inside archives: unlike any path of the image, so that rules can name a member as they name a file.
import type { Location } from '../location.ts';

/**
 * `/tools.zip!/setup/run.cmd` is `run.cmd` in the folder `setup` of the archive `/tools.zip`. Globs such as `/**` + `/unattend.xml` take it;
 * globs from the root of the image do not, since nothing in an archive stands there.
 */
export class NestedPlaces {
  private readonly known = new Map<string, Location>();
  private readonly archives = new Map<string, Location>();

  /** A content that has no path in the image: left-overs of the container. */
  set(path: string, place: Location): void {
    this.known.set(path, place);
  }

  /**
   * The prefix for the members of the archive at `path`.
   * @param isTaken whether the image itself holds something there: a folder may be named `tools.zip!`
   */
  async enter(path: string, place: Location, isTaken: (prefix: string) => Promise<boolean>): Promise<string> {
    let prefix = `${path}!`;
    while (!this.archives.has(prefix) && (await isTaken(prefix))) prefix += '!';
    this.archives.set(prefix, place);
    return prefix;
  }

  /** Where a content really is, or undefined when its path is one of the image. */
  get(path: string): Location | undefined {
    const known = this.known.get(path);
    if (known || this.archives.size === 0) return known;
    const own = this.archives.get(path);
    if (own) return own;
    for (let at = path.lastIndexOf('!/'); at > 0; at = path.lastIndexOf('!/', at - 1)) {
      const archive = this.archives.get(path.slice(0, at + 1));
      if (archive) return { ...archive, inside: [...(archive.inside ?? []), path.slice(at + 2)] };
    }
    return undefined;
  }

  /** The same for a place in that content. */
  locate(path: string, stream?: string): Location {
    const place = this.get(path) ?? ({ file: path } as Location);
    if (stream === undefined) return place;
    if ('file' in place && !place.inside) return { ...place, stream };
    const names = [...(place.inside ?? [])];
    return { ...place, inside: [...names.slice(0, -1), `${names.at(-1) ?? ''}:${stream}`] };
  }
}

/** A member's name as a path below the prefix: `/` between folders, never empty, no two the same. */
export class MemberNames {
  private readonly seen = new Map<string, number>();

  pathOf(name: string): string {
    const plain = name
      .replaceAll('\\', '/')
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      // Globs know no such folder, and would let the member pass.
      .map((part) => (part === '..' ? '[..]' : part))
      .join('/');
    const own = plain === '' ? '(unnamed)' : plain;
    const key = own.toLowerCase();
    const count = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, count);
    return count === 1 ? own : this.pathOf(`(${count})/${own}`);
  }
}
