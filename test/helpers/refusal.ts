// The known failure that an action ends in, for tests of what is refused.
import * as assert from 'uvu/assert';
import { WtgforgeError } from '../../errors.ts';

/** The WtgforgeError that `run` throws; anything else fails the test. */
export async function refusalOf(run: () => Promise<unknown>): Promise<WtgforgeError> {
  try {
    await run();
  } catch (error) {
    assert.instance(error, WtgforgeError);
    return error as WtgforgeError;
  }
  throw new Error('nothing was refused');
}
