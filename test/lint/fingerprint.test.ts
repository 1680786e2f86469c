// Fingerprints: the same for the same finding wherever it moved in its file, another for any other finding.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fingerprintOf } from '../../lint/fingerprint.ts';
import type { Location } from '../../lint/location.ts';

test('offsets, lines and case do not matter', () => {
  const plain = fingerprintOf('a/b', 'm', { file: '/Windows/x' });
  assert.match(plain, /^[0-9a-f]{32}$/);
  for (const at of [{ file: '/Windows/x', line: 4 }, { file: '/Windows/x', offset: 9 }, { file: '/WINDOWS/X' }]) {
    assert.is(fingerprintOf('a/b', 'm', at), plain);
  }
});

test('this is what it was yesterday', () => {
  assert.is(fingerprintOf('a/b', 'm', { file: '/x' }), '91068d57e648eadefce6a8a5fe3ca81c');
});

test('anything else is another finding', () => {
  const places: readonly Location[] = [
    { file: '/x' },
    { file: '/x', stream: 's' },
    { file: '/x:s' },
    { file: '/x', inside: ['s'] },
    { file: '/x', partition: 1 },
    { hive: '/x', key: '' },
    { hive: '/x', key: '', name: '' },
    { hive: 'SAM', key: 'a', name: 'b' },
    { slack: 'hive', of: '/x' },
  ];
  const prints = [
    ...places.map((at) => fingerprintOf('a/b', 'm', at)),
    fingerprintOf('a/c', 'm', places[0]!),
    fingerprintOf('a/b', 'n', places[0]!),
  ];
  assert.is(new Set(prints).size, prints.length);
});

test.run();
