// Fields of an entry by where it begins, and names as texts: narrow ones, wide ones, lone surrogates.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { alignUp, ENTRY_SIZE, EntryBytes } from '../../../formats/wim/entry-bytes.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { dirEntry as entry } from '../../helpers/dir-entry.ts';

const digest = '0a'.repeat(20);
const data = encodeMetadata({
  securityDescriptors: [],
  root: entry('', {
    attributes: 0x10,
    children: [
      entry('plain.txt', { shortName: 'P~1' }),
      entry('streams', {
        streams: [
          { name: 'Zone', digest },
          { name: 'x', digest: undefined },
        ],
      }),
    ],
  }),
});
const bytes = new EntryBytes(data);
const startOf = (name: string) => Buffer.from(data).indexOf(Buffer.from(name, 'utf16le')) - ENTRY_SIZE;

test('names, where they end, and where the entry does', () => {
  const at = startOf('plain.txt');
  assert.equal([bytes.name(at), bytes.shortName(at), bytes.nameSize(at), bytes.shortSize(at)], ['plain.txt', 'P~1', 18, 6]);
  assert.is(bytes.shortAt(at), at + ENTRY_SIZE + 18 + 2);
  assert.is(bytes.namesEnd(at), at + ENTRY_SIZE + 18 + 2 + 6 + 2);
  assert.is(bytes.endOf(at), startOf('streams'));
  assert.is(bytes.isFolder(at), false);
  assert.is(bytes.isFolder(8), true, 'the root stands behind the security data');
});

test('the streams of an entry, in order', () => {
  const at = startOf('streams');
  assert.equal([bytes.shortSize(at), bytes.shortName(at), bytes.streamCount(at)], [0, '', 2]);
  assert.equal(
    [...bytes.streamsAt(at)].map((stream) => bytes.streamName(stream)),
    ['Zone', 'x'],
  );
  assert.equal([...bytes.streamsAt(startOf('plain.txt'))], []);
});

test('a text is what its bytes say, whatever units they hold', () => {
  for (const text of ['', 'a', 'plain ASCII \x7f', 'Ünï', '文字', 'x\ud800y', `${'a'.repeat(300)}é`]) {
    const written = Buffer.from(`__${text}__`, 'utf16le');
    assert.is(new EntryBytes(written).text(4, text.length * 2), text);
  }
});

test('lengths are whole eights', () =>
  assert.equal(
    [0, 1, 8, 9, 102].map((length) => alignUp(length)),
    [0, 8, 8, 16, 104],
  ));

test.run();
