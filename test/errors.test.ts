// The error kinds: code, hint, cause and name are kept, and each is told apart by its class.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError, ImageError, only, StepError, ToolError, WtgforgeError } from '../errors.ts';

test('every kind keeps code, message, hint and cause', () => {
  for (const Kind of [ConfigError, ImageError, ToolError, StepError]) {
    const cause = new Error('below');
    const error = new Kind('A_CODE', 'thing: is wrong (a fact)', { hint: 'Do this.', cause });
    assert.is(error.code, 'A_CODE');
    assert.is(error.message, 'thing: is wrong (a fact)');
    assert.is(error.hint, 'Do this.');
    assert.is(error.cause, cause);
    assert.is(error.name, Kind.name);
    assert.ok(error instanceof WtgforgeError);
    assert.ok(error instanceof Error);
  }
});

test('without hint and cause there are none', () => {
  const error = new ImageError('A_CODE', 'x');
  assert.is(error.hint, undefined);
  assert.not.ok('cause' in error);
});

test('the kinds are not one another', () => {
  assert.not.ok(new ImageError('A', 'x') instanceof ConfigError);
  assert.not.ok(new ToolError('A', 'x') instanceof StepError);
});

test('an error of the kind comes back, any other goes on', () => {
  const error = new ImageError('A_CODE', 'text');
  assert.is(only(ImageError, error), error);
  assert.is(only(WtgforgeError, error), error);
  assert.throws(
    () => only(ToolError, error),
    (thrown: unknown) => thrown === error,
  );
  assert.throws(
    () => only(Error, 'text'),
    (thrown: unknown) => thrown === 'text',
  );
});

test.run();
