// What a remembered verdict depends on beside the stored bytes: signatures, engine and limits. When one of them changes, nothing of before is known.
import { createHash } from 'node:crypto';
import { HEAD_BYTES } from './content-plan.ts';
import { WINDOW_BYTES } from './content-scan.ts';
import { OVERLAP_BYTES } from './kind-probe.ts';
import type { ReaderSetup } from './reader-job.ts';
import type { Rule } from './rule.ts';
import { SLAB_BYTES } from './slab.ts';

/** Of the program and its scan. */
export interface Engine {
  readonly version: string;
  /** Goes up when the scan itself changes what it finds. */
  readonly scan: number;
  /** Everything about a scan that is no signature and decides what it finds. */
  readonly limits: readonly number[];
  /** Those that come with the program: what they find is the same as long as the version is. */
  readonly rules: ReadonlySet<Rule>;
}

export function engineOf(version: string, rules: readonly Rule[]): Engine {
  return { version, scan: 2, limits: [WINDOW_BYTES, OVERLAP_BYTES, SLAB_BYTES, HEAD_BYTES], rules: new Set(rules) };
}

/** SHA-256, lower-case hex. */
export function cacheKey({ version, scan, limits }: Engine, { signatures, keys }: Pick<ReaderSetup, 'signatures' | 'keys'>): string {
  const texts = [...signatures].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify({ version, scan, limits, keys, texts })).digest('hex');
}
