// A temporary folder for one test file alone, so that left-overs of it can be told from what other tests do at the same time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** From here on `tmpdir()` of this process and of what it starts is a new folder, which goes away at exit. */
export function useOwnTmpdir(): void {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  process.env['TMPDIR'] = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
