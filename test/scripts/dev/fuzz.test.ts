// The fuzzer: cases that a seed repeats, crashes, hangs and floods that it notices and keeps, and a short run over every parser.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inputOf, runCase } from '../../../scripts/dev/fuzz/case.ts';
import { branchesOf } from '../../../scripts/dev/fuzz/coverage.ts';
import { fuzzTarget } from '../../../scripts/dev/fuzz/session.ts';
import { targets } from '../../../scripts/dev/fuzz/targets.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { needTools } from '../../helpers/need.ts';
import { targets as badTargets } from './fuzz/bad-targets.ts';

const withTools = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

test('seed, target and number make a case, and nothing else does', async () => {
  const target = targets.find(({ id }) => id === 'security-descriptor')!;
  const inputs = await target.inputs();
  const hex = (seed: number, index: number) => Buffer.from(inputOf(target, inputs, seed, index)).toString('hex');
  assert.is(hex(1, 5), hex(1, 5));
  assert.is(new Set([hex(1, 5), hex(2, 5), hex(1, 6)]).size, 3);
});

test('blocks of coverage', () => {
  const range = (count: number) => ({ startOffset: 0, endOffset: 1, count });
  const called = { functionName: 'a', isBlockCoverage: true, ranges: [range(3), range(0)] };
  const never = { functionName: 'b', isBlockCoverage: false, ranges: [range(0)] };
  assert.equal(branchesOf([{ functions: [called, never] }]), { covered: 1, all: 3 });
});

async function failuresOf(id: string, cases: number) {
  const target = badTargets.find((one) => one.id === id)!;
  return withScratch(async (folder) => {
    const module = new URL('./fuzz/bad-targets.ts', import.meta.url).href;
    const { failures, cases: done, branches } = await fuzzTarget(target, { seed: 1, seconds: 120, cases, folder, module });
    for (const { file } of failures) {
      assert.is(readFileSync(file).at(-1), 3);
      assert.ok(basename(file).startsWith(`${id}-1-`));
    }
    return { kinds: failures.map(({ kind }) => kind), texts: failures.map(({ text }) => text), done, branches };
  });
}

test('a crash is kept as a file, and the run goes on', async () => {
  const { kinds, texts, done, branches } = await failuresOf('crashing', 40);
  assert.ok(kinds.length > 1 && kinds.every((kind) => kind === 'crash'));
  assert.match(texts[0]!, /TypeError: a bug of the parser/);
  assert.is(done, 40);
  assert.ok(branches!.covered > 0 && branches!.covered <= branches!.all);
});

test('a case that never ends is ended and kept', async () => {
  const { kinds } = await failuresOf('hanging', 6);
  assert.ok(kinds.length > 0 && kinds.every((kind) => kind === 'hang'));
});

test('a case that eats memory without end is a crash', async () => {
  const { kinds } = await failuresOf('greedy', 3);
  assert.equal(
    kinds,
    kinds.map(() => 'crash'),
  );
});

/** Their inputs all come from the real data set. */
const REAL_ONLY = new Set(['bcd', 'vhd', 'vhdx', 'qcow2', 'partitions', 'ntfs']);

for (const target of targets) {
  withTools(`${target.id}: a short run without a crash, most cases past the header`, async () => {
    const inputs = await target.inputs();
    assert.ok(inputs.length > 0 || REAL_ONLY.has(target.id), 'no input');
    if (inputs.length === 0) return;
    let past = 0;
    for (let index = 0; index < 30; index++) {
      const verdict = await runCase(target, inputOf(target, inputs, 20_261_125, index));
      assert.not.ok('crash' in verdict, `case ${index}: ${'crash' in verdict ? verdict.crash : ''}`);
      if ('past' in verdict && verdict.past) past++;
    }
    assert.ok(past >= 20, `${past} of 30`);
  });
}

test.run();
