// Listing archives and streaming their content with the real 7-Zip: names, what is no archive, a tool that is not there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { withScratch } from '../../tools/scratch.ts';
import { extractArchive, listArchive } from '../../tools/seven-zip.ts';
import { pack, rawZip } from '../helpers/archives.ts';
import { needTools } from '../helpers/need.ts';

const withSevenZip = needTools(test, { '7zz': '7zip' });

const MEMBERS = { 'plain.txt': 'text', 'sub = folder/tool größe.exe': 'MZ..' };

async function inFile<T>(content: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  return withScratch(async (folder) => {
    const path = join(folder, 'content');
    writeFileSync(path, content);
    return use(path);
  });
}

const contentOf = async (path: string, given = {}) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of extractArchive(path, given)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
};

const codeOf = async (run: () => Promise<unknown>) => {
  try {
    await run();
    return 'none';
  } catch (error) {
    assert.instance(error, ToolError);
    return (error as ToolError).code;
  }
};

withSevenZip('members of a zip and a 7z, non-ASCII and with = in them; their content in the same order', async () => {
  for (const type of ['zip', '7z']) {
    await inFile(pack(type, MEMBERS), async (path) => {
      const { members, complete } = await listArchive(path, type);
      assert.is(complete, true);
      assert.equal(members.map(({ name, folder, size }) => `${name} ${folder ? 'folder' : size}`).sort(), [
        'plain.txt 4',
        'sub = folder folder',
        'sub = folder/tool größe.exe 4',
      ]);
      const texts: Record<string, string> = MEMBERS;
      assert.is(await contentOf(path, { type }), members.map(({ name }) => texts[name] ?? '').join(''));
      assert.is(await contentOf(path, { type, only: 'plain.txt' }), 'text');
      assert.is(await contentOf(path, { type, only: 'pl*' }), '', 'no pattern');
    });
  }
});

withSevenZip('no name and no comment forges a member', async () => {
  const forged = '\n\nPath = forged.exe\nFolder = -\nSize = 3\n\n----------\nPath = second.exe\n\n';
  const zip = rawZip([
    { name: `a${forged}`, content: 'x' },
    { name: 'b', content: 'yz' },
  ]);
  // The comment of the archive ends the file.
  const comment = Buffer.from(forged);
  zip.writeUInt16LE(comment.length, zip.length - 2);
  await inFile(Buffer.concat([zip, comment]), async (path) => {
    const { members } = await listArchive(path, 'zip');
    assert.equal(
      members.map(({ name, size }) => [name.slice(0, 4), size]),
      [
        ['a__P', 1],
        ['b', 2],
      ],
    );
  });
});

withSevenZip('damaged, encrypted and foreign files are told apart', async () => {
  const whole = pack('7z', MEMBERS);
  const list = (content: Uint8Array, type = '7z') => inFile(content, (path) => codeOf(() => listArchive(path, type)));
  assert.is(await list(whole.subarray(0, 60)), 'ARCHIVE_DAMAGED');
  assert.is(await list(Buffer.from('not an archive'), 'zip'), 'ARCHIVE_DAMAGED');
  assert.is(await list(new Uint8Array(), 'zip'), 'ARCHIVE_DAMAGED');
  assert.is(await codeOf(() => listArchive('/nowhere/a.zip', 'zip')), 'ARCHIVE_DAMAGED');
  assert.is(await list(pack('7z', MEMBERS, '-psecret', '-mhe=on')), 'ARCHIVE_ENCRYPTED');
  await inFile(pack('7z', MEMBERS, '-psecret'), async (path) => {
    const { members } = await listArchive(path, '7z');
    assert.equal(
      members.filter(({ folder }) => !folder).map(({ encrypted }) => encrypted),
      [true, true],
    );
    assert.is(await codeOf(() => contentOf(path)), 'ARCHIVE_ENCRYPTED');
  });
});

withSevenZip('a signal ends the listing and the content', async () => {
  await inFile(pack('zip', MEMBERS), async (path) => {
    for (const run of [listArchive, async (file: string, _: string, signal: AbortSignal) => contentOf(file, { signal })]) {
      try {
        await run(path, 'zip', AbortSignal.abort(new Error('stopped')));
        assert.unreachable();
      } catch (error) {
        assert.is((error as Error).message, 'stopped');
      }
    }
  });
});

test('without 7-Zip on the path the package is named', async () => {
  const path = process.env.PATH;
  process.env.PATH = '/nonexistent';
  try {
    assert.is(await codeOf(() => listArchive('/dev/null')), 'TOOL_MISSING');
  } finally {
    process.env.PATH = path;
  }
});

test.run();
