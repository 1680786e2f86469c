// What `--debug` shows behind a failure, and behind a rule that could not run.
import { WtgforgeError } from '../errors.ts';
import type { LintResult } from '../lint/result.ts';
import { printable } from './printable.ts';

/** How many causes behind an error are shown at the most. */
const CAUSES_MAX = 10;

/** Code, stack and causes of a failure, for `--debug`. */
export function debugText(error: unknown): string {
  const lines: string[] = error instanceof WtgforgeError ? [`  code: ${error.code}`] : [];
  let at: unknown = error;
  for (let depth = 0; depth < CAUSES_MAX && at !== undefined; depth++) {
    if (at instanceof Error) lines.push(printable(at.stack ?? at.message));
    else lines.push(printable(JSON.stringify(at)));
    at = at instanceof Error ? at.cause : undefined;
  }
  return `${lines.join('\n')}\n`;
}

/** Why rules were unable, with stacks; empty when none was. */
export function debugLint(result: LintResult): string {
  const unable = result.images.flatMap(({ outcomes }) => outcomes).flatMap((one) => (one.outcome === 'unable' && one.cause ? [one] : []));
  return unable.map(({ rule, cause }) => `${rule}:\n${debugText(cause)}`).join('');
}
