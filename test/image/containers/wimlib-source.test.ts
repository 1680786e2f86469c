// Contents out of wimlib-imagex: parted by their sizes; an early end is told, and the rest can be begun anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type SourceBlob, SourceEnded } from '../../../image/containers/blob-source.ts';
import { WimlibSource } from '../../../image/containers/wimlib-source.ts';
import { makeWim } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('wimlib-source');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
const CONTENTS: Readonly<Record<string, string>> = { '/a': 'first', '/b': 'x'.repeat(2_500_000), '/c': 'third' };
const blobOf = (listed: string, size = CONTENTS[listed]?.length ?? 1): SourceBlob => ({
  listed,
  resource: { size, uncompressedSize: size, offset: 0, flags: 0 },
});
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  makeWim(join(folder, 'x.wim'), { images: [{ files: CONTENTS }] });
});
test.after(() => rmSync(folder, { recursive: true, force: true }));
const source = () => new WimlibSource(join(folder, 'x.wim'), 1);

function read(from: WimlibSource, blob: SourceBlob): string {
  const output = Buffer.alloc(blob.resource.uncompressedSize);
  from.read(blob, output);
  return output.toString();
}

withTools('one behind the other, whole and in pieces', async () => {
  const blobs = ['/c', '/b', '/a'].map((listed) => blobOf(listed));
  const from = source();
  await from.begin(blobs);
  assert.is(read(from, blobs[0]!), 'third');
  assert.is([...from.pieces(blobs[1]!)].map((piece) => Buffer.from(piece).toString()).join(''), CONTENTS['/b']);
  assert.is(read(from, blobs[2]!), 'first');
  assert.is(await from.end(), undefined);
  assert.is(await from.end(), undefined);
});

withTools('nothing is asked for, or not all is read', async () => {
  const from = source();
  await from.begin([]);
  assert.is(await from.end(), undefined);
  await from.begin([blobOf('/a'), blobOf('/b')]);
  assert.is(read(from, blobOf('/a')), 'first');
  await from.begin([blobOf('/c')]);
  assert.is(read(from, blobOf('/c')), 'third');
  assert.is(await from.end(), undefined);
});

withTools('an early end, more than was asked for, a path that is not there', async () => {
  const from = source();
  await from.begin([blobOf('/a'), blobOf('/c', 9)]);
  assert.is(read(from, blobOf('/a')), 'first');
  assert.throws(
    () => read(from, blobOf('/c', 9)),
    (error: unknown) => error instanceof SourceEnded && error.begun,
  );
  assert.is(await from.end(), undefined);

  await from.begin([blobOf('/a', 3)]);
  assert.is(read(from, blobOf('/a', 3)), 'fir');
  assert.is(await from.end(), 'wimlib-imagex wrote more than it was asked for');

  await from.begin([blobOf('/absent')]);
  assert.throws(
    () => read(from, blobOf('/absent')),
    (error: unknown) => error instanceof SourceEnded && !error.begun,
  );
  assert.match((await from.end())!, /^wimlib-imagex: failed with exit code 49/);
});

test.run();
