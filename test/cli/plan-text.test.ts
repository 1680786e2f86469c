// How a plan is shown: before → after on one line, what is inside below it, long lists cut with a word where the rest is.
import picocolors from 'picocolors';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { stepTable } from '../../cli/plan-text.ts';
import type { StepDescription } from '../../pipeline/build.ts';
import type { ChangeDescription } from '../../pipeline/describe.ts';

const table = (changes: readonly ChangeDescription[], more: Partial<StepDescription> = {}) =>
  stepTable(
    [
      {
        step: 's',
        title: 'T',
        skipped: undefined,
        unforeseen: false,
        changes,
        inputs: [],
        attachments: [],
        notes: [],
        traces: [],
        ...more,
      },
    ],
    picocolors.createColors(false),
  )
    .trimEnd()
    .split('\n')
    .slice(2);

test('each kind has its sign; new things have no arrow, gone ones say so', () => {
  assert.equal(
    table([
      { step: 's', kind: 'set-value', at: 'SYSTEM\\a!b', type: 'REG_DWORD', before: '1', after: '4' },
      { step: 's', kind: 'set-value', at: 'SYSTEM\\a!c', type: 'REG_DWORD', after: '4' },
      { step: 's', kind: 'set-value', at: 'SYSTEM\\a!d', type: 'REG_DWORD', typeBefore: 'REG_SZ', before: '"4"', after: '4' },
      { step: 's', kind: 'delete-value', at: 'SYSTEM\\a!e', type: 'REG_SZ', before: '"x"' },
      { step: 's', kind: 'write', at: '/f', before: '3 bytes', after: '5 bytes' },
      { step: 's', kind: 'remove', at: '/g', before: '3 bytes' },
    ]),
    [
      '  = SYSTEM\\a!b  REG_DWORD 1 → 4',
      '  = SYSTEM\\a!c  REG_DWORD 4',
      '  = SYSTEM\\a!d  REG_SZ "4" → REG_DWORD 4',
      '  - SYSTEM\\a!e  REG_SZ "x" → (gone)',
      '  + /f  3 bytes → 5 bytes',
      '  - /g  3 bytes → (gone)',
    ],
  );
});

test('nodes stand below their file, and no name of the image reaches the terminal raw', () => {
  const parts = [
    { at: 'x / y', before: '"1"', after: '"2"' },
    { at: 'evil\u001b[2J', after: '"3"' },
  ];
  assert.equal(table([{ step: 's', kind: 'write', at: '/u.xml', form: 'answer file', after: '9 bytes', parts }]), [
    '  + /u.xml  answer file 9 bytes',
    '      x / y  "1" → "2"',
    '      evil\\u{1b}[2J  "3"',
  ]);
});

test('a long list is cut and says how much is left', () => {
  const parts = Array.from({ length: 70 }, (_, at) => ({ at: `v${at}`, before: '1' }));
  const lines = table([{ step: 's', kind: 'remove-key', at: 'SYSTEM\\k', before: 'key with 75 values', parts, moreParts: 5 }]);
  assert.is(lines.length, 62);
  assert.is(lines.at(-1), '      … and 15 more (--json lists them)');
  const [long] = table([{ step: 's', kind: 'set-value', at: 'SYSTEM\\k!v', type: 'REG_SZ', after: 'x'.repeat(500) }]);
  assert.is(long, `  = SYSTEM\\k!v  REG_SZ ${'x'.repeat(120)}…`);
});

test('a step that has nothing to do says so', () => {
  assert.equal(table([]), ['  nothing to change']);
  assert.equal(table([], { skipped: 'no hive' }), ['  skipped: no hive']);
});

test('a step that runs a program of the user says that nobody knows yet', () => {
  assert.equal(table([], { unforeseen: true }), ['  runs a program of yours: what it changes is known only after a build']);
  assert.equal(table([], {}), ['  nothing to change']);
});

test.run();
