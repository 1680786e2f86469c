// defineRule hands the rule through as it is and keeps the types of messages and options.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defineRule } from '../../lint/rule.ts';

test('a rule is the object that was written', () => {
  const written = {
    id: 'family/name',
    title: 'Finds nothing',
    description: 'For the test.',
    severity: 'note',
    options: { limit: { type: 'integer', default: 3, description: 'How many' } },
    messages: { seen: 'Seen {count} times.' },
    select: {},
    create: () => ({}),
  } as const;
  assert.is(defineRule(written) as unknown, written);
});

test('only messages of the rule can be reported, and options have their types', () => {
  const reported: unknown[] = [];
  const rule = defineRule({
    id: 'family/name',
    title: 'Finds nothing',
    description: 'For the test.',
    severity: 'note',
    options: { limit: { type: 'integer', default: 3, description: 'How many' } },
    messages: { seen: 'Seen {count} times.' },
    select: {},
    create: (ctx) => ({
      end() {
        const limit: number = ctx.options.limit;
        ctx.report({ messageId: 'seen', at: { file: '/a' }, data: { count: limit } });
        // @ts-expect-error there is no such message.
        ctx.report({ messageId: 'unseen', at: { file: '/a' } });
      },
    }),
  });
  const info = { container: 'wim', index: 1, name: '', edition: '', build: 0, architecture: 'amd64' } as const;
  const visitor = rule.create({
    info,
    options: { limit: 5 },
    policy: { kmsHosts: [] },
    views: {} as never,
    base: async () => undefined,
    report: (finding) => reported.push(finding),
    unable() {},
    show() {},
  });
  visitor.end?.(undefined as never);
  assert.equal(reported[0], { messageId: 'seen', at: { file: '/a' }, data: { count: 5 } });
});

test.run();
