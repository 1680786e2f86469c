// The limits of one image: archives and bytes run out, and small archives may unpack freely.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ARCHIVES_MAX, Budget, RATIO_FREE, RATIO_MAX, SMALL_MAX, UNPACKED_MAX } from '../../../lint/nested/limits.ts';

test('an archive may unpack to a hundred times its size, a small one to what is free', () => {
  const budget = new Budget();
  assert.is(budget.allowance(1000), RATIO_FREE);
  assert.is(budget.allowance(RATIO_FREE), RATIO_FREE * RATIO_MAX);
  budget.spend(UNPACKED_MAX - 500);
  assert.is(budget.allowance(1000), 500);
  budget.spend(1000);
  assert.is(budget.allowance(1000), 0);
});

test('archives are counted', () => {
  const budget = new Budget();
  for (let count = 0; count < ARCHIVES_MAX; count++) assert.is(budget.takeArchive(), true);
  assert.is(budget.takeArchive(), false);
});

test('small gzip files are counted apart', () => {
  const budget = new Budget();
  for (let count = 0; count < SMALL_MAX; count++) budget.takeSmall();
  assert.is(budget.takeSmall(), false);
  assert.is(budget.takeArchive(), true);
});

test.run();
