// Names of time zones: any case, the suffix without daylight saving time, and what may have been meant.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { knownTimeZone, likeTimeZones, timeZones } from '../../unattend/time-zones.ts';

test('a name is found in any case and given back as Windows writes it', () => {
  assert.is(knownTimeZone('w. europe standard TIME'), 'W. Europe Standard Time');
  assert.is(knownTimeZone('UTC'), 'UTC');
  assert.is(knownTimeZone('Eastern Standard Time_dstoff'), 'Eastern Standard Time_dstoff');
  assert.is(knownTimeZone('Corp Time', ['Corp Time']), 'Corp Time');
  for (const wrong of ['Europe/Berlin', 'CET', 'W. Europe Standard Time ', '_dstoff', '', 'UTC+99'])
    assert.is(knownTimeZone(wrong), undefined, wrong);
});

test('every name of the list is a name, once', () => {
  for (const name of timeZones)
    assert.match(name, /^(?:[A-Z][A-Za-z. ()0-9-]+ Standard Time(?: \([A-Za-z]+\))?|UTC(?:[+-]\d\d)?|Russia Time Zone \d+)$/);
  assert.is(new Set(timeZones.map((name) => name.toLowerCase())).size, timeZones.length);
});

test('a wrong name gets names with a word of it', () => {
  assert.ok(likeTimeZones('Europe/Berlin').includes('Central Europe Standard Time'));
  assert.ok(likeTimeZones('US Eastern Time').includes('Eastern Standard Time'));
  assert.is(likeTimeZones('W. Europ Standard Time')[0], 'W. Europe Standard Time');
  assert.equal(likeTimeZones('Nowhere'), []);
  assert.ok(likeTimeZones('Standard Time').length === 0);
});

test.run();
