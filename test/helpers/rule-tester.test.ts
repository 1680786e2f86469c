// The rule tester itself: it is silent only when the rule's answer is exactly the expected one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defineRule } from '../../lint/rule.ts';
import { type BadCase, badFaults, goodFaults, ruleTester } from './rule-tester.ts';

const rule = defineRule({
  id: 'test/no-key-file',
  title: 'There is no key file',
  description: 'For the test.',
  severity: 'error',
  options: { minor: { type: 'boolean', default: false, description: 'Only a warning' } },
  messages: { found: '{name} is a key file of {owner}', hive: 'the key is set' },
  select: { files: ['/**/*.key'], keys: ['SOFTWARE\\Key'], content: 'whole' },
  notApplicable: ({ build }) => (build === 7601 ? 'has no keys' : undefined),
  create: (ctx) => ({
    file({ path }, content) {
      const data: Record<string, string> = { name: path };
      if (content && content.length > 0) data['owner'] = Buffer.from(content).toString();
      ctx.report({
        messageId: 'found',
        at: { file: path },
        data,
        severity: ctx.options.minor ? 'warning' : 'error',
      });
    },
    key: ({ hive, path }) => ctx.report({ messageId: 'hive', at: { hive, key: path } }),
  }),
});
type Bad = BadCase<typeof rule>;

const files = { '/a.key': 'Ann', '/b/c.key': 'Bob' };
const both: Bad = {
  name: 'two',
  image: { SOFTWARE: {}, files },
  findings: [
    { messageId: 'found', at: { file: '/b/c.key' } },
    { messageId: 'found', at: { file: '/a.key' }, says: 'of Ann' },
  ],
};

ruleTester(rule, {
  good: [
    { name: 'nothing', image: { SOFTWARE: {} } },
    { name: 'Windows 7', image: { info: { build: 7601 } }, notApplicable: true },
  ],
  bad: [
    both,
    {
      name: 'an option',
      image: both.image,
      options: { minor: true },
      findings: both.findings.map((one) => ({ ...one, severity: 'warning' })),
    },
    { name: 'a loose place beside a strict one', image: both.image, findings: [{ messageId: 'found', at: {} }, both.findings[0]!] },
    { name: 'no hive', image: {}, findings: [], unable: 'SOFTWARE' },
    { name: 'a key', image: { SOFTWARE: { Key: {} } }, findings: [{ messageId: 'hive', at: { hive: 'SOFTWARE', key: 'Key' } }] },
  ],
});

test('a good image with findings, or one that could not be looked at, is told', async () => {
  assert.is((await goodFaults(rule, both)).length, 3);
  assert.match((await goodFaults(rule, { name: '', image: {} }))[0]!, /^is unable: .*, not passed/);
  assert.match((await goodFaults(rule, { name: '', image: { SOFTWARE: {} }, notApplicable: true }))[0]!, /^is passed/);
});

test('whatever differs in a bad image is told', async () => {
  const [first, second] = both.findings;
  const cases: readonly (readonly [Partial<Bad>, readonly RegExp[]])[] = [
    [{ findings: [first!] }, [/^too many: error found/]],
    [{ findings: [...both.findings, first!] }, [/^missing: error found/]],
    [{ findings: [first!, { ...second!, messageId: 'hive' }] }, [/^missing: error hive/, /^too many/]],
    [{ findings: [first!, { ...second!, at: { file: '/A.key' } }] }, [/^missing/, /^too many/]],
    [{ findings: [first!, { ...second!, severity: 'note' }] }, [/^missing: note/, /^too many/]],
    [{ findings: [first!, { ...second!, says: /Bob/ }] }, [/^missing/, /^too many/]],
    [{ never: ['Ann'] }, [/^the result shows Ann/]],
    [{ unable: 'x' }, [/^is failed/]],
    [{ image: { files } }, [/^is unable/]],
    [{ image: { SOFTWARE: {}, files: { '/a.key': '' } }, findings: [{ messageId: 'found', at: {} }] }, [/^message without its data/]],
    [{ image: { SOFTWARE: {} }, findings: [] }, [/^expects nothing/]],
  ];
  for (const [change, expected] of cases) {
    const faults = await badFaults(rule, { ...both, ...change });
    assert.is(faults.length, expected.length, faults.join('\n'));
    for (const [at, pattern] of expected.entries()) assert.match(faults[at]!, pattern);
  }
});

test.run();
