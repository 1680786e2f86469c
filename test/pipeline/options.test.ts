// Options: defaults, every kind of mistake with its path, all at once, and never a secret in a message.
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Given, isSecretRef, type OptionDef, type OptionDefs, type Resolved, resolveOptions } from '../../pipeline/options.ts';
import { optionsSchema } from '../../scripts/dev/gen-schema.ts';

const defs = {
  host: { type: 'string', required: true, description: 'Name of the host', pattern: '[a-z.]+' },
  port: { type: 'integer', default: 1688, min: 1, max: 65535, description: 'TCP port' },
  mode: { type: 'string', oneOf: ['on', 'off'], default: 'on', description: 'Which way' },
  servers: { type: 'string[]', description: 'Names', pattern: '[a-z]+' },
  quiet: { type: 'boolean', description: 'Say less' },
  password: { type: 'secret', description: 'Where the password is' },
  users: {
    type: 'object[]',
    description: 'Accounts',
    fields: {
      name: { type: 'string', required: true, description: 'Who' },
      admin: { type: 'boolean', default: false, description: 'Whether the account is an administrator' },
      password: { type: 'secret', description: 'Where the password is' },
    },
  },
} as const satisfies OptionDefs;

function resolve(given: Readonly<Record<string, unknown>>, definitions: OptionDefs = defs) {
  const faults: string[] = [];
  return { resolved: resolveOptions(definitions, given, 'steps[2]', faults), faults };
}

test('defaults are filled in, absent options stay absent', () => {
  const { resolved, faults } = resolve({ host: 'a.b' });
  assert.equal(faults, []);
  assert.equal(resolved, { host: 'a.b', port: 1688, mode: 'on' });
});

test('given values win over defaults; undefined counts as not given', () => {
  const given = { host: 'a', port: 1, mode: 'off', servers: ['x', 'y'], quiet: false, password: { from: 'env', name: 'PW' } };
  assert.equal(resolve(given), { resolved: given, faults: [] });
  assert.equal(resolve({ host: 'a', port: undefined }).resolved, { host: 'a', port: 1688, mode: 'on' });
});

const mistakes: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['a missing option', {}, 'steps[2].host: is missing (Name of the host)'],
  [
    'an unknown option',
    { host: 'a', hots: 'b' },
    'steps[2].hots: unknown option (known: host, port, mode, servers, quiet, password, users)',
  ],
  ['a name of Object.prototype', { host: 'a', toString: 'b' }, 'steps[2].toString: unknown option'],
  ['a number as string', { host: 5 }, 'steps[2].host: must be a string (is number)'],
  ['a wrong form', { host: 'A B' }, 'steps[2].host: does not have the right form (is "A B")'],
  ['a form that fits in part', { host: 'a\nB' }, 'steps[2].host: does not have the right form'],
  ['a string as number', { host: 'a', port: '1688' }, 'steps[2].port: must be a whole number (is string)'],
  ['a fraction', { host: 'a', port: 1.5 }, 'steps[2].port: must be a whole number'],
  ['not a number', { host: 'a', port: Number.NaN }, 'steps[2].port: must be a whole number'],
  ['too low', { host: 'a', port: 0 }, 'steps[2].port: must be at least 1 (is 0)'],
  ['too high', { host: 'a', port: 65536 }, 'steps[2].port: must be at most 65535 (is 65536)'],
  ['another choice', { host: 'a', mode: 'maybe' }, 'steps[2].mode: must be one of on, off (is "maybe")'],
  ['no list', { host: 'a', servers: 'x' }, 'steps[2].servers: must be a list of strings (is string)'],
  ['a list with a number', { host: 'a', servers: ['x', 3] }, 'steps[2].servers: item 1 must be a string (is number)'],
  ['a list with a wrong form', { host: 'a', servers: ['x', 'Y'] }, 'steps[2].servers: item 1 does not have the right form (is "Y")'],
  ['a word as boolean', { host: 'a', quiet: 'yes' }, 'steps[2].quiet: must be true or false (is string)'],
  ['no list of objects', { host: 'a', users: 'x' }, 'steps[2].users: must be a list of objects (is string)'],
  ['a list with something else', { host: 'a', users: [{ name: 'x' }, 'y'] }, 'steps[2].users[1]: must be an object (is string)'],
  ['a field that is missing', { host: 'a', users: [{}] }, 'steps[2].users[0].name: is missing (Who)'],
  ['a field of another name', { host: 'a', users: [{ name: 'x', mane: 1 }] }, 'steps[2].users[0].mane: unknown option'],
  ['a secret in a field', { host: 'a', users: [{ name: 'x', password: 'hunter2' }] }, 'steps[2].users[0].password: must be a reference'],
  ['null', { host: null }, 'steps[2].host: must be a string (is null)'],
];

