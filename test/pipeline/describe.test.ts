// Changes as plain data: before and after, what is inside, secrets as nothing but their presence.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../image/draft.ts';
import { describeChange } from '../../pipeline/describe.ts';
import { storedValue } from '../helpers/fake-image.ts';

const KEY = 'BCDFG-HJKMP-QRTVW-XY234-67893';
const file = (more: Partial<Extract<Change, { kind: 'write' }>> = {}): Change => ({
  step: 's',
  kind: 'write',
  path: '/a',
  size: 3,
  secret: false,
  before: undefined,
  xml: undefined,
  ...more,
});
const sets = (name: string, data: number | string | bigint, before?: string | number): Change => ({
  step: 's',
  kind: 'set-value',
  hive: 'SYSTEM',
  key: 'Select',
  name,
  value: typeof data === 'bigint' ? { type: 'REG_QWORD', data } : (storedValue(name, data).decoded as never),
  secret: false,
  before: before === undefined ? undefined : storedValue(name, before),
});
const at = 'SYSTEM\\Select!Default';

const CASES: readonly [string, Change, ReturnType<typeof describeChange>][] = [
  ['a new file', file(), { step: 's', kind: 'write', at: '/a', after: '3 bytes' }],
  [
    'a file with a secret, whose size would tell the length of a password',
    file({ secret: true, before: { size: 1, secret: false } }),
    { step: 's', kind: 'write', at: '/a', before: '1 byte', after: '(holds a secret)' },
  ],
  [
    'a removed file',
    { step: 's', kind: 'remove', path: '/a', folder: false, files: { entries: [{ path: '/a', size: 7 }], more: 0 }, xml: undefined },
    { step: 's', kind: 'remove', at: '/a', before: '7 bytes' },
  ],
  [
    'a removed folder with more in it than is listed',
    { step: 's', kind: 'remove', path: '/a', folder: true, files: { entries: [{ path: '/a/b', size: 7 }], more: 2 }, xml: undefined },
    { step: 's', kind: 'remove', at: '/a', before: 'folder with 3 files', parts: [{ at: '/a/b', before: '7 bytes' }], moreParts: 2 },
  ],
  ['a changed value', sets('Default', 2, 1), { step: 's', kind: 'set-value', at, type: 'REG_DWORD', before: '1', after: '2' }],
  [
    'a value of another type',
    sets('Default', 2, '1'),
    { step: 's', kind: 'set-value', at, type: 'REG_DWORD', typeBefore: 'REG_SZ', before: '"1"', after: '2' },
  ],
  [
    'a large number survives JSON',
    sets('', 2n ** 60n),
    { step: 's', kind: 'set-value', at: 'SYSTEM\\Select!(default)', type: 'REG_QWORD', after: '1152921504606846976' },
  ],
  [
    'a product key that goes is not shown',
    {
      step: 's',
      kind: 'delete-value',
      hive: 'SOFTWARE',
      key: 'k',
      name: 'BackupProductKeyDefault',
      before: storedValue('BackupProductKeyDefault', KEY),
    },
    { step: 's', kind: 'delete-value', at: 'SOFTWARE\\k!BackupProductKeyDefault', type: 'REG_SZ', before: '(redacted)' },
  ],
  [
    'a product key under another name keeps its last five characters',
    sets('Default', `key ${KEY}`),
    { step: 's', kind: 'set-value', at, type: 'REG_SZ', after: '"key *****-*****-*****-*****-67893"' },
  ],
  [
    'a deleted value of a user',
    { step: 's', kind: 'delete-value', hive: '/Users/Default/NTUSER.DAT', key: 'k', name: 'n', before: storedValue('n', 5) },
    { step: 's', kind: 'delete-value', at: '/Users/Default/NTUSER.DAT\\k!n', type: 'REG_DWORD', before: '5' },
  ],
  [
    'a removed key with the values below it',
    {
      step: 's',
      kind: 'remove-key',
      hive: 'SOFTWARE',
      key: 'k',
      values: { entries: [{ key: 'k\\b', value: storedValue('', 'x') }], more: 0 },
    },
    {
      step: 's',
      kind: 'remove-key',
      at: 'SOFTWARE\\k',
      before: 'key with 1 value',
      parts: [{ at: 'SOFTWARE\\k\\b!(default)', before: 'REG_SZ "x"' }],
    },
  ],
];

for (const [name, change, expected] of CASES) {
  test(name, () => {
    assert.equal(JSON.parse(JSON.stringify(describeChange(change))), expected);
  });
}

test('what a step revealed is shown nowhere, however it is stored', () => {
  const secrets = ['hunter2'];
  const hidden = [
    sets('a', 'my hunter2!'),
    { ...(sets('a', 'x') as Extract<Change, { kind: 'set-value' }>), value: { type: 'REG_BINARY', data: Buffer.from('hunter2') } as const },
    { ...(sets('a', 'harmless') as Extract<Change, { kind: 'set-value' }>), secret: true },
    file({ secret: true, xml: { before: undefined, after: Buffer.from('<a><b>hunter2</b></a>') } }),
  ].map((change) => describeChange(change, secrets));
  assert.equal(
    hidden.map(({ after }) => after),
    Array(4).fill('(holds a secret)'),
  );
  assert.equal(hidden[3]!.parts, [{ at: 'b', after: '(holds a secret)' }]);
  assert.not.match(JSON.stringify(hidden), /hunter2|68756e7465723/);
  // A later step changes or removes what an earlier one has put there.
  const old = storedValue('a', 'hunter2');
  const gone = [
    { ...(sets('a', 'x') as Extract<Change, { kind: 'set-value' }>), before: old },
    { step: 's', kind: 'delete-value', hive: 'SOFTWARE', key: 'k', name: 'a', before: old } as const,
    file({
      secret: true,
      before: { size: 7, secret: true },
      xml: { before: Buffer.from('<a><b>hunter2</b></a>'), after: Buffer.from('<a><b>x</b></a>') },
    }),
  ].map((change) => describeChange(change, secrets));
  assert.equal(
    gone.map(({ before }) => before),
    Array(3).fill('(holds a secret)'),
  );
  assert.equal(gone[2]!.parts, [{ at: 'b', before: '(holds a secret)', after: '"x"' }]);
  const below = { entries: [{ key: 'k', value: old }], more: 0 };
  const key = describeChange({ step: 's', kind: 'remove-key', hive: 'SOFTWARE', key: 'k', values: below }, secrets);
  assert.is(key.parts![0]!.before, 'REG_SZ (holds a secret)');
});

test('an XML file comes with its nodes', () => {
  const xml = { before: Buffer.from('<a x="1"><b>1</b></a>'), after: Buffer.from('<a x="1"><b>2</b></a>') };
  assert.equal(describeChange(file({ before: { size: 20, secret: false }, xml })), {
    step: 's',
    kind: 'write',
    at: '/a',
    before: '20 bytes',
    after: '3 bytes',
    form: 'XML',
    parts: [{ at: 'b', before: '"1"', after: '"2"' }],
  });
});

test.run();
