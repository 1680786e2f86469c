// A hive or log of the real data set, unpacked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { realData } from './need.ts';

/** `name` as below hives/; `.gz` is unpacked. */
export function realHive(name: string): Uint8Array {
  const bytes = readFileSync(join(realData, 'hives', name));
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
}
