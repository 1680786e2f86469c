// A rule's own metadata: one fault for each thing that is wrong.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleFaults } from '../../lint/check-rule.ts';
import type { Rule } from '../../lint/rule.ts';

const SOUND = {
  id: 'family/kebab-name2',
  title: 'Nothing is so',
  description: 'Why.',
  severity: 'error',
  options: { o: { type: 'string', description: 'What' } },
  messages: { m: 'text' },
  select: { files: ['/**'], keys: ['SOFTWARE\\a'] },
  create: () => ({}),
} as const;

test('a sound rule has no fault', () => assert.equal(ruleFaults(SOUND as unknown as Rule), []));

test('each fault is told', () => {
  for (const [change, fault] of [
    [{ id: 'family' }, /^id: /],
    [{ id: 'Family/Name' }, /^id: /],
    [{ title: 'Ends with a stop.' }, /^title: /],
    [{ title: 'Two\nlines' }, /^title: /],
    [{ title: ' ' }, /^title: is empty/],
    [{ description: '' }, /^description: /],
    [{ severity: 'fatal' }, /^severity: /],
    [{ messages: { m: ' ' } }, /^messages\.m: /],
    [{ options: { o: { type: 'string', description: '' } } }, /^options\.o: /],
    [{ select: { files: ['Windows/**'] } }, /^select\.files: Windows/],
    [{ select: { keys: ['SYSTEM\\CurrentControlSet\\x'] } }, /^select\.keys: /],
  ] as const) {
    const faults = ruleFaults({ ...SOUND, ...change } as unknown as Rule);
    assert.is(faults.length, 1);
    assert.match(faults[0]!, fault);
  }
});

test.run();
