// --format and --json.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatWord } from '../../cli/format-word.ts';
import { ConfigError } from '../../errors.ts';

const word = (format: string | undefined, json: boolean) => formatWord({ text: () => format, flag: () => json });

test('text unless one of them says otherwise', () => {
  assert.equal(
    [word(undefined, false), word('html', false), word(undefined, true), word('json', true), word('never heard of', false)],
    ['text', 'html', 'json', 'json', 'never heard of'],
  );
});

test('two that do not agree are refused', () => {
  assert.throws(
    () => word('html', true),
    (error: Error) => error instanceof ConfigError && error.message === '--json: cannot stand beside --format html',
  );
});

test.run();
