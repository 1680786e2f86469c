// Many contents as one: those of a plan, and some more behind them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ImageFile } from '../../image/image.ts';
import type { Content } from '../../lint/content-plan.ts';
import { joined, sizeOf } from '../../lint/contents.ts';

function contentAt(path: string, size: number): Content {
  const request = { file: { path } as ImageFile };
  return { request, size, places: [request], visits: [] };
}
const [a, b, c] = [contentAt('/a', 1), contentAt('/b', 20), contentAt('/c', 300)];

test('some behind others, by index and in order', () => {
  const all = joined([a, b], [c]);
  assert.is(all.length, 3);
  assert.equal([...all], [a, b, c]);
  assert.equal(
    [0, 1, 2, 3].map((index) => all.at(index)),
    [a, b, c, undefined],
  );
  const first = [a];
  assert.is(joined(first, []), first);
  assert.equal([...joined([], [c])], [c]);
});

test('what is released is released in the list that has it', () => {
  const released: number[] = [];
  const first = Object.assign([a, b], { release: (index: number) => void released.push(index) });
  const all = joined(first, [c]);
  for (const index of [1, 2, 0]) all.release?.(index);
  joined([a], [c]).release?.(0);
  assert.equal(released, [1, 0]);
});

test('bytes of all', () => {
  assert.equal([sizeOf([]), sizeOf(joined([a, b], [c]))], [0, 321]);
});

test.run();
