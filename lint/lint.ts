// The gate: opens the container anew from disk, lints it, closes it. What ships is looked at, not what was meant.
import { openContainer } from '../image/open.ts';
import { type LintOptions, lintOpened } from './lint-container.ts';
import type { LintResult } from './result.ts';
import { resolveRuleOptions } from './rule-options.ts';

export type { LintOptions } from './lint-container.ts';

/**
 * Lints the images of a container file.
 * @throws ConfigError for rules, options and images that are wrong; ImageError when the container or an image cannot be opened.
 */
export async function lintContainer(path: string, options: LintOptions): Promise<LintResult> {
  resolveRuleOptions(options.rules, options.options);
  const container = await openContainer(path);
  try {
    return await lintOpened(container, options);
  } finally {
    await container.close();
  }
}
