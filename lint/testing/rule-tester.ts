// Tests of a rule from tables: good images on which it is silent, bad ones with exactly the findings that it must make.
import type { Given } from '../../pipeline/options.ts';
import { ruleFaults } from '../check-rule.ts';
import { type LintedImage, lintImage, signatureNames } from '../lint-image.ts';
import { chooseProfile, severityAt } from '../profile.ts';
import type { Level, LintPolicy, Rule, Severity } from '../rule.ts';
import { loadSignatures, sourceOf } from '../signatures.ts';
import { type FakeSpec, fakeImage } from './fake-image.ts';

/** Compared field by field: what is not written down may be anything. */
export type ExpectedPlace = Readonly<Record<string, unknown>>;

export interface ExpectedFinding {
  readonly messageId: string;
  readonly at: ExpectedPlace;
  /** The level that the rule gives the message unless given; a severity alone says nothing of it. */
  readonly level?: Level;
  /** That of the level, else the rule's own, unless given. */
  readonly severity?: Severity;
  /** Must be the evidence, or stand in it. */
  readonly evidence?: string | RegExp;
  /** Must stand in the message. */
  readonly says?: string | RegExp;
}

// biome-ignore lint/suspicious/noExplicitAny: a rule of whatever options and messages.
type AnyRule = Rule<any, any>;

interface Case<R> {
  readonly name: string;
  readonly image: FakeSpec;
  readonly policy?: LintPolicy;
  /** `release` unless given. */
  readonly profile?: string;
  readonly options?: R extends Rule<infer D, string> ? Given<D> : never;
}

export interface GoodCase<R> extends Case<R> {
  /** The rule says that it does not apply to such an image. */
  readonly notApplicable?: true;
}

export interface BadCase<R> extends Case<R> {
  /** All of them, in any order. */
  readonly findings: readonly ExpectedFinding[];
  /** The rule could not look at everything, and says this. */
  readonly unable?: string | RegExp;
  /** Texts that must not stand in any message: secrets, above all. */
  readonly never?: readonly string[];
}

export interface RuleCases<R> {
  /** Two at least: images on which the rule has nothing to say, those above all that come near to the fault. */
  readonly good: readonly GoodCase<R>[];
  /** Two at least. */
  readonly bad: readonly BadCase<R>[];
  /** Texts of signature files that the rule selects, by name; the shipped ones are there in any case. */
  readonly signatures?: Readonly<Record<string, string>>;
}

/** What registers a test: `test` of node:test, uvu or vitest, `it` of mocha. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

/** Registers a test of the rule's metadata and one for each case; one that fails throws an Error with a line for each fault. */
export function testRule<R extends AnyRule>(rule: R, cases: RuleCases<R>, test: RegisterTest): void {
  const { good, bad, signatures } = cases;
  const register = (name: string, faults: () => Promise<readonly string[]>) => {
    test(`${rule.id}: ${name}`, async () => {
      const found = await faults();
      if (found.length > 0) throw new Error(found.join('\n'));
    });
  };
  register('says what it is', async () => ruleFaults(rule as Rule));
  register('has two good and two bad images at least', async () => [
    ...(good.length >= 2 ? [] : ['write another good image']),
    ...(bad.length >= 2 ? [] : ['write another bad image']),
  ]);
  for (const given of good) register(`good: ${given.name}`, () => goodFaults(rule, given, signatures));
  for (const given of bad) register(`bad: ${given.name}`, () => badFaults(rule, given, signatures));
}

/** What no image may bring about, whatever else the rule says of it. */
const CRASHED = /\bcrashed: \w+ thrown by the rule/;

/** What is wrong with the answer to a good image, as lines. */
export async function goodFaults<R extends AnyRule>(
  rule: R,
  given: GoodCase<R>,
  signatures?: RuleCases<R>['signatures'],
): Promise<readonly string[]> {
  const result = await lintCase(rule as Rule, given as Case<Rule>, signatures);
  const expected = given.notApplicable ? 'notApplicable' : 'passed';
  return [
    ...result.findings.map((finding) => `finds something in a good image: ${shown(finding)}`),
    ...(outcomeOf(result) === expected ? [] : [`is ${outcomeText(result)}, not ${expected}`]),
  ];
}

