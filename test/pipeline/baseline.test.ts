// Baselines: written from findings, filled in by a person, read again, updated without losing what was filled in.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { openAllowlist } from '../../lint/allowlist.ts';
import type { Finding, LintResult } from '../../lint/result.ts';
import { readBaseline, updateBaseline } from '../../pipeline/baseline.ts';
import { withScratch } from '../../tools/scratch.ts';
import { cleanResult } from '../helpers/sample-result.ts';

const NOW = new Date('2026-06-15T12:00:00Z');
const SHA256 = 'ab'.repeat(32);

function found(rule: string, file: string, more: Partial<Finding> = {}): Finding {
  return { rule, messageId: 'm', severity: 'error', message: 'is bad', at: { file }, evidence: '', fingerprint: '', ...more };
}
const resultOf = (findings: readonly Finding[]): LintResult => ({ ...cleanResult, images: [{ ...cleanResult.images[0]!, findings }] });

const FINDINGS = [
  found('a/a', '/x {a,b}*.exe'),
  found('a/a', '/x {a,b}*.exe', { messageId: 'n', at: { file: '/x {a,b}*.exe', offset: 5 } }),
  found('a/b', '/y', { level: 'certain', sha256: SHA256 }),
  found('a/b', '/z', { level: 'certain' }),
  found('a/c', '/n', { severity: 'note' }),
  found('a/d', '/w', { severity: 'warning', level: 'weak' }),
  found('a/e', '/k', { allowed: { reason: 'known' } }),
];

async function withFile<T>(use: (file: string) => Promise<T>): Promise<T> {
  return withScratch((folder) => use(join(folder, 'baseline.json')));
}
const fill = async (file: string) => writeFile(file, (await readFile(file, 'utf8')).replaceAll('"reason": ""', '"reason": "known"'));

test('one entry for each place or digest; notes, allowed ones and certain ones without a digest are left out', async () => {
  await withFile(async (file) => {
    assert.equal(await updateBaseline(file, resultOf(FINDINGS), NOW), { entries: 3, open: 3, left: 1 });
    const { allow } = JSON.parse(await readFile(file, 'utf8')) as { allow: Record<string, string>[] };
    assert.equal(
      allow.map(({ finding, ...entry }) => entry),
      [
        { rule: 'a/a', at: '/x ?a,b}*.exe', reason: '' },
        { rule: 'a/b', sha256: SHA256, reason: '', until: '2026-07-15' },
        { rule: 'a/d', at: '/w', reason: '' },
      ],
    );
    assert.is(allow[0]!['finding'], '/x {a,b}*.exe: is bad');
  });
});

test('without reasons it is no baseline; with them it covers what it was made from', async () => {
  await withFile(async (file) => {
    await updateBaseline(file, resultOf(FINDINGS), NOW);
    const refused = await readBaseline(file).catch((error: unknown) => error);
    assert.instance(refused, ConfigError);
    for (const at of [0, 1, 2]) assert.match((refused as Error).message, `allow[${at}].reason: is missing`);
    await fill(file);
    const list = openAllowlist(await readBaseline(file), NOW);
    const open = FINDINGS.filter((finding) => list.apply(finding).allowed === undefined);
    assert.equal(
      open.map(({ rule, at }) => [rule, 'file' in at && at.file]),
      [
        ['a/b', '/z'],
        ['a/c', '/n'],
      ],
    );
  });
});

test('an update keeps reasons and end dates, adds what is new, drops what is gone', async () => {
  await withFile(async (file) => {
    await updateBaseline(file, resultOf(FINDINGS), NOW);
    await fill(file);
    const later = new Date('2027-01-01T00:00:00Z');
    const next = [FINDINGS[2]!, found('a/f', '/new')];
    assert.equal(await updateBaseline(file, resultOf(next), later), { entries: 2, open: 1, left: 0 });
    const { allow } = JSON.parse(await readFile(file, 'utf8')) as { allow: Record<string, string>[] };
    assert.equal(
      allow.map(({ rule, reason, until }) => [rule, reason, until]),
      [
        ['a/b', 'known', '2026-07-15'],
        ['a/f', '', undefined],
      ],
    );
  });
});

test('what is no baseline is not overwritten and not read', async () => {
  await withFile(async (file) => {
    for (const text of ['{}', 'x', '[]', 'null', '{"schema":"wtgforge/baseline@1","allow":{}}']) {
      await writeFile(file, text);
      for (const use of [() => readBaseline(file), () => updateBaseline(file, resultOf([]), NOW)]) {
        const refused = await use().catch((error: unknown) => error);
        assert.ok(refused instanceof ConfigError && refused.code === 'BASELINE_UNREADABLE', text);
      }
      assert.is(await readFile(file, 'utf8'), text);
    }
    await writeFile(file, '{"schema":"wtgforge/baseline@1","allow":[null]}');
    assert.match(String(await readBaseline(file).catch((error: unknown) => error)), /allow\[0\]: must be an object/);
  });
  assert.match(String(await readBaseline('/no/such/file').catch((error: unknown) => error)), 'ENOENT');
  const unwritable = await updateBaseline('/no/such/file', resultOf([]), NOW).catch((error: unknown) => error);
  assert.match(String(unwritable), /cannot be written \(ENOENT\)/);
});

test.run();
