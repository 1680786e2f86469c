// The answer files of an image and which of them Setup would take, for `wtgforge inspect --answer-files`.
import { ImageError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import { type CollectedFile, collectFiles } from '../image/collect-files.ts';
import type { Image } from '../image/image.ts';
import { ANSWER_FILE_VALUE, answerFileCopies, answerFileLocations } from '../unattend/locations.ts';
import { type AnswerFile, componentsOf, parseAnswerFile, processedPasses } from '../unattend/model.ts';
import { type PassOutcome, type Shadowing, shadowingOf } from '../unattend/shadowing.ts';
import { imagePathOf } from '../unattend/windows-path.ts';
import type { Io } from './command.ts';
import { printable } from './printable.ts';

/** Where copies lie that Setup does not read: forgotten ones hold secrets all the same. */
const GLOBS = [
  '/*.xml',
  '/Windows/Panther/**/*.xml',
  '/Windows/System32/Sysprep/**/*.xml',
  '/Windows/Setup/Scripts/**/*.xml',
  '/$Windows.~BT/**/*.xml',
  '/**/$OEM$/**/*.xml',
  '/**/*unattend*.xml',
];

export interface HeldAnswerFile {
  readonly path: string;
  readonly fault: string | undefined;
  readonly passes: readonly { readonly pass: string; readonly processed: boolean }[];
  /** Why Setup takes nothing from it; undefined when it wins a pass. */
  readonly stale: string | undefined;
}

export interface AnswerPlaces {
  /** What the registry value names, as stored. */
  readonly registry: string | undefined;
  readonly files: readonly HeldAnswerFile[];
  readonly passes: readonly PassOutcome[];
  readonly notes: readonly string[];
}

export async function answerPlacesOf(image: Image): Promise<AnswerPlaces> {
  const notes: string[] = [];
  const registry = await registryValue(image);
  const named = registry === undefined ? undefined : imagePathOf(registry);
  const places = [...(named === undefined ? [] : [named]), ...[...answerFileLocations, ...answerFileCopies].map(({ path }) => path)];
  const { files: collected, complete } = await collectFiles(image, places, GLOBS);
  if (!complete) notes.push('there are more files than are looked at');
  if (registry !== undefined && named === undefined) notes.push(`the registry names ${registry}, which is not on the system drive`);
  if (named !== undefined && !collected.some(({ path }) => same(path, named)))
    notes.push(`${named}: the registry names it, but it is not there`);
  const known = new Set(places.map((path) => path.toLowerCase()));
  const files = collected.flatMap((one) => heldOf(one, known.has(one.path.toLowerCase())));
  const placed = files.map(({ path, file }) => ({ path, file, named: named !== undefined && same(path, named) }));
  return { registry, ...described(files, shadowingOf(placed)), notes };
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

type Held = { readonly path: string; readonly file: AnswerFile | undefined; readonly fault: string | undefined };

/** Other XML is left out; what cannot be read is named where Setup would look, or when it is called an answer file. */
function heldOf({ path, content, fault }: CollectedFile, known: boolean): readonly Held[] {
  const meant = known || /unattend[^/]*$/i.test(path);
  if (!content) return meant ? [{ path, file: undefined, fault }] : [];
  try {
    return [{ path, file: parseAnswerFile(content), fault: undefined }];
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return known || (meant && error.format === 'XML') ? [{ path, file: undefined, fault: error.message }] : [];
  }
}

function described(files: readonly Held[], { passes, stale }: Shadowing): Pick<AnswerPlaces, 'files' | 'passes'> {
  return {
    passes,
    files: files.map(({ path, file, fault }) => {
      const done = file ? processedPasses(file) : [];
      const held = file ? [...new Set([...componentsOf(file).map(({ pass }) => pass), ...done])] : [];
      return {
        path,
        fault,
        passes: held.map((pass) => ({ pass, processed: done.includes(pass) })),
        stale: stale.find((one) => one.path === path)?.reason,
      };
    }),
  };
}

async function registryValue(image: Image): Promise<string | undefined> {
  try {
    const { key, name } = ANSWER_FILE_VALUE;
    const decoded = (await image.hive('SYSTEM')).value(key, name)?.decoded;
    const text = decoded && typeof decoded.data === 'string' ? decoded.data.replaceAll('\0', '').trim() : '';
    return text === '' ? undefined : text;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return undefined; // `inspect` says what is the matter with the hive.
  }
}

export function printAnswerPlaces({ registry, files, passes, notes }: AnswerPlaces, io: Io): void {
  const { bold, dim, yellow, green } = io.colours;
  const line = (text: string) => io.out(`  ${text}\n`);
  line(bold('answer files'));
  if (registry !== undefined) line(`  registry: Setup\\${ANSWER_FILE_VALUE.name} names ${printable(registry)}`);
  if (files.length === 0) line('  none');
  for (const { path, fault, passes: held, stale } of files) {
    const names = held.map(({ pass, processed }) => (processed ? `${pass} (done)` : pass)).join(', ');
    line(`  ${stale === undefined ? green('used ') : yellow('stale')}  ${printable(path)}  ${dim(printable(names))}`);
    if (fault !== undefined) line(`         ${printable(fault)}`);
    if (stale !== undefined) line(`         ${printable(stale)}`);
  }
  for (const { pass, winner, reason } of passes) {
    line(`  ${pass.padEnd(16)}  ${winner === undefined ? reason : `${printable(winner)}  ${dim(reason)}`}`);
  }
  for (const note of notes) line(`  note: ${printable(note)}`);
}