for (const [name, given, expected] of mistakes) {
  test(`refuses ${name}`, () => {
    const { faults } = resolve(given);
    assert.is(faults.length, 1, faults.join('\n'));
    assert.ok(faults[0]!.startsWith(expected), `${faults[0]} should begin with ${expected}`);
  });
}

test('every mistake is told at once', () => {
  const { faults } = resolve({ port: 0, mode: 'x', other: 1 });
  assert.equal(
    faults.map((fault) => fault.slice(0, fault.indexOf(':'))),
    ['steps[2].other', 'steps[2].host', 'steps[2].port', 'steps[2].mode'],
  );
});

test('a secret must be a reference, and a message never repeats it', () => {
  for (const password of ['hunter2', { from: 'env' }, { from: 'vault', name: 'hunter2' }, { from: 'env', name: '' }, ['hunter2'], 7]) {
    const { resolved, faults } = resolve({ host: 'a', password });
    assert.is(faults.length, 1);
    assert.match(faults[0]!, /^steps\[2\]\.password: must be a reference/);
    assert.not.match(faults[0]!, 'hunter2');
    assert.not.ok('password' in resolved);
  }
  assert.ok(isSecretRef({ from: 'file', name: 'pw.txt' }));
  assert.not.ok(isSecretRef(null));
});

test('the objects of a list get their defaults and types', () => {
  const { resolved, faults } = resolve({ host: 'a', users: [{ name: 'x' }, { name: 'y', admin: true }] });
  assert.equal(faults, []);
  const users = (resolved as Resolved<typeof defs>).users ?? [];
  const admins: readonly boolean[] = users.map(({ admin }) => admin);
  assert.equal(admins, [false, true]);
  // @ts-expect-error a name is required.
  const nameless: Given<typeof defs> = { host: 'a', users: [{ admin: true }] };
  assert.ok(nameless);
});

test('types follow the definitions', () => {
  const given: Given<typeof defs> = { host: 'a', mode: 'off' };
  const resolved = resolve(given).resolved as Resolved<typeof defs>;
  const port: number = resolved.port;
  const mode: 'on' | 'off' = resolved.mode;
  const quiet: boolean | undefined = resolved.quiet;
  assert.equal([port, mode, quiet], [1688, 'off', undefined]);
  // @ts-expect-error `host` is required.
  const missing: Given<typeof defs> = {};
  // @ts-expect-error `maybe` is not a choice.
  const choice: Given<typeof defs> = { host: 'a', mode: 'maybe' };
  assert.ok(missing && choice);
});

// The schema is for editors: it must take and refuse exactly what the builder does.
const definition: fc.Arbitrary<OptionDef> = fc.oneof(
  fc.record(
    { type: fc.constant('string' as const), description: fc.constant('d'), oneOf: fc.constant(['a', 'b']), pattern: fc.constant('[ab1]+') },
    { requiredKeys: ['type', 'description'] },
  ),
  fc.record(
    {
      type: fc.constant('integer' as const),
      description: fc.constant('d'),
      min: fc.constant(0),
      max: fc.constant(9),
      required: fc.constant(true as const),
    },
    { requiredKeys: ['type', 'description'] },
  ),
  fc.record({ type: fc.constantFrom('boolean' as const, 'secret' as const), description: fc.constant('d') }),
  fc.record(
    { type: fc.constant('string[]' as const), description: fc.constant('d'), pattern: fc.constant('[ab]') },
    { requiredKeys: ['type', 'description'] },
  ),
  fc.constant({
    type: 'object[]' as const,
    description: 'd',
    fields: {
      one: { type: 'string' as const, description: 'd', required: true as const },
      two: { type: 'integer' as const, description: 'd' },
    },
  }),
);
const value = fc.oneof(
  fc.array(fc.dictionary(fc.constantFrom('one', 'two', 'three'), fc.constantFrom('a', 1, null), { maxKeys: 2 }), { maxLength: 2 }),
  fc.constantFrom('a', 'b', 'ab', 'x', '', 0, 9, 10, -1, 1.5, true, null),
  fc.array(fc.constantFrom('a', 'b', 'x', 1), { maxLength: 3 }),
  fc.record({ from: fc.constantFrom('env', 'file', 'x'), name: fc.constantFrom('N', '') }),
);
const names = fc.constantFrom('one', 'two', 'three');

test('the JSON Schema accepts what resolveOptions accepts, and nothing else', () => {
  fc.assert(
    fc.property(fc.dictionary(names, definition, { maxKeys: 2 }), fc.dictionary(names, value, { maxKeys: 2 }), (options, given) => {
      const item = { id: 'x', title: 'T', description: 'D', options, run() {} };
      const schema = optionsSchema({ steps: [{ id: 'x', file: 'steps/x.ts', name: 'x', item }], rules: [] });
      const valid = new Ajv2020({ strict: false }).compile(schema)({ steps: { x: given } });
      assert.is(valid, resolve(given, options).faults.length === 0);
    }),
    { numRuns: 150 },
  );
});

test.run();
