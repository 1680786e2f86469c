// What is remembered from run to run: clean contents alone, by their stored bytes, in a folder that nobody else may touch.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { engineOf } from '../../lint/cache-key.ts';
import { lintContainer } from '../../lint/lint.ts';
import { NOTHING, type Rule } from '../../lint/rule.ts';
import { defaultCacheFolder, openVerdictCache } from '../../lint/verdict-cache.ts';
import { pack } from '../helpers/archives.ts';
import { lintAgain } from '../helpers/lint-again.ts';
import { ruleOf } from '../helpers/lint-probe.ts';
import { makeWim, type WimTree } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';

const test = suite('verdict-cache');
const withTools = needTools(test, { '7zz': '7zip' });
let folder = '';
let cacheFolder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.before.each(() => {
  cacheFolder = join(mkdtempSync(join(folder, 'cache-')), 'wtgforge');
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const TREE: WimTree = {
  '/a.txt': `key ${madeKey(1)}`,
  '/b.txt': 'nothing stands here',
  '/c.txt': { content: 'nor here', streams: { s: 'nor there' } },
};
const CLEAN = 3;

function wimOf(name: string, files: WimTree = TREE): string {
  const path = join(folder, `${name}.wim`);
  makeWim(path, { images: [{ files }] });
  return path;
}

const opened = (version = '1', shipped: readonly Rule[] = []) => openVerdictCache(cacheFolder, engineOf(version, shipped));
const lintCached = async (path: string, more: Parameters<typeof lintAgain>[1] = {}, version?: string) =>
  lintAgain(path, { cache: await opened(version), ...more });
const cacheFile = () => join(cacheFolder, readdirSync(cacheFolder).find((name) => name.endsWith('.bin'))!);

test('what was clean is not scanned again, what was not is found again', async () => {
  const path = wimOf('twice');
  const first = await lintCached(path);
  assert.equal([first.cached, first.keys], [0, ['/a.txt']]);
  const second = await lintCached(path);
  assert.equal([second.cached, second.keys, second.visited, second.said], [CLEAN, ['/a.txt'], first.visited, first.said]);
  // Another image that holds the same stored contents elsewhere.
  const other = await lintCached(wimOf('elsewhere', { '/x/y.txt': 'nothing stands here', '/z.txt': 'a new one' }));
  assert.equal([other.cached, other.notes], [1, []]);
});

test('folder and file are the owner’s alone', async () => {
  await lintCached(wimOf('modes'));
  assert.is(statSync(cacheFolder).mode & 0o777, 0o700);
  assert.is(statSync(cacheFile()).mode & 0o777, 0o600);
  const bytes = readFileSync(cacheFile());
  assert.not.ok(bytes.includes(madeKey(1)));
});

test('bytes that were patched under their old digest are not in the cache', async () => {
  const path = wimOf('to-patch');
  await lintCached(path);
  const bytes = readFileSync(path);
  bytes.write(madeKey(2).slice(0, 19), bytes.indexOf('nothing stands here'), 'latin1');
  writeFileSync(path, bytes);
  const { cached, said } = await lintCached(path);
  assert.is(cached, CLEAN - 1);
  assert.is(said, '/b.txt: its content is not what the file claims (its SHA-1 does not match)');
});

test('a content that was a lie is never remembered', async () => {
  const path = wimOf('liar');
  const bytes = readFileSync(path);
  bytes.write('NOTHING', bytes.indexOf('nothing stands here'), 'latin1');
  writeFileSync(path, bytes);
  for (const cached of [0, CLEAN - 1]) {
    const result = await lintCached(path);
    assert.is(result.cached, cached);
    assert.match(result.said, /SHA-1 does not match/);
  }
});

test('files in which a rule of the program found nothing are not handed to it again; under other settings they are', async () => {
  const tree = { '/a.txt': 'bad word', '/b.txt': 'nothing stands here', '/twin.txt': 'nothing stands here', '/c.bin': 'nor here' };
  const path = wimOf('visits', tree);
  const moved = wimOf('visits moved', { ...tree, '/twin.txt': '', '/other.txt': 'nothing stands here' });
  const seen: string[] = [];
  const word = ruleOf({ text: 'product-keys', files: ['/**/*.txt'], content: 'whole' }, (report) => ({
    text: () => {},
    file(file, content) {
      if (!content || content.length === 0) return NOTHING;
      seen.push(file.path);
      if (Buffer.from(content).includes('bad')) report({ file: file.path });
      return NOTHING;
    },
  }));
  const said = async (from: string, { shipped = [word], hosts = [] }: { shipped?: readonly Rule[]; hosts?: readonly string[] } = {}) => {
    seen.length = 0;
    const cache = await opened('1', shipped);
    const more = { options: {}, allow: [], archives: false, readers: { from: 0, count: 2 }, cache };
    const { images } = await lintContainer(from, { rules: [word], policy: { kmsHosts: hosts }, ...more });
    return [images[0]!.findings.length, [...seen].sort()];
  };
  const all = ['/a.txt', '/b.txt', '/twin.txt'];
  assert.equal(await said(path), [1, all]);
  assert.equal(await said(path), [1, ['/a.txt']]);
  assert.equal(await said(path, { hosts: ['kms.example.com'] }), [1, all], 'another policy');
  assert.equal(await said(path, { shipped: [] }), [1, all], 'a rule that may change without the version');
  assert.equal(await said(moved), [1, ['/a.txt', '/b.txt', '/other.txt']], 'another place');
});

test('another version or engine knows nothing of before', async () => {
  const path = wimOf('version');
  await lintCached(path, {}, '1');
  assert.is((await lintCached(path, {}, '2')).cached, 0);
  assert.is((await lintCached(path, {}, '1')).cached, CLEAN);
});

test('a file that was cut, changed, or put there with rights of others is none', async () => {
  const path = wimOf('poisoned');
  await lintCached(path);
  const good = readFileSync(cacheFile());
  const name = cacheFile();
  const flipped = Buffer.from(good);
  flipped[5]! ^= 1;
  const cases: readonly [string, () => void][] = [
    ['cut', () => writeFileSync(name, good.subarray(0, -40))],
    ['changed', () => writeFileSync(name, flipped)],
    ['empty', () => writeFileSync(name, '')],
    ['of others', () => chmodSync(name, 0o644)],
    [
      'a folder',
      () => {
        rmSync(name);
        mkdirSync(name);
      },
    ],
    [
      'a link',
      () => {
        writeFileSync(join(folder, 'target.bin'), good, { mode: 0o600 });
        rmSync(name, { recursive: true });
        symlinkSync(join(folder, 'target.bin'), name);
      },
    ],
  ];
  for (const [what, poison] of cases) {
    rmSync(name, { recursive: true, force: true });
    writeFileSync(name, good, { mode: 0o600 });
    poison();
    const { cached, keys } = await lintCached(path);
    assert.equal([cached, keys], [0, ['/a.txt']], what);
  }
  assert.equal(readFileSync(join(folder, 'target.bin')), good);
});

test('a folder in which others could have written is not used, and that is said', async () => {
  const path = wimOf('shared');
  await lintCached(path);
  for (const mode of [0o777, 0o770, 0o750, 0o701]) {
    chmodSync(cacheFolder, mode);
    const { cached, notes } = await lintCached(path);
    assert.is(cached, 0);
    assert.match(notes[0]!, `no verdict is remembered: ${cacheFolder}: others may look into it or write it`);
  }
  chmodSync(cacheFolder, 0o700);
  chmodSync(join(cacheFolder, '..'), 0o777);
  assert.match((await lintCached(path)).notes[0]!, 'others may write it, and so replace the cache in it');
  chmodSync(join(cacheFolder, '..'), 0o700);
  assert.is((await lintCached(path)).cached, CLEAN);
});

test('a link or a file in the place of the folder is not used', async () => {
  const path = wimOf('linked');
  const elsewhere = join(cacheFolder, '..', 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  symlinkSync(elsewhere, cacheFolder);
  assert.match((await lintCached(path)).notes[0]!, 'is no folder');
  rmSync(cacheFolder);
  writeFileSync(cacheFolder, '');
  assert.match((await lintCached(path)).notes[0]!, 'is no folder');
  assert.equal(readdirSync(elsewhere), []);
});

test('only so many files are kept', async () => {
  const path = wimOf('many');
  await lintCached(path);
  for (let at = 0; at < 12; at++) {
    const name = join(cacheFolder, `verdicts-${String(at).padStart(64, '0')}.bin${at % 2 ? '.77' : ''}`);
    writeFileSync(name, '', { mode: 0o600 });
    utimesSync(name, at, at);
  }
  writeFileSync(join(cacheFolder, 'not ours'), '');
  await lintCached(path, {}, '2');
  const left = readdirSync(cacheFolder);
  assert.equal([left.length, left.includes('not ours')], [9, true]);
  assert.is((await lintCached(path)).cached, CLEAN);
});

withTools('an archive is known as clean by itself and opened again', async () => {
  const path = wimOf('archive', { '/a.zip': { content: pack('zip', { 'inner.txt': `key ${madeKey(5)}` }) }, '/b.txt': 'plain' });
  const found = (await lintCached(path, { archives: true })).keys;
  assert.is(found.length, 1);
  const again = await lintCached(path, { archives: true });
  assert.equal([again.keys, again.cached], [found, 2]);
});

test('the folder of the XDG specification', () => {
  const before = process.env['XDG_CACHE_HOME'];
  try {
    process.env['XDG_CACHE_HOME'] = '/somewhere';
    assert.is(defaultCacheFolder(), '/somewhere/wtgforge');
    for (const wrong of ['', 'relative']) {
      process.env['XDG_CACHE_HOME'] = wrong;
      assert.is(defaultCacheFolder(), join(homedir(), '.cache/wtgforge'));
    }
  } finally {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
  }
});

test.run();
