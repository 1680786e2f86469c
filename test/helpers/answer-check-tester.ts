// Tests of a check of answer files from tables, once as a function and once as the lint rule of the same name.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Architecture } from '../../image/image.ts';
import type { Rule } from '../../lint/rule.ts';
import type { AnswerCheck, AnswerContext, AnswerSeverity } from '../../unattend/finding.ts';
import { parseAnswerFile } from '../../unattend/model.ts';
import { imagePathOf } from '../../unattend/windows-path.ts';
import type { FakeSpec } from './fake-image.ts';
import { windowsRuleTester } from './on-windows.ts';

export type ExpectedAnswerFinding = readonly [messageId: string, severity: AnswerSeverity, line: number, says?: string | RegExp];

export interface AnswerCase {
  readonly name: string;
  readonly xml: string;
  /** Of the image: amd64 unless given. */
  readonly architecture?: Architecture;
  /** The file lies where Setup looks in an installed image. */
  readonly installed?: true;
  /** The file is looked at by itself; the rule has no such case. */
  readonly alone?: true;
  /** Files of the image, by their path in it. */
  readonly has?: readonly string[];
  /** None in a good case. */
  readonly findings?: readonly ExpectedAnswerFinding[];
  /** Texts that no message may show. */
  readonly never?: readonly string[];
}

export interface AnswerCases {
  readonly good: readonly AnswerCase[];
  readonly bad: readonly AnswerCase[];
}

/** Runs the check itself. */
export function answerCheckTester(check: AnswerCheck, { good, bad }: AnswerCases): void {
  for (const one of [...good, ...bad]) {
    test(`${check.id}: ${one.name}`, () => {
      const found = check.run(parseAnswerFile(Buffer.from(one.xml)), contextOf(one));
      assert.equal(
        found.map(({ messageId, severity, at }) => [messageId, severity, at?.line]),
        (one.findings ?? []).map(([messageId, severity, line]) => [messageId, severity, line]),
      );
      for (const [at, [, , , says]] of (one.findings ?? []).entries()) if (says) assert.match(found[at]!.message, says);
      for (const { check: id, message } of found) {
        assert.is(id, check.id);
        assert.not.match(message, /\{\w+\}(?<!"\{\w+\})|\n/);
        for (const text of one.never ?? []) assert.not.ok(message.includes(text), message);
      }
    });
  }
}

/** Runs the lint rule over an image that holds the file; `messages` are all that the cases expect. */
export function answerRuleTester(rule: Rule<Record<never, never>, string>, { good, bad }: AnswerCases, messages: readonly string[]): void {
  test(`${rule.id}: every message has a case`, () => {
    const expected = new Set(bad.flatMap(({ findings = [] }) => findings.map(([messageId]) => messageId)));
    assert.equal([...expected].sort(), [...messages].sort());
    assert.equal(Object.keys(rule.messages).sort(), [...messages].sort());
  });
  windowsRuleTester(rule, {
    good: good.filter(isOfImage).map((one) => ({ name: one.name, image: imageOf(one) })),
    bad: bad.filter(isOfImage).map((one) => ({
      name: one.name,
      image: imageOf(one),
      findings: (one.findings ?? []).map(([messageId, severity, line, says]) => ({
        messageId,
        // Where Setup does not look, nothing is worse than a warning.
        severity: severity === 'error' && !one.installed ? 'warning' : severity,
        at: { file: pathOf(one), line },
        ...(says === undefined ? {} : { says }),
      })),
      ...(one.never ? { never: one.never } : {}),
    })),
  });
}

function contextOf({ architecture = 'amd64', installed, alone, has = [] }: AnswerCase): AnswerContext {
  if (alone) return { place: 'unknown' };
  const hasFile = (path: string) => {
    const wanted = imagePathOf(path)?.toLowerCase();
    return wanted === undefined ? undefined : has.some((one) => one.toLowerCase() === wanted);
  };
  return { architecture, place: installed ? 'installed-image' : 'unknown', hasFile };
}

function isOfImage({ alone }: AnswerCase): boolean {
  return !alone;
}

function imageOf(one: AnswerCase): FakeSpec {
  const others = Object.fromEntries((one.has ?? []).map((path) => [path, 'x']));
  return { info: { architecture: one.architecture ?? 'amd64' }, files: { ...others, [pathOf(one)]: one.xml } };
}

function pathOf({ installed }: AnswerCase): string {
  return installed ? '/Windows/Panther/unattend.xml' : '/Users/Public/lab.xml';
}
