// Which report format the words of a command line ask for: --format, or --json for short.
import { ConfigError } from '../errors.ts';
import type { CommandInput } from './command.ts';

/** The word, known or not; `text` when nothing is said. @throws ConfigError ARGUMENTS_WRONG when the two options do not agree */
export function formatWord(input: Pick<CommandInput, 'text' | 'flag'>): string {
  const format = input.text('format');
  if (!input.flag('json')) return format ?? 'text';
  if (format === undefined || format === 'json') return 'json';
  throw new ConfigError('ARGUMENTS_WRONG', `--json: cannot stand beside --format ${format}`, { hint: 'Leave one of them out.' });
}
