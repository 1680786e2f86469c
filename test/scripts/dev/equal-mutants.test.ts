// The list of damages that change nothing: every entry names a damage that exists, and stale ones are told.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { repository } from '../../../scripts/dev/catalogue.ts';
import { equalMutantOf, equalMutants, staleEntries } from '../../../scripts/dev/equal-mutants.ts';
import { mutantsOfSignatures, mutantsOfSource } from '../../../scripts/dev/mutants.ts';

test('every entry names a damage that exists, once, and says why', () => {
  for (const { file, what, reason } of equalMutants) {
    const text = readFileSync(join(repository, file), 'utf8');
    const all = file.endsWith('.yar') ? mutantsOfSignatures(text) : mutantsOfSource(text);
    assert.ok(
      all.some((mutant) => mutant.what === what),
      `${file}: ${what}`,
    );
    assert.ok(reason.length > 20, `${file}: ${what}: ${reason}`);
  }
  const names = equalMutants.map(({ file, what }) => `${file} ${what}`);
  assert.equal(names.length, new Set(names).size);
});

test('entries that are noticed, and entries without a damage, are stale', () => {
  const entry = (what: string) => ({ file: 'a.ts', what, reason: 'another clause implies it' });
  const tried = [
    { file: 'a.ts', what: 'equal', noticed: false },
    { file: 'a.ts', what: 'noticed', noticed: true },
  ];
  const entries = ['equal', 'noticed', 'gone'].map(entry);
  assert.equal(staleEntries(entries, tried, new Set(['a.ts'])), [
    'a.ts: noticed: a test notices it',
    'a.ts: gone: there is no such damage',
  ]);
  assert.equal(staleEntries(entries, tried, new Set()), ['a.ts: noticed: a test notices it']);
  assert.equal(equalMutantOf(entries, 'a.ts', 'gone'), entries[2]);
  assert.is(equalMutantOf(entries, 'b.ts', 'gone'), undefined);
});

test.run();
