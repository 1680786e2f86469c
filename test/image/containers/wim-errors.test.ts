// What is said of a bad WIM: the path as it was given, one line, a code, a hint.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { FormatError } from '../../../formats/bytes.ts';
import { corrupt, imageErrorOf, truncated, unsupported } from '../../../image/containers/wim-errors.ts';

test('a FormatError becomes an ImageError that names the file, anything else stays', () => {
  const cause = new FormatError('WIM metadata', 'an entry has only 9 bytes', 0x78);
  const error = imageErrorOf('in/x.wim', cause) as ImageError;
  assert.instance(error, ImageError);
  assert.is(error.message, 'in/x.wim: is not a sound WIM (WIM metadata: an entry has only 9 bytes (at offset 0x78))');
  assert.is(error.cause, cause);
  const bug = new TypeError('x');
  assert.is(imageErrorOf('in/x.wim', bug), bug);
});

test('each has a code and a hint', () => {
  for (const [error, code] of [
    [corrupt('x.wim', 'fact'), 'CONTAINER_CORRUPT'],
    [truncated('x.wim', 'fact'), 'CONTAINER_TRUNCATED'],
    [unsupported('x.wim', 'is odd', 'Do this.'), 'CONTAINER_UNSUPPORTED'],
  ] as const) {
    assert.is(error.code, code);
    assert.match(error.message, /^x\.wim: /);
    assert.ok(error.hint);
  }
});

test.run();
