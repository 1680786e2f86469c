// The whole gate over planted images: what must be refused is refused, what is honest is not. The cases know no rule.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Image } from '../../image/image.ts';
import { openImage } from '../../image/open.ts';
import { lintImage } from '../../lint/lint-image.ts';
import { locationText } from '../../lint/location.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { rules } from '../../rules/index.ts';
import { inWorkspace } from '../helpers/workspace.ts';
import type { CorpusCase } from './case.ts';
import { containerCases } from './container-cases.ts';
import { gaps } from './gaps.ts';
import { lookAlikeCases } from './look-alike-cases.ts';
import { packageCases } from './package-cases.ts';
import { planted } from './plant.ts';
import { programCases } from './program-cases.ts';
import { protectionCases } from './protection-cases.ts';
import { registryCases } from './registry-cases.ts';
import { rows } from './rows.ts';
import { startCases } from './start-cases.ts';
import { textCases } from './text-cases.ts';
import { trickCases } from './trick-cases.ts';

const groups = [
  registryCases,
  protectionCases,
  programCases,
  textCases,
  startCases,
  containerCases,
  trickCases,
  lookAlikeCases,
  packageCases,
];
/** With the id of a rule, only the cases that it judges: what the damage of one rule can change. */
const only = process.env['WTGFORGE_CORPUS_RULE'];
const concerned = ({ rows: stands }: CorpusCase) => only === undefined || stands.some((row) => rows[row]?.rules.includes(only));
const refused = groups.flatMap((group) => group.refused).filter(concerned);
const honest = groups.flatMap((group) => group.honest).filter(concerned);

test('names are told apart, and every gap is a case', () => {
  const names = [...refused, ...honest].map(({ name }) => name);
  assert.equal(names.length, new Set(names).size);
  assert.equal(
    [...gaps.keys()].filter((name) => only === undefined && !names.includes(name)),
    [],
  );
});

test('refused and honest images', async () => {
  await inWorkspace(async ({ build, output }) => {
    const built = await build();
    assert.is(built.code, 0, built.err + built.out);
    const image = await openImage(output);
    try {
      const errors = errorsOf(image);
      assert.equal(await errors({ name: 'nothing', rows: [], plant: {} }), []);
      const faults: string[] = [];
      for (const one of refused) {
        const found = await errors(one);
        const gap = gaps.has(one.name);
        if (found.length === 0 && !gap) faults.push(`not refused (${one.rows.join(', ')}): ${one.name}`);
        if (found.length > 0 && gap) faults.push(`refused now, so no gap any more: ${one.name}: ${found[0]}`);
      }
      for (const one of honest) {
        const found = await errors(one);
        const gap = gaps.has(one.name);
        if (found.length > 0 && !gap) faults.push(`refused, but honest (${one.rows.join(', ')}): ${one.name}: ${found.join('; ')}`);
        if (found.length === 0 && gap) faults.push(`not refused now, so no gap any more: ${one.name}`);
      }
      assert.ok(faults.length === 0, `${faults.length} of ${refused.length + honest.length} cases\n${faults.join('\n')}`);
    } finally {
      await image.close();
    }
  });
});

/** The error findings of a case; a rule that could not look is none of them. */
function errorsOf(image: Image): (one: CorpusCase) => Promise<readonly string[]> {
  const signatures = loadSignatures([...new Set(rules.flatMap(({ select }) => select.signatures ?? []))]);
  return async ({ plant }) => {
    const spec = typeof plant === 'function' ? await plant() : plant;
    const { findings } = await lintImage(planted(image, spec), {
      rules,
      policy: { kmsHosts: ['kms.corp.example'] },
      signatures: await signatures,
    });
    return findings
      .filter(({ severity }) => severity === 'error')
      .map(({ rule, at, message }) => `${rule} at ${locationText(at)}: ${message}`);
  };
}

test.run();
