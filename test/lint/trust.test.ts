// A base: what is trusted of it and what never is, whatever digests are claimed.
import { copyFileSync, linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import type { Container } from '../../image/image.ts';
import { openContainer } from '../../image/open.ts';
import { lintContainer } from '../../lint/lint.ts';
import { lintOpened } from '../../lint/lint-container.ts';
import type { Select } from '../../lint/rule.ts';
import { openBase } from '../../lint/trust.ts';
import { pack } from '../helpers/archives.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { lintAgain } from '../helpers/lint-again.ts';
import { ruleOf } from '../helpers/lint-probe.ts';
import { makeWim, run, type WimTree } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';

const test = suite('trust');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** The base holds a key itself: where that is not found, the content was not scanned. */
const KEY = `sample key ${madeKey(1)}`;
const TREE: WimTree = {
  '/a.txt': KEY,
  '/b.txt': 'the second file'.padEnd(80, ' .'),
  '/c.txt': { content: 'the third', streams: { note: 'a stream of the base' } },
  '/folder/d.txt': 'the fourth',
};
const COUNT = 5;

function wimOf(name: string, files: WimTree, xml = ''): string {
  const path = join(folder, `${name}.wim`);
  makeWim(path, { images: [{ files, xml }] });
  return path;
}

test('what is the same at the same path is not scanned; everything else is, and files are visited all the same', async () => {
  const base = wimOf('base', TREE);
  const path = wimOf('changed', {
    ...TREE,
    '/folder/d.txt': `changed ${madeKey(2)}`,
    '/new.txt': 'a new file',
    '/elsewhere.txt': 'a stream of the base',
  });
  const without = await lintAgain(path);
  assert.equal([without.keys, without.ofBase], [['/a.txt', '/folder/d.txt'], 0]);
  const { keys, ofBase, visited, notes, said } = await lintAgain(path, { base });
  assert.equal(keys, ['/folder/d.txt']);
  // A content with a place that the base does not know is no content of the base.
  assert.is(ofBase, COUNT - 2);
  assert.equal([notes, said, visited], [[], 'passed', without.visited]);
});

test('a rule that judges a content by itself does not get those of the base', async () => {
  const base = wimOf('own base', TREE);
  const path = wimOf('own', { ...TREE, '/folder/d.txt': 'changed', '/elsewhere.txt': 'the second file'.padEnd(80, ' .') });
  const seen: string[] = [];
  const visitor = (id: string, select: Select) =>
    ruleOf(
      { files: ['/**/*.txt'], content: 'whole', signatures: [], text: 'product-keys', ...select },
      () => ({
        text: () => {},
        file: (file, content) => void (content && seen.push(`${id} ${file.path} ${content.length}`)),
      }),
      { id: `test/${id}` },
    );
  await lintContainer(path, {
    rules: [visitor('skips', { base: 'skip' }), visitor('heads', { base: 'look', content: 'head' })],
    policy: { kmsHosts: [] },
    options: {},
    allow: [],
    archives: false,
    readers: { from: 0, count: 2 },
    base,
  });
  assert.equal(seen.sort(), [
    `heads /a.txt ${KEY.length}`,
    'heads /b.txt 80',
    'heads /c.txt 9',
    'heads /elsewhere.txt 80',
    'heads /folder/d.txt 7',
    'skips /b.txt 80',
    'skips /elsewhere.txt 80',
    'skips /folder/d.txt 7',
  ]);
});

test('the content of the base under another name is scanned, also when only the case is another', async () => {
  const base = wimOf('names', TREE);
  for (const name of ['/moved.txt', '/A.TXT']) {
    const { '/a.txt': _, ...others } = TREE;
    assert.equal((await lintAgain(wimOf('moved', { ...others, [name]: KEY }), { base })).keys, [name], name);
  }
});

test('bytes that were patched under their old digest are found different, read, and found to be a lie', async () => {
  const base = wimOf('honest', TREE);
  const path = join(folder, 'patched.wim');
  const bytes = readFileSync(base);
  const at = bytes.indexOf('the second file');
  bytes.write(madeKey(3), at, 'latin1');
  writeFileSync(path, bytes);
  const { keys, ofBase, said } = await lintAgain(path, { base });
  assert.equal([keys, ofBase], [['/b.txt'], COUNT - 1]);
  assert.is(said, '/b.txt: its content is not what the file claims (its SHA-1 does not match)');
});

withTools('the same lie in the last byte of a long content', async () => {
  const plain = wimOf('plain', {
    ...TREE,
    '/long.bin': { content: Buffer.alloc(3_000_000, 'words that repeat, but not quite 0123456789') },
  });
  const base = join(folder, 'long.wim');
  run('wimlib-imagex', ['export', plain, '1', base, '--compress=none', '--quiet']);
  const path = join(folder, 'long-patched.wim');
  const bytes = readFileSync(base);
  const at = bytes.indexOf('words that repeat') + 3_000_000 - 1;
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(path, bytes);
  const { ofBase, said } = await lintAgain(path, { base });
  assert.equal([ofBase, said], [COUNT, '/long.bin: its content is not what the file claims (its SHA-1 does not match)']);
});

withTools('the same contents compressed in another way are not the same stored bytes: nothing is skipped', async () => {
  const base = wimOf('as-is', TREE);
  const path = join(folder, 'as-lzx.wim');
  run('wimlib-imagex', ['export', base, '1', path, '--compress=LZX', '--quiet']);
  const { keys, ofBase, said } = await lintAgain(path, { base });
  assert.equal([keys, ofBase, said], [['/a.txt'], 0, 'passed']);
  assert.is((await lintAgain(path, { base: copied(path) })).ofBase, COUNT);
});

needTools(test, { '7zz': '7zip' })(
  'an archive of the base that cannot be opened counts where the base has none, and not where it is the same',
  async () => {
    const locked = { content: pack('7z', { 'a.txt': 'x' }, '-psecret') };
    const base = wimOf('with-archive', { ...TREE, '/Tools/old.7z': locked });
    const path = wimOf('with-archives', {
      ...TREE,
      '/Tools/old.7z': locked,
      '/Tools/new.7z': { content: pack('7z', { 'b.txt': 'y' }, '-psecret') },
    });
    const toldOf = async (more: { readonly base?: string }) => {
      const told: string[] = [];
      const rule = ruleOf({ text: 'product-keys' }, () => ({ text() {}, opaque: ({ path: at, why }) => void told.push(`${why} ${at}`) }));
      await lintContainer(path, {
        rules: [rule],
        policy: { kmsHosts: [] },
        options: {},
        allow: [],
        readers: { from: 0, count: 1 },
        ...more,
      });
      return told.sort();
    };
    assert.equal(await toldOf({}), ['encrypted /Tools/new.7z', 'encrypted /Tools/old.7z']);
    assert.equal(await toldOf({ base }), ['encrypted /Tools/new.7z']);
  },
);

test('another image as base: said, and nothing of it is trusted', async () => {
  const path = wimOf('linted', TREE, WINDOWS('Enterprise'));
  const other = wimOf('other', { '/a.txt': KEY, '/x.txt': 'x', '/y.txt': 'y' }, WINDOWS('Enterprise'));
  const shared = await lintAgain(path, { base: other });
  assert.equal([shared.keys, shared.ofBase], [['/a.txt'], 0]);
  assert.equal(shared.notes, [`nothing of the base is trusted: ${other}: is another image (it shares 1 of ${COUNT} contents)`]);
  const edition = wimOf('edition', TREE, WINDOWS('Education'));
  const { ofBase, notes } = await lintAgain(path, { base: edition });
  assert.is(ofBase, 0);
  assert.equal(notes, [`nothing of the base is trusted: ${edition}: holds no image of Enterprise 19045 amd64`]);
});

const WINDOWS = (edition: string) =>
  `<WINDOWS><ARCH>9</ARCH><EDITIONID>${edition}</EDITIONID><VERSION><MAJOR>10</MAJOR><MINOR>0</MINOR><BUILD>19045</BUILD></VERSION></WINDOWS>`;

test('the image of the same Windows is taken from a base of several', async () => {
  const base = join(folder, 'several.wim');
  const images = ['Education', 'Enterprise'].map((edition) => ({ files: edition === 'Enterprise' ? TREE : {}, xml: WINDOWS(edition) }));
  makeWim(base, { images });
  const { ofBase, keys } = await lintAgain(wimOf('one-of', TREE, WINDOWS('Enterprise')), { base });
  assert.equal([ofBase, keys], [COUNT, []]);
});

test('the very file that is checked is no base, by whatever name', async () => {
  const path = wimOf('self', TREE);
  linkSync(path, join(folder, 'hard.wim'));
  symlinkSync(path, join(folder, 'soft.wim'));
  for (const base of [path, join(folder, 'hard.wim'), join(folder, 'soft.wim')]) {
    const { keys, ofBase, notes } = await lintAgain(path, { base });
    assert.equal([keys, ofBase], [['/a.txt'], 0]);
    assert.equal(notes, [`nothing of the base is trusted: ${base}: is the very file that is checked`]);
  }
  assert.is((await lintAgain(path, { base: copied(path) })).ofBase, COUNT);
});

function copied(path: string): string {
  copyFileSync(path, `${path}.copy`);
  return `${path}.copy`;
}

test('what has no stored contents cannot be compared', async () => {
  const image = fakeImage({ files: { '/a.txt': KEY } });
  const container: Container = {
    path: 'x.vhd',
    id: 'vhd',
    images: [{ info: image.info, folders: 0, files: 1, bytes: 0 }],
    open: async () => image,
    close: async () => {},
  };
  const given = { rules: [ruleOf({ text: 'product-keys' }, () => ({}))], policy: { kmsHosts: [] }, options: {}, allow: [] };
  const path = wimOf('for-disk', TREE);
  writeFileSync(join(folder, 'x.vhd'), '');
  const { stats } = await lintOpened({ ...container, path: join(folder, 'x.vhd') }, { ...given, base: path });
  assert.match(stats.notes![0]!, /^nothing of the base is trusted: the contents of a \w+ cannot be compared/);
});

test('a base that cannot be opened stops the run', async () => {
  const path = wimOf('fine', TREE);
  const absent = join(folder, 'absent.wim');
  try {
    await lintAgain(path, { base: absent });
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof ImageError && error.code === 'CONTAINER_ABSENT');
  }
});

test('rules get the image of the same Windows in the base, and none when the base is what is checked', async () => {
  const [base, path] = [wimOf('alike', TREE), wimOf('asked', TREE)];
  const asked = await openContainer(path);
  const { info } = asked.images[0]!;
  const opened = await openBase(base, { path });
  const image = await opened.alike(info);
  assert.is(await image?.has('/a.txt'), true);
  await image?.close();
  assert.is(await opened.alike({ ...info, edition: 'another' }), undefined);
  await opened.close();
  const itself = await openBase(path, { path });
  assert.is(await itself.alike(info), undefined);
  await itself.close();
  await asked.close();
});

test.run();
