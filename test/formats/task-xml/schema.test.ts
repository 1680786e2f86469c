// The table of the task schema hangs together: every type that is named is there, every type is reached from the root, none nests without end.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { taskTypes } from '../../../formats/task-xml/schema.ts';

const below = (name: string) =>
  Object.values(taskTypes[name]!.fields).flatMap(({ is }) => (typeof is === 'object' && 'type' in is ? [is.type] : []));

test('every type that is named is there, and every type is reached from the root', () => {
  const reached = new Set(['task']);
  for (const name of reached) {
    assert.ok(taskTypes[name], name);
    for (const next of below(name)) reached.add(next);
  }
  assert.equal([...reached].sort(), Object.keys(taskTypes).sort());
});

test('no type holds itself, so a check ends', () => {
  const depth = (name: string, seen: readonly string[]): number => {
    assert.not.ok(seen.includes(name), [...seen, name].join(' > '));
    return 1 + Math.max(0, ...below(name).map((next) => depth(next, [...seen, name])));
  };
  assert.ok(depth('task', []) < 10);
});

test('bounds are in order, choices are not empty', () => {
  for (const [name, { fields, total }] of Object.entries(taskTypes)) {
    if (total) assert.ok(total.min <= total.max, name);
    for (const { is } of Object.values(fields)) {
      if (typeof is !== 'object') continue;
      if ('from' in is) assert.ok(is.from < is.to, name);
      if ('minSeconds' in is) assert.ok(is.minSeconds < is.maxSeconds, name);
      if ('oneOf' in is) assert.ok(is.oneOf.length > 0, name);
    }
  }
});

test.run();
