// What the windows of a content tell as they pass: the first bytes, the last, and what lies behind and in a program.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KindProbe, OVERLAP_BYTES } from '../../lint/kind-probe.ts';
import { makeProgram, rawZip } from '../helpers/archives.ts';

/** In windows as the scanner gives them. */
function probe(content: Uint8Array, window = content.length): string | undefined {
  const one = new KindProbe();
  one.begin();
  let start = 0;
  for (;;) {
    const last = start + window >= content.length;
    one.take(content.subarray(start, start + window), start, last);
    if (last) return one.kind?.id;
    start += window - OVERLAP_BYTES;
  }
}

const zip = rawZip([{ name: 'a.txt', content: 'x' }]);
const zeros = (size: number) => Buffer.alloc(size);

test('by the first bytes', () => {
  assert.is(probe(zip), 'zip');
  assert.is(probe(Buffer.from('text')), undefined);
  assert.is(probe(new Uint8Array()), undefined);
});

test('by the last bytes, in whatever windows', () => {
  const comment = Buffer.from(zip);
  comment.writeUInt16LE(60_000, comment.length - 2);
  for (const content of [Buffer.concat([zeros(300_000), zip]), Buffer.concat([zeros(100_000), comment, zeros(60_000)])]) {
    for (const window of [content.length, 150_000, 100_000, 70_001]) assert.is(probe(content, window), 'zip', `${window}`);
  }
  assert.is(probe(zeros(300_000), 70_000), undefined);
});

test('a program counts when something lies behind it or in its resources', () => {
  const cab = Buffer.alloc(600);
  cab.write('MSCF', 'latin1');
  cab.writeUInt32LE(600, 8);
  cab[24] = 3;
  cab[25] = 1;
  assert.is(probe(makeProgram({})), undefined);
  assert.is(probe(makeProgram({ certificate: zeros(9000) })), undefined, 'signed');
  assert.is(probe(makeProgram({ overlay: zeros(300) })), undefined, 'padding');
  assert.is(probe(makeProgram({ overlay: zeros(9000) })), 'pe');
  assert.is(probe(makeProgram({ overlay: cab, certificate: zeros(900) })), 'pe');
  assert.is(probe(makeProgram({ resources: Buffer.concat([zeros(5000), cab]) })), 'pe');
  assert.is(probe(makeProgram({ resources: zeros(90_000) }), 10_000), undefined);
  const large = makeProgram({ resources: Buffer.concat([zeros(95_000), cab]) });
  for (const window of [large.length, 50_000, 9000]) assert.is(probe(large, window), 'pe', `${window}`);
});

test('one content does not leak into the next', () => {
  const one = new KindProbe();
  one.take(zip, 0, true);
  one.begin();
  one.take(Buffer.from('text'), 0, true);
  assert.is(one.kind, undefined);
});

test.run();
