// Writes a report to the file that --output names.
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../errors.ts';

/** Said before any work is done, so that nobody waits for nothing. @throws ConfigError REPORT_UNWRITABLE */
export async function checkReportFile(file: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw unwritable(file, 'it is a folder');
  try {
    // With a dot behind it: a file is no folder to write into.
    await access(there ? file : `${dirname(file)}/.`, constants.W_OK);
  } catch (cause) {
    throw unwritable(file, (cause as NodeJS.ErrnoException).code, cause);
  }
}

/** @throws ConfigError REPORT_UNWRITABLE */
export async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw unwritable(file, (cause as NodeJS.ErrnoException).code, cause);
  }
}

function unwritable(file: string, why = 'unknown', cause?: unknown): ConfigError {
  return new ConfigError('REPORT_UNWRITABLE', `${file}: cannot be written (${why})`, {
    hint: 'Name a file in a folder that you may write.',
    cause,
  });
}
