// Files of this machine as content of an image: with names that Windows could bear, no two that differ by case alone.
import { existsSync, readdirSync, statSync } from 'node:fs';

export interface OwnFile {
  readonly from: string;
  /** Its path in the image. */
  readonly to: string;
  /** In bytes. */
  readonly size: number;
}

/** All below the folders, in the order of their names. */
export function* ownFiles(roots: readonly string[]): Generator<OwnFile> {
  const taken = new Set<string>();
  for (const root of roots) if (existsSync(root)) yield* below(root, taken);
}

function* below(folder: string, taken: Set<string>): Generator<OwnFile> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const from = `${folder}/${entry.name}`;
    if (/[\\:*?"'<>|\u0000-\u001f]|[. ]$/.test(entry.name)) continue;
    if (entry.isDirectory()) yield* below(from, taken);
    const to = `/Program Files/bench${from.toLowerCase()}`;
    if (!entry.isFile() || taken.has(to)) continue;
    taken.add(to);
    yield { from, to, size: statSync(from).size };
  }
}
