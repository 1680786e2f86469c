// The parts of a split WIM (SWM): all of them found beside the one that was given; a missing one is named, one of another set refused.
import { open, readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { ImageError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { parseHeader } from '../../formats/wim/header.ts';
import { HEADER_SIZE, type WimHeader } from '../../formats/wim/model.ts';

/** What is looked at in the folder; DISM makes some ten parts. */
const FILES_MAX = 2000;
const SHOWN = 5;

/**
 * The paths of all parts in order.
 * @throws ImageError PARTS_ABSENT, PARTS_FOREIGN
 */
export async function splitParts(path: string, given: WimHeader): Promise<readonly string[]> {
  const folder = dirname(path);
  // While they are built or kept aside, parts end in something else, all in the same.
  const alike = (name: string) => /\.swm$/i.test(name) || extname(name) === extname(path);
  const names = (await readdir(folder)).filter(alike).slice(0, FILES_MAX);
  const parts = new Map<number, string>([[given.partNumber, path]]);
  const foreign: string[] = [];
  for (const name of names.sort()) {
    const candidate = join(folder, name);
    const header = name === basename(path) ? undefined : await headerOf(candidate);
    if (!header) continue;
    const same = Buffer.compare(header.guid, given.guid) === 0 && header.totalParts === given.totalParts;
    if (!same) foreign.push(name);
    else if (!parts.has(header.partNumber)) parts.set(header.partNumber, candidate);
  }
  const wanted = Array.from({ length: given.totalParts }, (_, at) => at + 1);
  const missing = wanted.filter((number) => !parts.has(number));
  if (missing.length === 0) return wanted.map((number) => parts.get(number)!);
  const which = `${missing.length === 1 ? 'part' : 'parts'} ${missing.slice(0, SHOWN).join(', ')}${missing.length > SHOWN ? ' and more' : ''} of ${given.totalParts}`;
  const stem = basename(path)
    .replace(/\d*\.swm$/i, '')
    .toLowerCase();
  const [other] = foreign.filter((name) => name.toLowerCase().startsWith(stem));
  if (other !== undefined) {
    throw new ImageError('PARTS_FOREIGN', `${path}: ${which} of its set is not there, and ${other} belongs to another set`, {
      hint: 'Put the parts of one and the same split WIM into the folder.',
    });
  }
  throw new ImageError('PARTS_ABSENT', `${path}: ${which} is not there (all parts must lie in its folder and end in .swm)`, {
    hint: 'Copy the missing part beside the others.',
  });
}

/** Undefined for what is no WIM. */
async function headerOf(path: string): Promise<WimHeader | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const head = new Uint8Array(HEADER_SIZE);
    const { bytesRead } = await file.read(head, 0, HEADER_SIZE, 0);
    return bytesRead === HEADER_SIZE ? parseHeader(head) : undefined;
  } catch (error) {
    if (error instanceof FormatError || (error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    throw error;
  } finally {
    await file.close();
  }
}
