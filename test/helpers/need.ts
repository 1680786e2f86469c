// What a test needs and may not find: external programs and the real data set. A skip is said aloud; WTGFORGE_NEED_TOOLS=1 turns it into a failure.
import { spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Test } from 'uvu';

/** `test`, or `test.skip` when one of the programs (name → Debian package) is not installed. */
export function needTools(
  test: Test,
  tools: Readonly<Record<string, string>>,
): Pick<Test, 'skip'> & ((name: string, run: () => Promise<void> | void) => void) {
  const missing = Object.entries(tools).filter(([name]) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status !== 0);
  if (missing.length === 0) return test as never;
  const reason = missing.map(([name, pkg]) => `${name} (package ${pkg})`).join(', ');
  if (process.env.WTGFORGE_NEED_TOOLS === '1') throw new Error(`needs ${reason}`);
  console.error(`skipped: needs ${reason}`);
  return test.skip as never;
}

/** Folder of real hives, images, answer files and tasks: beside the project, or where WTGFORGE_REAL_DATA says. */
export const realData = process.env.WTGFORGE_REAL_DATA ?? fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** `test`, or `test.skip` when the real data is not there. */
export function needRealData(test: Test): (name: string, run: () => Promise<void> | void) => void {
  if (existsSync(realData)) return test as never;
  console.error('skipped: needs the real data set (WTGFORGE_REAL_DATA)');
  return test.skip as never;
}

/** `test`, or `test.skip` when this user may not mount through FUSE: a container without the device is no fault of the test. */
export function needFuse(
  test: Pick<Test, 'skip'> & ((name: string, run: () => Promise<void> | void) => void),
): (name: string, run: () => Promise<void> | void) => void {
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    closeSync(openSync('/dev/fuse', 'r+'));
    return test;
  } catch {
    console.error('skipped: needs /dev/fuse and the right to use it');
    return test.skip as never;
  }
}
