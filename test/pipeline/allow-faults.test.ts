// Faults of one allowlist entry: its days and places; the fields are in the test of the config's part `lint`.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOfEntry } from '../../pipeline/allow-faults.ts';

function faults(entry: unknown): readonly string[] {
  const found: string[] = [];
  faultsOfEntry(entry, 'x', found);
  return found;
}

test('days that are none', () => {
  for (const until of ['2026-02-30', '2026-2-3', 'soon', 7]) {
    assert.equal(faults({ rule: 'a/b', at: '/x', reason: 'r', until }), ['x.until: must be a day as YYYY-MM-DD']);
  }
});

test('places that are everywhere', () => {
  for (const at of ['**', '/**', '*', '{*,**}']) assert.match(faults({ rule: 'a/b', at, reason: 'r' })[0]!, /^x\.at: covers every place/);
});

test('all faults at once', () => {
  assert.equal(
    faults({ rule: '', why: 1 }).map((fault) => fault.split(':')[0]),
    ['x.why', 'x.rule', 'x.reason', 'x.at'],
  );
});

test.run();
