// Tells which hits in a hive lie in free cells: what was deleted from the registry and is still in the file gets a location of its own.
import { WtgforgeError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import type { FreeCell } from '../formats/hive/cells.ts';
import { freeCells } from '../formats/hive/hive.ts';
import type { ImageFile } from '../image/image.ts';
import type { Place } from './content-plan.ts';
import type { ScanResult } from './content-scan.ts';
import type { Location } from './location.ts';

/** Hives by their names; under any other name a hit is found all the same, at the file itself. */
const HIVE_NAME = /\/(?:ntuser\.(?:dat|man)|usrclass\.dat|bcd[^/]*|amcache\.hve)$|\/config\/(?:regback\/)?[^/.]+$/i;

/** A part of what was found in a content, and where it is. */
export interface Part {
  readonly place: Place;
  readonly result: ScanResult;
}

export class HiveSlack {
  private readonly places: { set(path: string, place: Location): unknown };
  /** One at a time: the places of a content follow one another. */
  private last: { readonly path: string; readonly cells: readonly FreeCell[] } | undefined;

  /** @param places learns where the free cells are, so that findings name them and no file */
  constructor(places: { set(path: string, place: Location): unknown }) {
    this.places = places;
  }

  /** What lies in cells that are in use, and what lies in free ones. */
  async split(place: Place, result: ScanResult): Promise<readonly Part[]> {
    const { file, stream } = place;
    if (stream !== undefined || !HIVE_NAME.test(file.path) || result.hits.length + result.keys.length === 0) return [{ place, result }];
    const cells = await this.cellsOf(file);
    const isFree = (offset: number) => holds(cells, offset);
    const hits = split(result.hits, ({ strings }) => strings.length > 0 && strings.every(({ offset }) => isFree(offset)));
    const keys = split(result.keys, ({ offset }) => isFree(offset));
    if (hits.yes.length + keys.yes.length === 0) return [{ place, result }];
    const path = `hive-slack:${file.path}`; // no path of an image looks like this
    this.places.set(path, { slack: 'hive', of: file.path });
    return [
      { place, result: { ...result, hits: hits.no, keys: keys.no } },
      { place: { file: slackFile(path, file) }, result: { ...result, hits: hits.yes, keys: keys.yes, flooded: false } },
    ];
  }

  /** None for a damaged hive: then everything is found at the file itself. */
  private async cellsOf(file: ImageFile): Promise<readonly FreeCell[]> {
    if (this.last?.path !== file.path) this.last = { path: file.path, cells: await freeCellsOf(file) };
    return this.last.cells;
  }
}

async function freeCellsOf(file: ImageFile): Promise<readonly FreeCell[]> {
  try {
    return freeCells(await file.read());
  } catch (error) {
    if (error instanceof FormatError || error instanceof WtgforgeError) return [];
    throw error;
  }
}

/** The cells are in file order. */
function holds(cells: readonly FreeCell[], offset: number): boolean {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const cell = cells[middle]!;
    if (offset < cell.offset) high = middle;
    else if (offset >= cell.offset + cell.size) low = middle + 1;
    else return true;
  }
  return false;
}

function split<T>(all: readonly T[], test: (one: T) => boolean): { readonly yes: readonly T[]; readonly no: readonly T[] } {
  return { yes: all.filter(test), no: all.filter((one) => !test(one)) };
}

/** As rules see it: no name, and so no place, that says what it is. */
function slackFile(path: string, hive: ImageFile): ImageFile {
  const { size, read } = hive;
  const bare = { folder: false, attributes: 0, shortName: '', digest: undefined, descriptor: undefined, reparse: undefined };
  return { ...bare, path, size, streams: [], links: [], read: read.bind(hive) };
}
