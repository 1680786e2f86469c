// The WIM commit: the source stays, nothing replaced stays in the output, bad edits leave no file.
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { parseHeader } from '../../../formats/wim/header.ts';
import { FLAG_READONLY, FLAG_RP_FIX } from '../../../formats/wim/model.ts';
import { readWim } from '../../../image/containers/wim-parts.ts';
import { makeWim } from '../../helpers/make-wim.ts';
import { at, commit, remove, sha256, write } from '../../helpers/wim-commit-case.ts';
import { MARKER, windowsTree } from '../../helpers/windows-tree.ts';

const test = suite('wim-commit');

test('the source is never written, and a failure leaves no staged file', async () => {
  makeWim(at('plain.wim'), { images: [{ files: windowsTree() }] });
  chmodSync(at('plain.wim'), 0o444);
  const before = sha256(at('plain.wim'));
  await commit(at('plain.wim'), at('plain.staged'));
  assert.is(sha256(at('plain.wim')), before);
  assert.is(statSync(at('plain.staged')).mode & 0o777, 0o644);
  for (const edits of [[write('/Documents and Settings/x', '')], [write('/Windows', '')]]) {
    await refused(commit(at('plain.wim'), at('failed.staged'), { edits }), ['PATH_THROUGH_LINK', 'PATH_IS_FOLDER']);
  }
  await refused(commit(at('plain.wim'), at('failed.staged'), { index: 2 }), ['IMAGE_INDEX_ABSENT']);
  await refused(commit(at('plain.wim'), at('plain.wim')), ['OUTPUT_IS_SOURCE']);
  assert.is(existsSync(at('failed.staged')), false);
  assert.is(sha256(at('plain.wim')), before);
});

test('a signal ends the work and leaves nothing', async () => {
  const controller = new AbortController();
  const work = commit(at('plain.wim'), at('aborted.staged'), { signal: controller.signal });
  controller.abort();
  await work.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.name, 'AbortError'),
  );
  assert.is(existsSync(at('aborted.staged')), false);
});

test('the same input gives the same bytes, another input another GUID', async () => {
  await commit(at('plain.wim'), at('one.staged'));
  await commit(at('plain.wim'), at('two.staged'));
  await commit(at('plain.wim'), at('three.staged'), { edits: [write('/x', 'other')] });
  assert.is(sha256(at('one.staged')), sha256(at('two.staged')));
  const guid = (name: string) => Buffer.from(parseHeader(readFileSync(at(name))).guid).toString('hex');
  assert.is.not(guid('one.staged'), guid('plain.wim'));
  assert.is.not(guid('one.staged'), guid('three.staged'));
});

test('nothing replaced or removed stays in the file', async () => {
  const planted = () => (readFileSync(at('plain.wim')).toString('latin1').match(new RegExp(MARKER, 'g')) ?? []).length;
  assert.is(planted(), 3);
  const { notes } = await commit(at('plain.wim'), at('clean.staged'));
  assert.equal(notes, []);
  const bytes = readFileSync(at('clean.staged'));
  assert.is(bytes.includes(MARKER), false);
  assert.is(bytes.includes('MZ kernel'), false);
  // The old names lie in the old metadata.
  assert.is(bytes.includes(Buffer.from('setupact.log', 'utf16le')), false);
  assert.is(bytes.includes('[ZoneTransfer]'), true);
});

test('a blob that another entry still needs stays', async () => {
  makeWim(at('shared.wim'), { images: [{ files: { '/a': 'the same content', '/b': 'the same content', '/c': 'gone' } }] });
  await commit(at('shared.wim'), at('shared.staged'), { edits: [remove('/a'), remove('/c')] });
  const wim = await readWim(at('shared.staged'));
  assert.equal(
    wim.blobs.filter((blob) => !(blob.resource.flags & 2)).map((blob) => blob.references),
    [1],
  );
  await wim.close();
  assert.is(readFileSync(at('shared.staged')).includes('the same content'), true);
});

test('a stored digest is a claim: content under it is written anew', async () => {
  makeWim(at('claim.wim'), { images: [{ files: { '/a': 'honest content', '/b': 'b' } }] });
  const bytes = readFileSync(at('claim.wim'));
  bytes.write('FORGED', bytes.indexOf('honest'));
  writeFileSync(at('forged.wim'), bytes);
  await commit(at('forged.wim'), at('claim.staged'), { edits: [write('/new', 'honest content')] });
  const result = readFileSync(at('claim.staged'));
  assert.is(result.includes('FORGED'), false);
  const wim = await readWim(at('claim.staged'));
  const found = wim.blobs.filter((blob) => blob.resource.uncompressedSize === 14);
  assert.equal(
    found.map((blob) => blob.references),
    [2],
  );
  assert.is(Buffer.from(await wim.readBlob(found[0]!)).toString(), 'honest content');
  await wim.close();
});

test('a broken source is an ImageError and leaves nothing', async () => {
  const good = readFileSync(at('plain.wim'));
  const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(flips, fc.oneof(fc.constant(good.length), fc.nat(good.length)), async (changes, length) => {
      const bytes = Buffer.from(good.subarray(0, length));
      for (const [offset, bits] of changes) if (offset < length) bytes[offset]! ^= bits;
      writeFileSync(at('broken-source.wim'), bytes);
      try {
        await commit(at('broken-source.wim'), at('broken.staged'));
        taken++;
        await (await readWim(at('broken.staged'))).close();
      } catch (error) {
        assert.instance(error, ImageError);
        assert.is(existsSync(at('broken.staged')), false);
      }
      rmSync(at('broken.staged'), { force: true });
    }),
    // The whole file untouched is one of the cases, so that the test sees both outcomes whatever is drawn.
    { numRuns: 200, examples: [[[], good.length]] },
  );
  assert.ok(taken > 0);
});

test('a place between kept blobs is zero, also when nobody knows what lay there', async () => {
  makeWim(at('gap.wim'), { images: [{ files: { '/a': 'AAAA', '/b': 'BBBB', '/c': 'CCCC' } }] });
  const start = (name: string) => readFileSync(at(name)).toString('latin1', 208, 220);
  assert.is(start('gap.wim'), 'AAAABBBBCCCC');
  await commit(at('gap.wim'), at('gap.staged'), { edits: [remove('/b')] });
  assert.is(start('gap.staged'), 'AAAA\0\0\0\0CCCC');
  const bytes = readFileSync(at('gap.staged'));
  bytes.write('junk', 212);
  writeFileSync(at('junk.wim'), bytes);
  await commit(at('junk.wim'), at('junk.staged'), { edits: [] });
  assert.is(start('junk.staged'), 'AAAA\0\0\0\0CCCC');
});

test('flags stay, except the one of a write under way', async () => {
  makeWim(at('readonly.wim'), { images: [{ files: { '/a': 'x' } }], header: { flags: FLAG_READONLY | FLAG_RP_FIX } });
  await commit(at('readonly.wim'), at('readonly.staged'), { edits: [] });
  assert.is(parseHeader(readFileSync(at('readonly.staged'))).flags, FLAG_READONLY | FLAG_RP_FIX);
});

async function refused(work: Promise<unknown>, codes: readonly string[]): Promise<void> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, ImageError);
    assert.ok(codes.includes((error as ImageError).code), (error as ImageError).message);
    return;
  }
  assert.unreachable(`should have been refused with ${codes.join(' or ')}`);
}

test.run();
