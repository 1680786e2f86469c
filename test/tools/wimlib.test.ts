// wimlib-imagex: which paths a list can name, what we say to it, and that no list file stays behind.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toolVersion } from '../../tools/tool.ts';
import { applyToVolume, canList, captureVolume, exportWim, extractToStdout, joinWim, splitWim, wimlib } from '../../tools/wimlib.ts';
import { makeWim } from '../helpers/make-wim.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { needTools } from '../helpers/need.ts';
import { useOwnTmpdir } from '../helpers/own-tmpdir.ts';

const test = suite('wimlib');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });

useOwnTmpdir();
const scratchFolders = () => readdirSync(tmpdir()).filter((name) => /^wtgforge-[A-Za-z0-9]{6}$/.test(name));

async function text(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString();
}

test('paths that a list file can name', () => {
  for (const path of ['/a', '/with space/b', "/'q'", '/[x]', '/;c', '/#d', '/ lead', '/文件', '/\u{1f600}'])
    assert.is(canList(path), true, path);
  for (const path of ['/a\\b', '/a\nb', '/trail ', '/x\ud800']) assert.is(canList(path), false, path);
});

test('gives the list in a file and an absolute path', async () => {
  const before = scratchFolders();
  await withMockCommand('wimlib-imagex', 'cat "$(printf %s "$4" | cut -c2-)"', async (mock) => {
    assert.is(await text(extractToStdout('-odd.wim', 2, ['/a', '/b c'])), '/a\n/b c\n');
    const [args] = mock.calls();
    assert.equal(args!.slice(0, 3), ['extract', resolve('-odd.wim'), '2']);
    assert.equal(args!.slice(4), ['--to-stdout', '--no-globs', '--no-acls', '--quiet']);
  });
  assert.equal(scratchFolders(), before);
});

withTools('contents come in the order of the list, twice when asked twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  try {
    const path = join(folder, 'x.wim');
    makeWim(path, { images: [{ files: { '/a': 'AAA', '/b [1]*': 'BB', "/'c'": 'C', '/ d': 'DDDD', '/twin': 'AAA', '/;e': 'E' } }] });
    assert.is(await text(extractToStdout(path, 1, ['/b [1]*', '/a', '/ d', "/'c'", '/a', '/twin', '/;e'])), 'BBAAADDDDCAAAAAAE');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('export, join, split, apply and capture say what they are asked for', async () => {
  await withMockCommand('wimlib-imagex', '', async (mock) => {
    await exportWim('/a.esd', '/b.wim', { compress: 'lzx', check: true });
    await exportWim('/a.wim', '/b.esd', { compress: 'lzms', solid: true });
    await joinWim(['/a.swm', '/a2.swm'], '/b.wim');
    await splitWim('/a.wim', '/b.swm', 4000);
    await applyToVolume('/a.wim', 2, '/volume');
    await captureVolume('/volume', '/a.wim', { name: '-odd name', compress: 'none' });
    assert.equal(mock.calls(), [
      ['export', '/a.esd', 'all', '/b.wim', '--compress=LZX', '--check'],
      ['export', '/a.wim', 'all', '/b.esd', '--compress=LZMS', '--solid', '--no-check'],
      ['join', '/b.wim', '/a.swm', '/a2.swm'],
      ['split', '/a.wim', '/b.swm', '4000'],
      ['apply', '/a.wim', '2', '/volume'],
      ['capture', '/volume', '/a.wim', 'odd name', '--compress=NONE', '--no-check'],
    ]);
  });
});

withTools('its version is found', async () => assert.match((await toolVersion(wimlib)) ?? '', /^1\.\d+/));

test.run();
