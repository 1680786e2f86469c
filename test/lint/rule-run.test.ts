// One rule's run: what it reports becomes findings in a stable order, and a flood is told.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Location } from '../../lint/location.ts';
import type { Finding } from '../../lint/result.ts';
import type { Rule, RuleContext } from '../../lint/rule.ts';
import { RuleRun, sortFindings } from '../../lint/rule-run.ts';
import { ViewStore } from '../../lint/view.ts';
import { fakeImage } from '../helpers/fake-image.ts';

function start(
  rule: Partial<Rule>,
  places: ReadonlyMap<string, Location> = new Map(),
  callSeconds = 60,
): { run: RuleRun; ctx: RuleContext } {
  let ctx!: RuleContext;
  const whole = {
    id: 'a/b',
    severity: 'warning',
    messages: { m: 'holds {what}' },
    create(given: RuleContext) {
      ctx = given;
      return {};
    },
    ...rule,
  };
  const run = new RuleRun(whole as unknown as Rule, {
    policy: { kmsHosts: ['a'] },
    options: { o: 1 },
    info: fakeImage().info,
    places,
    store: new ViewStore(fakeImage()),
    callSeconds,
  });
  return { run, ctx };
}

test('the rule sees its options, the policy and the image', () => {
  const { ctx } = start({});
  assert.equal(ctx.options, { o: 1 });
  assert.equal(ctx.policy, { kmsHosts: ['a'] });
  assert.is(ctx.info.build, 19045);
});

test('a finding has the rule’s severity unless it says otherwise, its text and fingerprint; twice the same is once', () => {
  const { run, ctx } = start({});
  const at = { file: '/a', offset: 3 };
  ctx.report({ messageId: 'm', at, data: { what: 'it' } });
  ctx.report({ messageId: 'm', at, data: { what: 'it' } });
  ctx.report({ messageId: 'm', at, data: { what: 'more' }, severity: 'error' });
  assert.equal(
    run.findings.map(({ severity, message }) => [severity, message]),
    [
      ['warning', 'holds it'],
      ['error', 'holds more'],
    ],
  );
  assert.is(run.findings[0]!.fingerprint, run.findings[1]!.fingerprint);
});

test('a level is weighed by the profile; the message’s goes before the rule’s, the report’s before both', () => {
  const rule: Partial<Rule> = { level: 'strong', levels: { w: 'weak' }, messages: { m: 'a', w: 'b' }, why: 'y', repair: { text: 'r' } };
  const { severity: _, ...bare } = rule;
  const { run, ctx } = start({ ...bare, severity: undefined as never });
  ctx.report({ messageId: 'm', at: { file: '/1' } });
  ctx.report({ messageId: 'w', at: { file: '/2' } });
  ctx.report({ messageId: 'w', at: { file: '/3' }, level: 'certain', evidence: 'seen\nso' });
  ctx.report({ messageId: 'm', at: { file: '/4' }, severity: 'note' });
  assert.equal(
    run.findings.map(({ severity, level, evidence, why, repair }) => [severity, level, evidence, why, repair?.text]),
    [
      ['error', 'strong', '1', 'y', 'r'],
      ['warning', 'weak', '2', 'y', 'r'],
      ['error', 'certain', 'seen so', 'y', 'r'],
      ['note', undefined, '4', 'y', 'r'],
    ],
  );
});

test('in a copy of a hive a mark is less, if the rule says so; in a backup what is certain stays strong', () => {
  const hives = ['SOFTWARE', '/Windows/System32/config/RegBack/SOFTWARE', '/Windows.old/Windows/System32/config/RegBack/SOFTWARE'] as const;
  const levelsOf = (own: Partial<Rule>) => {
    const rule: Partial<Rule> = { level: 'certain', levels: { w: 'strong' }, messages: { m: 'a', w: 'b' }, ...own };
    const { run, ctx } = start({ ...rule, severity: undefined as never });
    for (const messageId of ['m', 'w']) {
      for (const hive of hives) ctx.report({ messageId, at: { hive, key: 'K', name: 'v' } });
      ctx.report({ messageId, at: { file: '/Windows.old/a' } });
    }
    return run.findings.map(({ level }) => level);
  };
  assert.equal(levelsOf({ hiveCopies: 'less' }), ['certain', 'strong', 'weak', 'certain', 'strong', 'weak', 'weak', 'strong']);
  assert.equal(levelsOf({}), [...Array<string>(4).fill('certain'), ...Array<string>(4).fill('strong')]);
});

test('a place without a path is named by what it is', () => {
  const { run, ctx } = start({}, new Map([['blob:x', { slack: 'unreferenced-blob', of: 'x' } as const]]));
  ctx.report({ messageId: 'm', at: { file: 'blob:x', offset: 5 } });
  assert.equal(run.findings[0]!.at, { slack: 'unreferenced-blob', of: 'x', offset: 5 });
});

test('a message that does not exist is a fault of the rule', () => {
  const { ctx } = start({});
  assert.throws(() => ctx.report({ messageId: 'n', at: { file: '/a' } }), /no message "n"/);
});

test('a flood of findings ends, and the rule is unable', () => {
  const { run, ctx } = start({});
  for (let n = 0; n < 10_050; n++) ctx.report({ messageId: 'm', at: { file: `/${n}` } });
  assert.is(run.findings.length, 10_000);
  assert.is(run.outcome().outcome, 'unable');
});

test('a rule that waits for what never comes is out and unable; one that comes back is not', async () => {
  const { run } = start({}, new Map(), 0.05);
  await run.call(async () => {});
  assert.equal([run.active, run.outcome().outcome], [true, 'passed']);
  const never = run.call(() => new Promise<void>(() => {}));
  await Promise.all([never, run.settled()]);
  assert.is(run.active, false);
  assert.equal(run.outcome(), { rule: 'a/b', outcome: 'unable', reason: 'did not come back within 0.05 seconds' });
});

test('findings are sorted: worst first, then rule, place, spot', () => {
  const finding = (severity: Finding['severity'], rule: string, at: Location): Finding => ({
    rule,
    messageId: 'm',
    severity,
    message: '',
    at,
    evidence: '',
    fingerprint: '',
  });
  const sorted = [
    finding('error', 'a/a', { file: '/x', line: 2 }),
    finding('error', 'a/a', { file: '/x', line: 10 }),
    finding('error', 'a/b', { file: '/a' }),
    finding('warning', 'a/a', { file: '/a' }),
    finding('note', 'a/a', { hive: 'SAM', key: '' }),
  ];
  assert.equal(sortFindings([...sorted].reverse()), sorted);
});

test.run();
