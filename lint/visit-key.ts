// What the visits of a content are, as a key: the cache remembers under it that all of them found nothing.
import { createHash, hash } from 'node:crypto';
import type { ImageInfo } from '../image/image.ts';
import type { Visit } from './content-plan.ts';
import { VISIT_KEY_BYTES } from './reader-job.ts';
import type { LintPolicy, Rule } from './rule.ts';
import type { ResolvedOptions } from './rule-options.ts';

/** Digest of all that rules go by beside the content and its path; which code they are, the version in the key of the cache says. */
export function visitBasis(policy: LintPolicy, options: ResolvedOptions, info: ImageInfo): string {
  const sorted = [...options].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([policy, sorted, info]))
    .digest('hex');
}

/**
 * One byte to a character. '' when the visits cannot be remembered: a rule that does not come with the program may be another one tomorrow
 * under the same name.
 */
export function visitKey(basis: string, visits: readonly Visit[], isShipped: (rule: Rule) => boolean): string {
  if (visits.length === 0 || !visits.every(({ run }) => isShipped(run.rule))) return '';
  // In one call: that takes a third of the time, and there are 100,000 of them.
  const text = visits.map(({ run, file, content }) => `\n${run.rule.id}\0${content}\0${file.path}`).join('');
  return hash('sha256', basis + text, 'binary').slice(0, VISIT_KEY_BYTES);
}
