// How the parts of a split WIM are called: the first as the whole, the others with their number in front of the last extension.
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** `golden.swm`, 2 → `golden2.swm`. */
export function partName(first: string, number: number): string {
  const extension = extname(first);
  return join(dirname(first), `${basename(first, extension)}${number}${extension}`);
}

/** The number that makes `name` a further part of `first` (both without folder); undefined for anything else. */
export function partNumber(first: string, name: string): number | undefined {
  const extension = extname(first);
  const stem = basename(first, extension);
  if (!name.startsWith(stem) || !name.endsWith(extension)) return undefined;
  const number = name.slice(stem.length, name.length - extension.length);
  return /^[1-9]\d{0,4}$/.test(number) && number !== '1' ? Number(number) : undefined;
}

/** Files that are called like further parts of `first`, in order; whether they belong to it their headers say. */
export async function partsBeside(first: string): Promise<readonly string[]> {
  const numbered = (await readdir(dirname(first))).flatMap((name) => {
    const number = partNumber(basename(first), name);
    return number === undefined ? [] : [{ name, number }];
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ name }) => join(dirname(first), name));
}
