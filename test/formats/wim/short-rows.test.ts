// The short form of entries: it says the same, of fewer bytes that are its own, and is compared with the long one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EntryTable } from '../../../formats/wim/entry-table.ts';
import { readEntries } from '../../../formats/wim/read-entries.ts';
import { shortRows } from '../../../formats/wim/short-rows.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { dirEntry as entry, dirFolder as folder } from '../../helpers/dir-entry.ts';

const digest = (letter: string) => Buffer.alloc(20, letter).toString('hex');
const given = () =>
  encodeMetadata({
    securityDescriptors: [Uint8Array.of(7, 8, 9)],
    root: folder('', [
      folder('a', [entry('one.txt', { digest: digest('1'), shortName: 'ONE~1.TXT', extra: new Uint8Array(64).fill(1) })]),
      entry('two', { securityId: 0, streams: [{ name: 's', digest: digest('2') }] }),
    ]),
  });

test('fewer bytes, and none of those that were given', () => {
  const data = given();
  const rows = shortRows(readEntries(data));
  assert.is(rows.bytes.buffer.length, 4 * 42 + 2 * ('a'.length + 'one.txt'.length + 'ONE~1.TXT'.length + 'two'.length + 4) + 48);
  assert.equal([rows.count, rows.starts.length, rows.parents.length, rows.firsts.length, rows.counts.length], [4, 4, 4, 4, 4]);
  const table = new EntryTable(data, 'lookups');
  data.fill(0xff);
  const names = Array.from({ length: table.count }, (_, at) => table.name(at));
  assert.equal(names.sort(), ['', 'a', 'one.txt', 'two']);
  assert.equal(
    Array.from({ length: table.count }, (_, at) => table.descriptor(at)).filter((one) => one !== undefined),
    [Uint8Array.of(7, 8, 9)],
  );
});

test('names of either form are compared', () => {
  const [whole, short] = [new EntryTable(given()), new EntryTable(given(), 'lookups')];
  for (let at = 0; at < whole.count; at++)
    for (let other = 0; other < short.count; other++) assert.is(whole.hasNameOf(at, short, other), at === other, `${at} ${other}`);
});

test('without all bytes there is no tree to be written', () => {
  assert.throws(() => new EntryTable(given(), 'lookups').tree(), /not kept whole/);
});

test.run();
