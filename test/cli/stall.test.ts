// How long the program may not come round.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stallSeconds } from '../../cli/stall.ts';

test('ten minutes unless a number is given', () => {
  assert.equal([stallSeconds(undefined), stallSeconds(''), stallSeconds('1'), stallSeconds('3600')], [600, 600, 1, 3600]);
  for (const wrong of ['0', '-1', '1.5', '1e3', 'never', '10000000']) assert.is(stallSeconds(wrong), undefined, wrong);
});

test.run();
