// Streams of entries: names with and without case, which one has none, and how often an entry with many of them is read.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StreamsByEntry } from '../../../image/containers/wim-streams.ts';

const test = suite('wim-streams');
type Stream = { readonly name: string; readonly digest: number };

function streamsOf(entries: readonly (readonly Stream[])[]) {
  const read: number[] = [];
  const said: string[] = [];
  const table = {
    streamCount: (entry: number) => entries[entry]!.length,
    placed: (entry: number) => {
      read.push(entry);
      return { attributes: 0, digest: undefined, streams: entries[entry]! };
    },
  };
  const streams = new StreamsByEntry(table, (entry, { name }) => {
    said.push(`${entry}:${name}`);
    return { name, size: 1, digest: undefined };
  });
  return { streams, read, said };
}

const many = (count: number, digest: number): Stream[] => Array.from({ length: count }, (_, at) => ({ name: `s${at}`, digest }));

test('the exact name wins, else the first that differs in case only; the stream without a name is the content', () => {
  const { streams } = streamsOf([
    [
      { name: 'Zone', digest: 1 },
      { name: '', digest: 2 },
      { name: 'ZONE', digest: 3 },
      { name: 'Zone', digest: 4 },
      { name: '\u00e4', digest: 5 },
    ],
    many(3, 9),
  ]);
  const found = (name: string) => streams.of(0).find(name)?.digest;
  assert.equal(['Zone', 'ZONE', 'zone', '\u00c4', '', 's0'].map(found), [1, 3, 1, 5, undefined, undefined]);
  assert.is(streams.of(1).find('S2')?.digest, 9);
  assert.is(streams.of(0).roles.content, 2);
  assert.is(streams.of(1).roles.content, undefined);
  assert.equal(
    streams.of(0).said.map(({ name }) => name),
    ['Zone', 'ZONE', 'Zone', '\u00e4'],
  );
});

test('an entry with many streams is read once, and each of them said once', () => {
  const { streams, read, said } = streamsOf([many(4000, 1), many(4000, 2), many(2, 3)]);
  for (let at = 0; at < 4000; at++)
    for (const entry of [0, 1]) {
      assert.is(streams.of(entry).find(`S${at}`)?.digest, entry + 1);
      assert.is(streams.of(entry).said.length, 4000);
    }
  assert.equal(read, [0, 1]);
  assert.is(said.length, 8000);
});

test('of very many streams the first ones are read anew', () => {
  const { streams, read } = streamsOf(Array.from({ length: 100 }, (_, entry) => many(4000, entry)));
  const all = Array.from({ length: 100 }, (_, entry) => streams.of(entry).find('s7')?.digest);
  assert.equal(
    all,
    Array.from({ length: 100 }, (_, entry) => entry),
  );
  assert.is(streams.of(99).find('s8')?.digest, 99);
  assert.is(read.length, 100, 'what came last is known');
  assert.is(streams.of(0).find('s8')?.digest, 0);
  assert.is(read.length, 101, 'what came first is not');
});

test.run();
