// Stored bytes against a base and a cache: equal bytes at the same places alone count, never what a file claims.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWim, type WimContainer } from '../../image/containers/wim.ts';
import type { StoredContent } from '../../image/stored-content.ts';
import { encodeEntry } from '../../lint/cache-entries.ts';
import { storedDigest } from '../../lint/stored-digest.ts';
import { type Weighed, weigh } from '../../lint/weigh.ts';
import { makeWim, run, type WimTree } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';

const test = suite('weigh');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
const open: WimContainer[] = [];
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(async () => {
  for (const container of open) await container.close();
  rmSync(folder, { recursive: true, force: true });
});

const LARGE = Buffer.alloc(3_000_000, 'large and not quite the same 0123456789');
const TREE: WimTree = { '/a.txt': 'one', '/b.bin': { content: LARGE }, '/c.txt': 'three', '/d/e.txt': 'four' };

function wimAt(name: string, files: WimTree): string {
  const path = join(folder, `${name}.wim`);
  makeWim(path, { images: [{ files }] });
  return path;
}

async function opened(path: string): Promise<WimContainer> {
  const container = await openWim(path);
  open.push(container);
  return container;
}

async function contentsOf(container: WimContainer): Promise<ReadonlyMap<string, StoredContent>> {
  const image = await container.open(1);
  const found = new Map<string, StoredContent>();
  for await (const file of image.walk()) if (!file.folder && file.size > 0) found.set(file.path, image.stored!({ file })!);
  return found;
}

/** By path: `same`, `claimed` or `not`; or the fault. */
async function against(path: string, base: string): Promise<Record<string, string> | string> {
  const [own, other] = [await opened(path), await opened(base)];
  const weighing = weigh(own.store(1), other.store(1), false);
  const weighed = (await weighing.weighed)!;
  if (weighed.fault !== undefined) return weighed.fault;
  const said = (one: StoredContent) => {
    if (weighed.isOfBase(one)) return 'same';
    return weighed.isClaimed(one) ? 'claimed' : 'not';
  };
  return Object.fromEntries([...(await contentsOf(own))].map(([at, one]) => [at, said(one)]));
}

test('the same bytes at the same places, in small contents and large ones', async () => {
  const base = wimAt('base', TREE);
  assert.equal(await against(wimAt('own', { ...TREE, '/c.txt': 'THREE', '/new.txt': 'four' }), base), {
    '/a.txt': 'same',
    '/b.bin': 'same',
    '/c.txt': 'not',
    '/d/e.txt': 'not',
    '/new.txt': 'not',
  });
});

test('bytes that were changed under their old digest are claimed, and not the same', async () => {
  const base = wimAt('honest', TREE);
  const path = join(folder, 'patched.wim');
  const bytes = readFileSync(base);
  const end = bytes.indexOf('large and') + LARGE.length - 1;
  bytes[end] = bytes[end]! ^ 1;
  bytes.write('xxx', bytes.indexOf('one'), 'latin1');
  writeFileSync(path, bytes);
  assert.equal(await against(path, base), { '/a.txt': 'claimed', '/b.bin': 'claimed', '/c.txt': 'same', '/d/e.txt': 'same' });
});

withTools('what the base stores in another way is not the same', async () => {
  const base = wimAt('plain', TREE);
  for (const how of ['LZX', 'XPRESS']) {
    const path = join(folder, `${how}.wim`);
    run('wimlib-imagex', ['export', base, '1', path, `--compress=${how}`, '--quiet']);
    assert.is(((await against(path, base)) as Record<string, string>)['/b.bin'], 'claimed', how);
    const again = `${path}.again`;
    copyFileSync(path, again);
    assert.is(((await against(path, again)) as Record<string, string>)['/b.bin'], 'same', how);
  }
});

test('what lies beyond the end of a file is never the same; a base whose metadata is damaged is said', async () => {
  const path = wimAt('whole', TREE);
  const base = `${path}.cut`;
  copyFileSync(path, base);
  const [own, other] = [await opened(path), await opened(base)];
  const { offset } = other.store(1).metadata.resource;
  const at = other.store(1).contents().offset[0]!;
  truncateSync(base, Math.min(at, offset));
  const { fault } = (await weigh(own.store(1), other.store(1), false).weighed)!;
  assert.match(fault!, /^the file ended at byte \d+ while it was read$/);
  const damaged = `${path}.damaged`;
  const bytes = readFileSync(path);
  bytes[offset + 200] = bytes[offset + 200]! ^ 1;
  writeFileSync(damaged, bytes);
  assert.is(await against(path, damaged), 'WIM metadata: does not have the SHA-1 that the file claims');
});

async function knownBy(path: string, entries: Uint8Array | undefined): Promise<readonly [Weighed, ReadonlyMap<string, StoredContent>]> {
  const own = await opened(path);
  const weighing = weigh(own.store(1), undefined, true);
  weighing.remember(entries);
  return [(await weighing.weighed)!, await contentsOf(own)];
}

test('what the cache knows, by our own digest of bytes and claims', async () => {
  const path = wimAt('cached', TREE);
  const own = await opened(path);
  const store = own.store(1);
  const bytes = readFileSync(path);
  const entries = [...(await contentsOf(own))].map(([at, { resource, digest }]) => {
    const claimed = at === '/d/e.txt' ? '9'.repeat(40) : digest;
    const stored = Buffer.from(bytes.subarray(resource.offset, resource.offset + resource.size));
    if (at === '/c.txt') stored[0]! ^= 1;
    const made = storedDigest(store, { ...resource, digest: claimed }, (from, size) => stored.subarray(from, from + size), 4096);
    return encodeEntry(made, at === '/b.bin' ? 'zip' : '', at === '/b.bin' ? 'visits, 16 bytes' : '')!;
  });
  const [weighed, contents] = await knownBy(path, Buffer.concat(entries));
  const said = [...contents].map(([at, content]) => {
    const known = weighed.known(content);
    return [at, known && [known.kind?.id, known.visits]];
  });
  assert.equal(said, [
    ['/a.txt', [undefined, '']],
    ['/b.bin', ['zip', 'visits, 16 bytes']],
    ['/c.txt', undefined],
    ['/d/e.txt', undefined],
  ]);
  const [nothing] = await knownBy(path, undefined);
  assert.ok([...contents.values()].every((content) => nothing.known(content) === undefined));
});

test('a content that is not of the file is nothing that is known', async () => {
  const path = wimAt('stranger', TREE);
  const weighed = (await weigh((await opened(path)).store(1), (await opened(wimAt('its-base', TREE))).store(1), false).weighed)!;
  const [content] = (await contentsOf(await opened(path))).values();
  assert.is(weighed.isOfBase(content!), false, 'an equal resource that is another one');
  assert.is(weighed.isClaimed(content!), false);
});

test('a thread that is stopped knows nothing', async () => {
  const own = await opened(wimAt('stopped', TREE));
  const weighing = weigh(own.store(1), undefined, true);
  weighing.stop();
  assert.is(await weighing.weighed, undefined);
});

test.run();
