// PE files behind other content: found where they begin, and only when they are whole enough to be loaded.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carvePe } from '../../../formats/pe/carve.ts';
import { makePe } from '../../helpers/make-pe.ts';

const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(1001, 'MZ')]);

test('behind a picture, at an odd offset, and two of them', () => {
  const program = makePe();
  const both = Buffer.concat([png, program, Buffer.from('between'), makePe({ bits: 32 })]);
  assert.equal(carvePe(both), [{ offset: png.length }, { offset: png.length + program.length + 7 }]);
});

test('the file itself is not told, nor what only looks like a beginning', () => {
  assert.equal(carvePe(makePe()), []);
  assert.equal(carvePe(png), []);
  assert.equal(carvePe(Buffer.concat([png, makePe().subarray(0, 0x200)])), []);
});

test('a content full of beginnings is refused instead of read for ever', () => {
  assert.throws(() => carvePe(Buffer.alloc(2_100_000, 'MZ')), /more than 1000000 places/);
});

test.run();
