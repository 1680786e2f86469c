// The real containers of the data set, unpacked.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { realData } from './need.ts';

/** Unpacks all of them into one folder, since parents and parts look for each other; gives their names. */
export function unpackRealImages(folder: string): readonly string[] {
  const source = join(realData, 'images');
  for (const name of readdirSync(source)) {
    const path = join(source, name);
    const plain = join(folder, name.replace(/\.(?:gz|bz2)$/, ''));
    if (name.endsWith('.gz')) writeFileSync(plain, gunzipSync(readFileSync(path)));
    else if (name.endsWith('.bz2')) writeFileSync(plain, execFileSync('bzip2', ['-dc', path], { maxBuffer: 2 ** 30 }));
    else writeFileSync(plain, readFileSync(path));
  }
  return readdirSync(folder);
}
