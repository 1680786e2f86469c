// What nobody uses any more is collected before more than the limit of it has gathered, in the heap and outside of it.
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GarbageLimit } from '../../tools/garbage.ts';

const MEGABYTE = 1024 * 1024;
const taken = () => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** The most that was taken over what it was, while buffers of 1 MB are made and dropped. */
function mostTaken(after: (bytes: number) => void, make: () => unknown): number {
  const before = taken();
  let most = 0;
  for (let made = 0; made < 200; made++) {
    make();
    after(MEGABYTE);
    most = Math.max(most, taken() - before);
  }
  return most;
}

/** Kept until two collections of young things have passed, as a content is that waits for its turn. */
function keptForAWhile(bytes: () => unknown): () => void {
  const kept: unknown[] = [];
  return () => {
    kept.push(bytes());
    if (kept.length > 6) kept.shift();
  };
}

const buffers = () => Buffer.alloc(MEGABYTE, 1);
const objects = () => Array.from({ length: 20_000 }, (_, at) => ({ at }));

for (const [what, make] of [
  ['buffers', buffers],
  ['objects', objects],
] as const) {
  test(`dropped ${what} gather up to the limit, and far beyond it without one`, () => {
    const limit = new GarbageLimit(8 * MEGABYTE);
    limit.look();
    const limited = mostTaken((bytes) => limit.after(bytes), keptForAWhile(make));
    assert.ok(limited < 20 * MEGABYTE, `${limited / MEGABYTE} MB`);
    const free = mostTaken(() => {}, keptForAWhile(make));
    assert.ok(free > 20 * MEGABYTE, `${free / MEGABYTE} MB`);
  });
}

test('what is in use counts as in use, however much it is: one collection does for many looks', async () => {
  const limit = new GarbageLimit(4 * MEGABYTE);
  const used = Array.from({ length: 20 }, buffers);
  limit.look();
  const collections: number[] = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries().map(({ startTime }) => startTime)));
  observer.observe({ entryTypes: ['gc'] });
  for (let look = 0; look < 100; look++) limit.look();
  await setTimeout(20);
  observer.disconnect();
  assert.ok(collections.length < 5, `${collections.length} collections`);
  assert.is(used.length, 20);
});

test('other contexts do not get the collector', () => {
  assert.is(runInNewContext('typeof gc'), 'undefined');
  assert.is(typeof (globalThis as { gc?: unknown }).gc, 'undefined');
});

test.run();
