// Stored bytes against a base and a cache: equal bytes alone count, never what a file claims.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ContentStore, StoredContent, StoredResource } from '../../image/stored-content.ts';
import { encodeEntry } from '../../lint/cache-entries.ts';
import { storedDigest } from '../../lint/stored-digest.ts';
import { weigh } from '../../lint/weigh.ts';

const test = suite('weigh');
let folder = '';
const open: number[] = [];
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => {
  for (const fd of open) closeSync(fd);
  rmSync(folder, { recursive: true, force: true });
});

const CLAIMS = ['1', '2', '3', '4'].map((digit) => digit.repeat(40));

/** A file of such contents behind a head, each with the claim of its place. */
function storeOf(name: string, contents: readonly (string | Buffer)[], more: Partial<ContentStore> = {}): ContentStore {
  const path = join(folder, name);
  const bytes = contents.map((one) => Buffer.from(one));
  writeFileSync(path, Buffer.concat([Buffer.from('head'), ...bytes]));
  const fd = openSync(path, 'r');
  open.push(fd);
  let offset = 4;
  const all = bytes.map(({ length: size }, at): StoredResource => {
    const resource = { offset, size, uncompressedSize: size, flags: 0 };
    offset += size;
    return { resource, digest: CLAIMS[at]! };
  });
  return {
    path,
    fd,
    size: offset,
    index: 1,
    compression: 'none',
    chunkSize: 0,
    contents: () => all,
    content: (digest) => all.find((one) => one.digest === digest),
    ...more,
  };
}

const contentsOf = (store: ContentStore) => store.contents().map((one): StoredContent => ({ ...one, store, listed: undefined }));

async function sameOf(store: ContentStore, base: ContentStore): Promise<readonly boolean[]> {
  const weighing = weigh(store, base, undefined);
  const weighed = await weighing.weighed;
  weighing.stop();
  const ofBase = contentsOf(base);
  return contentsOf(store).map((content, at) => weighed!.isSame(content, ofBase[at]!));
}

const LARGE = Buffer.alloc(3_000_000, 'large ');

test('the same bytes as the base, in small contents and large ones', async () => {
  const changed = Buffer.from(LARGE);
  changed[2_999_999]! ^= 1;
  const store = storeOf('image', ['one', LARGE, LARGE, 'four']);
  assert.equal(await sameOf(store, storeOf('base', ['one', LARGE, changed, 'FOUR'])), [true, true, false, false]);
});

test('what the base stores in another way, or does not hold, is not the same', async () => {
  const store = storeOf('own', ['one', 'two']);
  const same = ['one', 'two'];
  assert.equal(await sameOf(store, storeOf('chunks', same, { chunkSize: 32768 })), [false, false]);
  assert.equal(await sameOf(store, storeOf('compressed', same, { compression: 'lzx' })), [false, false]);
  assert.equal(await sameOf(store, storeOf('longer', ['one ', 'two'])), [false, true], 'the second at another place');
  assert.equal(await sameOf(store, storeOf('other', same, { content: () => undefined })), [false, false]);
});

test('what lies beyond the end of a file is never the same', async () => {
  const store = storeOf('whole', ['one', 'two']);
  const base = storeOf('cut', ['one', 'two']);
  writeFileSync(base.path, 'headone');
  assert.equal(await sameOf(store, base), [true, false]);
});

test('another content at the very place of one that is the same is not it', async () => {
  const store = storeOf('place', ['one']);
  const [content] = contentsOf(store);
  const weighing = weigh(store, storeOf('its base', ['one']), undefined);
  const weighed = await weighing.weighed;
  const other = { ...content!, resource: { ...content!.resource, size: 2 } };
  const base = contentsOf(storeOf('its base again', ['one']))[0]!;
  assert.equal([weighed!.isSame(content!, base), weighed!.isSame(other, base)], [true, false]);
  const elsewhere = { ...base, resource: { ...base.resource, offset: 99 } };
  assert.is(weighed!.isSame(content!, elsewhere), false, 'the base’s content at another place was not compared');
});

test('what the cache knows, by our own digest of bytes and claims', async () => {
  const store = storeOf('cached', ['one', LARGE, 'three', 'four']);
  const entries = contentsOf(store).map(({ resource, digest }, at) => {
    const claimed = at === 3 ? '9'.repeat(40) : digest;
    const bytes = Buffer.from(['one', LARGE, 'THREE', 'four'][at]!);
    const own = storedDigest(store, { ...resource, digest: claimed }, (from, size) => bytes.subarray(from, from + size), 4096);
    return encodeEntry(own, at === 1 ? 'zip' : '', at === 1 ? 'visits, 16 bytes' : '')!;
  });
  const weighing = weigh(store, undefined, Buffer.concat(entries));
  const weighed = (await weighing.weighed)!;
  weighing.stop();
  const said = contentsOf(store).map((content) => {
    const known = weighed.known(content);
    return known && [known.kind?.id, known.visits];
  });
  assert.equal(said, [[undefined, ''], ['zip', 'visits, 16 bytes'], undefined, undefined]);
});

test('a thread that is stopped knows nothing', async () => {
  const weighing = weigh(storeOf('stopped', [LARGE]), undefined, encodeEntry('x'.repeat(32), '')!);
  weighing.stop();
  const weighed = await weighing.weighed;
  assert.ok(weighed === undefined || weighed.known(contentsOf(weighing.store)[0]!) === undefined);
});

test.run();
