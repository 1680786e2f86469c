// docs/detection.md says for each general rule, trick and trap which cases of the corpus stand for it: exactly those, and a reason where there are none.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rules } from '../../rules/index.ts';
import type { CorpusCase } from './case.ts';
import { containerCases } from './container-cases.ts';
import { gaps } from './gaps.ts';
import { lookAlikeCases } from './look-alike-cases.ts';
import { packageCases } from './package-cases.ts';
import { programCases } from './program-cases.ts';
import { protectionCases } from './protection-cases.ts';
import { registryCases } from './registry-cases.ts';
import { type Row, rows } from './rows.ts';
import { startCases } from './start-cases.ts';
import { textCases } from './text-cases.ts';
import { trickCases } from './trick-cases.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const doc = `${repository}docs/detection.md`;
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
const refused = groups.flatMap((group) => group.refused);
const honest = groups.flatMap((group) => group.honest);
const of = (cases: readonly CorpusCase[], row: string) => cases.filter(({ rows: own }) => own.includes(row)).map(({ name }) => name);

test('every row of a case is one of the list', () => {
  const unknown = [...refused, ...honest].flatMap(({ name, rows: own }) =>
    own.filter((row) => !Object.hasOwn(rows, row)).map((row) => `${row}: ${name}`),
  );
  assert.equal(unknown, []);
});

test('rows name rules and tests that are there', () => {
  const ids = new Set(rules.map(({ id }) => id));
  for (const [id, { rules: own, elsewhere, reason }] of Object.entries(rows)) {
    assert.ok(own.length > 0 && own.every((rule) => ids.has(rule)), `${id}: ${own.filter((rule) => !ids.has(rule)).join(', ')}`);
    assert.ok(elsewhere === undefined || existsSync(repository + elsewhere), `${id}: ${elsewhere}`);
    assert.ok(elsewhere === undefined || reason !== undefined, `${id}: says no reason`);
  }
});

test('a general rule has two ways in and two honest look-alikes, a trick a case, a trap an honest one; or a reason', () => {
  const short = Object.entries(rows).flatMap(([id, { reason }]) => {
    const [into, out] = [of(refused, id).length, of(honest, id).length];
    const enough = isEnough(id[0]!, into, out);
    return enough || reason !== undefined ? [] : [`${id}: ${into} refused, ${out} honest`];
  });
  assert.equal(short, []);
});

test('the page is that of the corpus (UPDATE=1 writes it)', () => {
  const text = page();
  if (process.env['UPDATE']) writeFileSync(doc, text);
  assert.is(readFileSync(doc, 'utf8'), text);
});

function isEnough(kind: string, into: number, out: number): boolean {
  if (kind === 'T') return out > 0;
  return kind === 'E' ? into > 0 : into >= 2 && out >= 2;
}

function page(): string {
  const section = (title: string, kind: RegExp) => [
    `## ${title}`,
    '',
    ...Object.entries(rows)
      .filter(([id]) => kind.test(id))
      .map(([id, row]) => entry(id, row)),
    '',
  ];
  return [
    '<!-- Written by the test of the corpus (`UPDATE=1 npm test -- ^corpus/detection`) from test/corpus/; do not edit. -->',
    '',
    '# What the gate is proved on',
    '',
    `A corpus of ${refused.length} images that must be refused and ${honest.length} honest ones that must not, made when the tests run: an image in order with one thing planted in it. Who writes a case knows the field and no rule. Numbers: G general rules, E tricks of evasion, T traps of false alarms, K product keys, S secrets, W state of the workspace.`,
    '',
    ...section('General rules', /^G/),
    ...section('Tricks', /^E/),
    ...section('Traps', /^T/),
    ...section('Keys, secrets, state', /^[KSW]$/),
    '## Not decided as it should be',
    '',
    ...[...gaps].map(([name, reason]) => `- “${name}”: ${reason}.`),
    '',
  ].join('\n');
}

function entry(id: string, { what, rules: own, elsewhere, reason }: Row): string {
  const list = (title: string, names: readonly string[]) =>
    names.length > 0 ? ` ${title}: ${names.map((name) => `“${name}”`).join('; ')}.` : '';
  const tested = elsewhere === undefined ? '' : ` Tested in \`${elsewhere}\`.`;
  const why = reason === undefined ? '' : ` Here: ${reason}.`;
  return `- **${id}** ${what}. By ${own.map((rule) => `\`${rule}\``).join(', ')}.${list('Refused', of(refused, id))}${list('Honest', of(honest, id))}${tested}${why}`;
}

test.run();
