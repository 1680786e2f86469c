// Lints a WIM by reader processes, with a base or a cache: what was found, what was skipped and what was said.
import { type LintOptions, lintContainer } from '../../lint/lint.ts';
import { ruleOf } from './lint-probe.ts';

export interface Again {
  /** Paths in which the scan found a key. */
  readonly keys: readonly string[];
  /** Paths with which `file` was called, whatever was scanned. */
  readonly visited: readonly string[];
  /** `passed`, or the reason why not. */
  readonly said: string;
  readonly ofBase: number;
  readonly cached: number;
  readonly scanned: number;
  readonly notes: readonly string[];
}

export async function lintAgain(path: string, more: Pick<LintOptions, 'base' | 'cache' | 'archives' | 'readers'> = {}): Promise<Again> {
  const keys: string[] = [];
  const visited: string[] = [];
  const rule = ruleOf({ text: 'product-keys', files: ['/**'] }, () => ({
    text: ({ file, stream }) => void keys.push(stream === undefined ? file.path : `${file.path}:${stream}`),
    file: (file) => void (file.folder || visited.push(file.path)),
  }));
  const { images, stats } = await lintContainer(path, {
    rules: [rule],
    policy: { kmsHosts: [] },
    options: {},
    allow: [],
    archives: false,
    readers: { from: 0, count: 2 },
    ...more,
  });
  const [outcome] = images[0]!.outcomes;
  return {
    keys: keys.sort(),
    visited: visited.sort(),
    said: 'reason' in outcome! ? outcome.reason : outcome!.outcome,
    ofBase: stats.ofBase?.blobs ?? 0,
    cached: stats.cached?.blobs ?? 0,
    scanned: stats.bytesScanned,
    notes: stats.notes ?? [],
  };
}
