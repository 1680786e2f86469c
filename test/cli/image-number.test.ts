// Numbers of images on a command line.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { imageNumber } from '../../cli/image-number.ts';
import { ConfigError } from '../../errors.ts';

test('a whole number from 1', () => {
  for (const [text, expected] of [
    ['1', 1],
    ['12', 12],
    ['999999', 999_999],
  ] as const)
    assert.is(imageNumber('--image', text), expected);
});

test('anything else is refused with the option that said it', () => {
  for (const text of ['', '0', '01', '-1', '1.0', '1e3', ' 1', '0x1', '1000000', 'one']) {
    assert.throws(
      () => imageNumber('--index', text),
      (error: Error) => error instanceof ConfigError && error.message === `--index ${text}: is not a number from 1`,
      text,
    );
  }
});

test.run();
