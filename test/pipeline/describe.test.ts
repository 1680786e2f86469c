// Changes as plain data: before and after, secrets as nothing but their presence.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../image/draft.ts';
import { describeChange } from '../../pipeline/describe.ts';

const CASES: readonly [string, Change, ReturnType<typeof describeChange>][] = [
  [
    'a new file',
    { step: 's', kind: 'write', path: '/a', size: 3, secret: false, replaces: false },
    { step: 's', kind: 'write', at: '/a', after: '3 bytes' },
  ],
  [
    'a file with a secret, whose size would tell the length of a password',
    { step: 's', kind: 'write', path: '/a', size: 3, secret: true, replaces: true },
    { step: 's', kind: 'write', at: '/a', before: 'another content', after: '(holds a secret)' },
  ],
  ['a removed file', { step: 's', kind: 'remove', path: '/a' }, { step: 's', kind: 'remove', at: '/a' }],
  [
    'a changed value',
    { step: 's', kind: 'set-value', hive: 'SYSTEM', key: 'Select', name: 'Default', value: { type: 'REG_DWORD', data: 2 }, before: '1' },
    { step: 's', kind: 'set-value', at: 'SYSTEM\\Select!Default', before: '1', after: '2' },
  ],
  [
    'a large number survives JSON',
    { step: 's', kind: 'set-value', hive: 'SYSTEM', key: 'k', name: '', value: { type: 'REG_QWORD', data: 2n ** 60n }, before: undefined },
    { step: 's', kind: 'set-value', at: 'SYSTEM\\k!(default)', after: '1152921504606846976' },
  ],
  [
    'a deleted value',
    { step: 's', kind: 'delete-value', hive: '/Users/Default/NTUSER.DAT', key: 'k', name: 'n' },
    { step: 's', kind: 'delete-value', at: '/Users/Default/NTUSER.DAT\\k!n' },
  ],
  ['a removed key', { step: 's', kind: 'remove-key', hive: 'SOFTWARE', key: 'k' }, { step: 's', kind: 'remove-key', at: 'SOFTWARE\\k' }],
];

for (const [name, change, expected] of CASES) {
  test(name, () => {
    assert.equal(JSON.parse(JSON.stringify(describeChange(change))), expected);
  });
}

test.run();
