// Two works at once: both results; the first failure is told, and only when the other work has ended, too.
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atOnce } from '../../../image/containers/at-once.ts';

const failing = (message: string) => async (): Promise<never> => {
  await sleep(1);
  throw new Error(message);
};

/** Goes on until it is stopped, and a little longer. */
function endless() {
  const state = { ended: false };
  const work = async (stop: AbortSignal): Promise<never> => {
    while (!stop.aborted) await sleep(1);
    await sleep(5);
    state.ended = true;
    throw new Error('was stopped');
  };
  return { state, work };
}

test('both results, in order', async () => {
  const slow = async () => {
    await sleep(5);
    return 'slow';
  };
  assert.equal(await atOnce(undefined, slow, async () => 'quick'), ['slow', 'quick']);
});

test('a failure of either stops the other, which has ended when the failure is told', async () => {
  for (const turned of [false, true]) {
    const { state, work } = endless();
    const works = turned ? ([work, failing('full')] as const) : ([failing('full'), work] as const);
    try {
      await atOnce<never, never>(undefined, works[0], works[1]);
      assert.unreachable();
    } catch (error) {
      assert.is((error as Error).message, 'full');
      assert.ok(state.ended);
    }
  }
});

test('the signal stops both', async () => {
  const [one, other] = [endless(), endless()];
  const stop = new AbortController();
  const both = atOnce(stop.signal, one.work, other.work);
  stop.abort(new Error('enough'));
  try {
    await both;
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'was stopped');
    assert.ok(one.state.ended && other.state.ended);
  }
});

test.run();
