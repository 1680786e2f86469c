// Headers of PE files: three machines, both widths, what is none, and what no Windows would load.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { isPe, offsetOf, parsePeHeaders, peSignatureAt } from '../../../formats/pe/headers.ts';
import { survives } from '../../helpers/damage.ts';
import { makePe } from '../../helpers/make-pe.ts';

const changed = (bytes: Uint8Array, at: number, ...values: readonly number[]) => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

test('machine, width, kind and sections', () => {
  for (const [machine, bits] of [
    ['x86', 32],
    ['amd64', 64],
    ['arm64', 64],
  ] as const) {
    const headers = parsePeHeaders(makePe({ machine, bits, dll: machine === 'arm64' }));
    assert.is(headers.machine, machine);
    assert.is(headers.bits, bits);
    assert.is(headers.dll, machine === 'arm64');
    assert.is(headers.driver, false);
    assert.equal(
      headers.sections.map(({ name, rva, offset }) => [name, rva, offset]),
      [['.rdata', 0x1000, 0x400]],
    );
    assert.is(headers.directories.length, 16);
    assert.is(headers.certificateEntryOffset, headers.optionalOffset + (bits === 64 ? 144 : 128));
  }
});

test('a DOS program, a text that begins with MZ and an empty file are no PE', () => {
  const dos = changed(makePe(), 0x80, 0x4e, 0x45);
  for (const content of [dos, Buffer.from('MZ is how it begins'), new Uint8Array(), new Uint8Array(64)]) {
    assert.is(isPe(content), false);
    assert.throws(() => parsePeHeaders(content), /no PE signature/);
  }
  assert.ok(peSignatureAt(Buffer.concat([Buffer.from('front'), makePe()]), 5));
});

test('an optional header of another kind and a flood of sections are refused', () => {
  assert.throws(() => parsePeHeaders(changed(makePe(), 0x98, 0x07, 0x01)), /kind 0x107/);
  assert.throws(() => parsePeHeaders(changed(makePe(), 0x86, 0xff, 0xff)), /65535 sections/);
  assert.throws(() => parsePeHeaders(changed(makePe(), 0x86, 0xff, 0x0f)), /section header runs past the end/);
});

test('addresses lie in the headers, in the part of a section that the file holds, or nowhere', () => {
  const content = makePe();
  const headers = parsePeHeaders(content);
  assert.is(offsetOf(0x10, headers, content.length), 0x10);
  assert.is(offsetOf(0x1008, headers, content.length), 0x408);
  assert.is(offsetOf(0x900, headers, content.length), undefined);
  assert.is(offsetOf(0x1000 + headers.sections[0]!.size, headers, content.length), undefined);
});

test('the loader rounds where a section begins', () => {
  const content = makePe();
  const entry = content.findIndex((_, at) => Buffer.from(content.subarray(at, at + 6)).toString() === '.rdata');
  assert.is(parsePeHeaders(changed(content, entry + 20, 0x10, 0x04)).sections[0]!.offset, 0x400);
});

test('damaged headers give headers or a FormatError', () => {
  survives(makePe().subarray(0, 0x400), parsePeHeaders, FormatError);
});

test.run();
