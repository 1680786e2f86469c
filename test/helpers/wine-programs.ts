// Real Windows programs that are nobody's secret: those of Debian's wine package, when it is installed.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'uvu';

const FOLDERS = [
  'x86_64-linux-gnu/wine/x86_64-windows',
  'x86_64-linux-gnu/wine/i386-windows',
  'aarch64-linux-gnu/wine/aarch64-windows',
].map((folder) => `/usr/lib/${folder}`);

/** Paths of the programs and libraries; empty without the package. */
export function winePrograms(): readonly string[] {
  return FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
}

/** `test`, or `test.skip` when wine is not installed. */
export function needWinePrograms(test: Test): (name: string, run: () => Promise<void> | void) => void {
  if (winePrograms().length > 0) return test as never;
  if (process.env.WTGFORGE_NEED_TOOLS === '1') throw new Error('needs wine (package wine)');
  console.error('skipped: needs wine (package wine)');
  return test.skip as never;
}
