// Writes a report to the file that --output names.
import { writeFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';

export async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new ConfigError('REPORT_UNWRITABLE', `${file}: cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      hint: 'Name a file in a folder that you may write.',
      cause,
    });
  }
}
