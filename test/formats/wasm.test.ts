// WebAssembly from Base64: what it exports can be called, and what is none is refused.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { instanceOf } from '../../formats/wasm.ts';

/** `(module (func (export "sum") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))` */
const SUM = [
  [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  [0x01, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f],
  [0x03, 2, 1, 0],
  [0x07, 7, 1, 3, 0x73, 0x75, 0x6d, 0, 0],
  [0x0a, 9, 1, 7, 0, 0x20, 0, 0x20, 1, 0x6a, 0x0b],
].flat();

test('what a module exports', () => {
  const { sum } = instanceOf<{ sum(a: number, b: number): number }>(Buffer.from(SUM).toString('base64'));
  assert.is(sum(40, 2), 42);
});

test('what is no module is refused', () => {
  assert.throws(() => instanceOf(Buffer.from(SUM.slice(1)).toString('base64')), /WebAssembly/);
});

test.run();
