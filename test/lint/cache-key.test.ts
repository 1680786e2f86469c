// The key of remembered verdicts: whatever decides what a scan finds makes another one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheKey, engineOf } from '../../lint/cache-key.ts';

const ENGINE = engineOf('1.2.3', []);
const SETUP = {
  signatures: [
    ['b', 'rule b { condition: true }'],
    ['a', 'rule a { condition: true }'],
  ],
  keys: true,
} as const;

test('version, engine, each limit, a signature, its name and the search for keys are in it', () => {
  const keys = [
    cacheKey(ENGINE, SETUP),
    cacheKey(engineOf('1.2.4', []), SETUP),
    cacheKey({ ...ENGINE, scan: ENGINE.scan + 1 }, SETUP),
    ...ENGINE.limits.map((limit, at) => cacheKey({ ...ENGINE, limits: ENGINE.limits.with(at, limit + 1) }, SETUP)),
    cacheKey(ENGINE, { ...SETUP, keys: false }),
    cacheKey(ENGINE, { ...SETUP, signatures: SETUP.signatures.slice(1) }),
    cacheKey(ENGINE, { ...SETUP, signatures: [['b', 'rule b { condition: false }'], SETUP.signatures[1]] }),
    cacheKey(ENGINE, { ...SETUP, signatures: [['c', SETUP.signatures[0][1]], SETUP.signatures[1]] }),
  ];
  assert.is(new Set(keys).size, keys.length);
  assert.ok(ENGINE.limits.length > 2);
});

test('the order of signatures is not', () => {
  assert.is(cacheKey(ENGINE, SETUP), cacheKey(ENGINE, { ...SETUP, signatures: [...SETUP.signatures].reverse() }));
});

test.run();
