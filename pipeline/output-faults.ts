// What is wrong with the part of a config that says what to make.
import { COMPRESSIONS, type GivenPacking, OUTPUT_FORMATS, packingFaults } from '../image/output-format.ts';
import { isRecord, unknownKeys } from './config-record.ts';

const KEYS = ['path', 'images', 'format', 'compress', 'solid', 'partSize', 'diskSize'];
/** In MiB: wimlib splits no smaller; a VHD ends at 2 TiB. */
const SIZES = { partSize: [1, 1024 * 1024], diskSize: [64, 2 * 1024 * 1024] } as const;

export function faultsOfOutput(output: unknown, faults: string[]): void {
  if (!isRecord(output)) {
    faults.push('output: must be an object with the path of the image to make');
    return;
  }
  unknownKeys('output', KEYS, output, faults);
  const before = faults.length;
  const { path } = output;
  if (typeof path !== 'string' || path === '') faults.push('output.path: must be the path of the image to make');
  oneOf('images', ['built', 'all'], output, faults);
  oneOf('format', OUTPUT_FORMATS, output, faults);
  oneOf('compress', COMPRESSIONS, output, faults);
  const { solid } = output;
  if (solid !== undefined && typeof solid !== 'boolean') faults.push('output.solid: must be true or false');
  for (const [key, [low, high]] of Object.entries(SIZES)) {
    const value = output[key];
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high)) {
      faults.push(`output.${key}: must be a whole number of MiB from ${low} to ${high}`);
    }
  }
  if (faults.length === before) faults.push(...packingFaults(path as string, output as GivenPacking));
}

function oneOf(key: string, words: readonly string[], output: Readonly<Record<string, unknown>>, faults: string[]): void {
  const value = output[key];
  if (value !== undefined && !words.includes(value as string)) {
    faults.push(`output.${key}: must be ${words.map((word) => `"${word}"`).join(' or ')}`);
  }
}
