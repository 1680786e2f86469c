// What reports say of the work itself: base, cache, what was not trusted and what was slow.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { html } from '../../report/html.ts';
import { scanFacts, scanNotes } from '../../report/scan-facts.ts';
import { text } from '../../report/text.ts';
import { cleanResult, sampleContext } from '../helpers/sample-result.ts';

const STATS = {
  files: 3,
  blobs: 2,
  bytesScanned: 1_000_000,
  bytesSkipped: 0,
  ofBase: { blobs: 1, bytes: 2_500_000 },
  cached: { blobs: 2, bytes: 500_000 },
  seconds: 1.5,
};

test('numbers, and only those that are there', () => {
  assert.equal(scanFacts(STATS), [
    '3 files',
    '2 distinct contents',
    '1.0 MB scanned',
    '1 content as in the base (2.5 MB)',
    '2 contents clean before (0.5 MB)',
    '1.5 s',
  ]);
  const { ofBase: _, cached: __, ...plain } = STATS;
  assert.is(scanFacts({ ...plain, bytesSkipped: 1 }).length, 5);
  assert.equal(scanNotes(STATS), []);
});

test('notes stand in the reports for people, and cannot forge them', () => {
  const stats = { ...STATS, notes: ['nothing of the base is trusted: <b>a\nccepted'], slowSignatures: ['own', 'other'], slowSeconds: 2.25 };
  const [told, slow] = scanNotes(stats);
  assert.match(slow!, 'every byte was scanned for own.yar, other.yar');
  assert.match(slow!, '(2.3 s of a core)');
  const result = { ...cleanResult, stats };
  assert.match(text.render(result, sampleContext), 'note nothing of the base is trusted: <b>a\\u{a}ccepted\n');
  const page = html.render(result, sampleContext);
  assert.not.ok(String(page).includes(told!));
  assert.match(String(page), 'nothing of the base is trusted: &lt;b');
});

test.run();
