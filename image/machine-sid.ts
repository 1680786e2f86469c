// The SID of the machine as its account database holds it: two machines with one SID are copies of each other.
import type { Hive } from './image.ts';

/** V of SAM\Domains\Account ends with the three numbers that make the SID of a machine (fox-it/dissect.target; the same as in PolAcDmS of real hives). */
const KEY = 'SAM\\Domains\\Account';
const NUMBERS_SIZE = 12;

/** `S-1-5-21-a-b-c`; undefined when the hive holds none. */
export function machineSid(sam: Pick<Hive, 'value'>): string | undefined {
  const raw = sam.value(KEY, 'V')?.raw;
  if (!raw || raw.length < NUMBERS_SIZE) return undefined;
  const view = new DataView(raw.buffer, raw.byteOffset + raw.length - NUMBERS_SIZE, NUMBERS_SIZE);
  const numbers = [0, 4, 8].map((at) => view.getUint32(at, true));
  return numbers.every((number) => number === 0) ? undefined : `S-1-5-21-${numbers.join('-')}`;
}
