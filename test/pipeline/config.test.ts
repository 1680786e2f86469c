// What makes an object a config of ours: the mark that defineConfig leaves, and nothing else.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defineConfig, isConfig } from '../../pipeline/config.ts';

const given = { image: { path: 'a.wim' }, output: { path: 'b.wim' }, steps: [] };

test('defineConfig marks a copy and leaves what was given as it was', () => {
  const config = defineConfig(given);
  assert.equal({ ...config }, given);
  assert.equal([isConfig(config), isConfig(given)], [true, false]);
});

test('nothing else is a config', () => {
  for (const other of [undefined, null, 'wtgforge', 1, [], { ...defineConfig(given) }]) assert.not.ok(isConfig(other), String(other));
});

test.run();
