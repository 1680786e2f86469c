// Reading by address: directories, texts, and addresses that lead nowhere.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePeHeaders } from '../../../formats/pe/headers.ts';
import { PeReader } from '../../../formats/pe/reader.ts';
import { makePe } from '../../helpers/make-pe.ts';

const content = makePe({ data: 'a text\0' });
const reader = new PeReader(content, parsePeHeaders(content));
const textAt = 0x1000 + Buffer.from(content).indexOf('a text') - 0x400;

test('a text ends at its zero byte', () => assert.is(reader.text(textAt, 'text'), 'a text'));

test('a directory that is not there is none', () => {
  assert.is(reader.directory(0), undefined);
  assert.is(reader.directory(99), undefined);
});

test('an address outside of the file and a text without an end are faults that say what was sought', () => {
  assert.throws(() => reader.at(0x90000, 'list'), /list lies outside of the file \(address 0x90000\)/);
  const endless = makePe({ data: 'x'.repeat(20_000) });
  const other = new PeReader(endless, parsePeHeaders(endless));
  assert.throws(() => other.text(0x1100, 'name'), /name has no end/);
});

test.run();
