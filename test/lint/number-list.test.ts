// A list of whole numbers, against an array.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NumberList } from '../../lint/number-list.ts';

const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const change = fc.oneof(fc.record({ push: number }), fc.record({ set: number, at: fc.nat({ max: 5000 }), between: number }));

test('numbers stand where they were put, and between the end and a place behind it what was asked for', () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const list = new NumberList();
      const plain: number[] = [];
      for (const one of changes) {
        if ('push' in one) assert.is(list.push(one.push), plain.push(one.push) - 1);
        else {
          for (let at = plain.length; at < one.at; at++) plain.push(one.between);
          plain[one.at] = one.set;
          list.set(one.at, one.set, one.between);
        }
      }
      assert.is(list.length, plain.length);
      assert.equal(
        plain.map((_, at) => list.at(at)),
        plain,
      );
      assert.is(list.at(plain.length), undefined);
    }),
  );
});

test('a list of many numbers', () => {
  const list = new NumberList();
  for (let at = 0; at < 100_000; at++) list.push(at * 7);
  assert.equal([list.length, list.at(0), list.at(1024), list.at(99_999), list.at(100_000)], [100_000, 0, 7168, 699_993, undefined]);
});

test.run();
