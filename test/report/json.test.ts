// The JSON report: the shape that others script against, key by key.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { json } from '../../report/json.ts';
import { assertExpected, cleanResult, sampleContext, sampleResult } from '../helpers/sample-result.ts';

test('a result with one of everything', () => assertExpected('sample.json', json.render(sampleResult, sampleContext)));

test('exactly the keys of the documented shape', () => {
  const document = JSON.parse(json.render(cleanResult, sampleContext));
  assert.equal(Object.keys(document), ['schema', 'container', 'profile', 'verdict', 'images', 'stats']);
  assert.is(document.schema, 'wtgforge/lint@1');
  assert.equal(Object.keys(document.images[0]), ['index', 'name', 'edition', 'build', 'architecture', 'verdict', 'outcomes', 'findings']);
  assert.equal(Object.keys(document.stats), ['files', 'blobs', 'bytesScanned', 'bytesSkipped', 'seconds']);
  const full = JSON.parse(json.render(sampleResult, sampleContext));
  assert.equal(Object.keys(full.images[0].findings[1]), ['rule', 'messageId', 'severity', 'message', 'at', 'evidence', 'fingerprint']);
  assert.equal(full.images[0].findings[2].allowed, { reason: 'expired evaluation keys', until: '2027-01-31' });
  assert.equal(Object.keys(full.allowlist), ['unused', 'expired', 'insufficient']);
});

test('what a rule threw is not printed', () => {
  const outcome = Object.defineProperty({ rule: 'a/b', outcome: 'unable' as const, reason: 'crashed' }, 'cause', {
    value: new Error('hunter2'),
    enumerable: true,
  });
  const image = { ...cleanResult.images[0]!, outcomes: [outcome] };
  assert.not.match(json.render({ ...cleanResult, images: [image] }, sampleContext), 'hunter2');
});

test.run();