/** What is wrong with the answer to a bad image, as lines. */
export async function badFaults<R extends AnyRule>(
  rule: R,
  given: BadCase<R>,
  signatures?: RuleCases<R>['signatures'],
): Promise<readonly string[]> {
  const result = await lintCase(rule as Rule, given as Case<Rule>, signatures);
  const printed = JSON.stringify(result);
  const unable = outcomeOf(result) === 'unable';
  const asExpected = given.unable === undefined ? !unable : unable && says(outcomeText(result), given.unable);
  return [
    ...unmet(result, rule as Rule, given),
    ...(given.never ?? []).filter((text) => printed.includes(text)).map((text) => `the result shows ${text}`),
    ...(asExpected && !CRASHED.test(outcomeText(result)) ? [] : [`is ${outcomeText(result)}`]),
    ...(given.findings.length === 0 && given.unable === undefined ? ['expects nothing: this is no bad image'] : []),
  ];
}

/** Lints a fake image with the one rule. */
export async function lintCase(
  rule: Rule,
  given: Omit<Case<Rule>, 'name'>,
  signatures: Readonly<Record<string, string>> = {},
): Promise<LintedImage> {
  const options = given.options ? { options: { [rule.id]: given.options as Readonly<Record<string, unknown>> } } : {};
  return lintImage(fakeImage(given.image), {
    rules: [rule],
    ...(given.policy ? { policy: given.policy } : {}),
    profile: chooseProfile(given.profile),
    signatures: await loadSignatures(signatureNames([rule]), sourceOf(new Map(Object.entries(signatures)))),
    ...options,
  });
}

/** What differs between the findings and the expected ones, as lines: empty when each fits one and none is left over. */
function unmet(
  result: LintedImage,
  rule: Rule,
  { findings: expected, profile }: Pick<BadCase<AnyRule>, 'findings' | 'profile'>,
): readonly string[] {
  const left = [...result.findings];
  const missing: string[] = [];
  // Those that say most take first, so that a loose one does not take a finding away from a strict one.
  for (const one of [...expected].sort((a, b) => Object.keys(b.at).length - Object.keys(a.at).length)) {
    const weight = weightOf(one, rule, profile);
    const at = left.findIndex(
      (finding) =>
        finding.messageId === one.messageId &&
        finding.severity === weight.severity &&
        (weight.level === undefined || finding.level === weight.level) &&
        fits(finding.at, one.at) &&
        (one.says === undefined || says(finding.message, one.says)) &&
        (one.evidence === undefined || says(finding.evidence, one.evidence)),
    );
    if (at >= 0) left.splice(at, 1);
    else missing.push(`missing: ${weightText(weight)} ${one.messageId} ${JSON.stringify(one.at)}`);
  }
  const unfilled = result.findings
    .filter(({ messageId, message }) => [...rule.messages[messageId]!.matchAll(/\{\w+\}/g)].some(([name]) => message.includes(name)))
    .map(({ message }) => `message without its data: ${message}`);
  return [...missing, ...left.map((finding) => `too many: ${shown(finding)}`), ...unfilled];
}

type Weight = Pick<LintedImage['findings'][number], 'severity' | 'level'>;

function weightOf({ messageId, level, severity }: ExpectedFinding, rule: Rule, profile: string | undefined): Weight {
  if (severity !== undefined && level === undefined) return { severity };
  const expected = level ?? rule.levels?.[messageId] ?? rule.level;
  if (expected === undefined) return { severity: rule.severity! };
  return { severity: severity ?? severityAt(expected, chooseProfile(profile)), level: expected };
}

function weightText({ severity, level }: Weight): string {
  return level === undefined ? severity : `${severity} (${level})`;
}

function fits(actual: object, expected: object): boolean {
  return Object.entries(expected).every(([name, value]) => {
    const found = (actual as Record<string, unknown>)[name];
    return JSON.stringify(found) === JSON.stringify(value);
  });
}

function says(text: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? text.includes(expected) : expected.test(text);
}

function shown({ messageId, at, message, ...weight }: LintedImage['findings'][number]): string {
  return `${weightText(weight)} ${messageId} ${JSON.stringify(at)} "${message}"`;
}

function outcomeOf(result: LintedImage): string {
  return result.outcomes[0]!.outcome;
}

function outcomeText(result: LintedImage): string {
  const [outcome] = result.outcomes;
  return 'reason' in outcome! ? `${outcome.outcome}: ${outcome.reason}` : outcome!.outcome;
}
