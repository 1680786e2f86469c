// Paths in memory: any case, folders too; behind a link nobody knows.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pathIndex } from '../../image/path-index.ts';
import { fakeImage } from '../helpers/fake-image.ts';

test('there, not there, and behind a link', async () => {
  const has = await pathIndex(
    fakeImage({
      files: { '/Windows/a.cmd': '', '/Documents and Settings': { folder: true, reparse: { tag: 0xa0000003, target: undefined } } },
    }),
  );
  for (const path of ['/Windows/a.cmd', '/WINDOWS/A.CMD', '/windows', '/Documents and Settings']) assert.is(has(path), true, path);
  for (const path of ['/a.cmd', '/Windows/a', '/Documents and Settings 2/a']) assert.is(has(path), false, path);
  assert.is(has('/documents and settings/All Users/a.cmd'), undefined);
});

test.run();
