// The reference says of every rule what it proves, what it cannot prove offline, what honest things look alike, and where its facts come from.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rules } from '../../rules/index.ts';

/** Begin of a paragraph each; what a rule proves is its first paragraph. */
const PARTS: readonly (readonly [name: string, begin: RegExp])[] = [
  ['look-alikes', /^\*\*Honest look-alikes\.\*\* \S/m],
  ['limits', /^\*\*Cannot be proved\.\*\* \S/m],
  ['source', /^Sources?: \S/m],
];

for (const { id, description } of rules) {
  test(`${id} says all of it`, () => {
    assert.ok(/^\S/.test(description.trim()) && !description.trim().startsWith('**'), 'what it proves');
    assert.equal(
      PARTS.filter(([, begin]) => !begin.test(description)).map(([name]) => name),
      [],
    );
  });
}

test.run();
