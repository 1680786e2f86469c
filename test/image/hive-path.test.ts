// Where hives lie: the five machine hives by name, any other by its own path.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hivePath } from '../../image/hive-path.ts';

test('machine hives stand in System32\\config', () => {
  assert.equal(
    (['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'] as const).map(hivePath),
    ['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'].map((name) => `/Windows/System32/config/${name}`),
  );
});

test('any other hive is its own path', () => {
  assert.is(hivePath('/Users/Default/NTUSER.DAT'), '/Users/Default/NTUSER.DAT');
});

test.run();
