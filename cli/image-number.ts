// The number of an image as words of a command line give it.
import { ConfigError } from '../errors.ts';

/**
 * @param option as it was written: `--image`
 * @throws ConfigError ARGUMENTS_WRONG for anything but a whole number from 1
 */
export function imageNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new ConfigError('ARGUMENTS_WRONG', `${option} ${text}: is not a number from 1`, {
    hint: '"wtgforge inspect" shows the number of each image.',
  });
}
