// Programs by their headers: where the overlay and the resources are, and the archives that begin in them.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { embeddedArchives, entropyOf, PROGRAM_HEAD, programLayout } from '../../formats/program-layout.ts';
import { makeProgram } from '../helpers/archives.ts';

test('the overlay begins behind the last section; certificates are none of it', () => {
  const plain = makeProgram({});
  const end = plain.length;
  assert.equal(programLayout(plain, end)?.overlay, { start: end, end });
  const behind = makeProgram({ overlay: Buffer.alloc(5000, 1) });
  assert.equal(programLayout(behind, behind.length)?.overlay, { start: end, end: end + 5000 });
  const signed = makeProgram({ overlay: Buffer.alloc(5000, 1), certificate: Buffer.alloc(800, 2) });
  assert.equal(programLayout(signed, signed.length)?.overlay, { start: end, end: end + 5000 });
  const first = makeProgram({ certificate: Buffer.alloc(800, 2), overlay: Buffer.alloc(5000, 1), certificateFirst: true });
  assert.equal(programLayout(first, first.length)?.overlay, { start: end + 800, end: end + 5800 });
});

test('the resources are those of their section', () => {
  const program = makeProgram({ resources: Buffer.from('MSCF') });
  const { resources } = programLayout(program, program.length)!;
  assert.is(program.indexOf('MSCF'), resources.start);
  assert.equal(programLayout(makeProgram({}), 1e6)?.resources, { start: 0, end: 0 });
});

test('what is no program, or one of nonsense, has no layout', () => {
  assert.is(programLayout(Buffer.from('MZ'), 2), undefined);
  assert.is(programLayout(new Uint8Array(), 0), undefined);
  const many = makeProgram({});
  many.writeUInt16LE(0xffff, many.readUInt32LE(0x3c) + 6);
  assert.is(programLayout(many, many.length), undefined);
});

test('whatever the bytes, a layout lies in the file', () => {
  const program = makeProgram({ overlay: Buffer.alloc(100), certificate: Buffer.alloc(80), resources: Buffer.alloc(90) });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(PROGRAM_HEAD - 1), fc.nat(255)), { maxLength: 12 }), fc.nat(PROGRAM_HEAD), (changes, cut) => {
      const bent = Buffer.from(program);
      for (const [at, byte] of changes) if (at < bent.length) bent[at] = byte;
      const head = bent.subarray(0, Math.max(cut, 0));
      const layout = programLayout(head, bent.length);
      for (const { start, end } of layout ? [layout.overlay, layout.resources] : [])
        assert.ok(start >= 0 && end <= bent.length && start <= bent.length, `${start}-${end}`);
    }),
  );
});

test('archives begin at their marks, and chance matches do not', () => {
  const cab = Buffer.alloc(64);
  cab.write('MSCF', 'latin1');
  cab.writeUInt32LE(64, 8);
  cab[24] = 3;
  cab[25] = 1;
  const data = Buffer.concat([Buffer.alloc(10), cab, Buffer.from('MSCF\0\0\0\0'), Buffer.alloc(60)]);
  assert.equal(
    embeddedArchives(data, 1000).map(({ id, offset }) => [id, offset]),
    [['cab', 1010]],
  );
  assert.equal(embeddedArchives(data, 1000, 1011), []);
  const nsis = Buffer.concat([Buffer.alloc(4), Buffer.from('\xef\xbe\xad\xdeNullsoftInst', 'latin1'), Buffer.alloc(60)]);
  assert.equal(
    embeddedArchives(nsis, 512).map(({ id, offset, whole }) => [id, offset, whole]),
    [['nsis', 512, true]],
  );
});

test('entropy of nothing, of one letter and of all bytes', () => {
  assert.is(entropyOf(new Uint8Array(100)), 0);
  assert.is(entropyOf(Uint8Array.from({ length: 256 }, (_, index) => index)), 8);
});

test.run();
