// Failures of a source: one content, or all that would come behind it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobFailure, SourceEnded } from '../../../image/containers/blob-source.ts';

test('a source that ended is a failure that says whether the content was begun', () => {
  const ended = new SourceEnded('ended', true);
  assert.ok(ended instanceof BlobFailure);
  assert.equal([ended.name, ended.message, ended.begun], ['SourceEnded', 'ended', true]);
  assert.not.ok(new BlobFailure('damaged') instanceof SourceEnded);
});

test.run();
