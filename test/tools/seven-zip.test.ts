// Listing archives with the real 7-Zip: names, what is no archive, a tool that is not there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { withScratch } from '../../tools/scratch.ts';
import { isArchive, listArchive, listArchiveBytes } from '../../tools/seven-zip.ts';
import { needTools } from '../helpers/need.ts';

const withSevenZip = needTools(test, { '7zz': '7zip' });

async function withArchives(use: (folder: string) => Promise<void>): Promise<void> {
  await withScratch(async (folder) => {
    mkdirSync(join(folder, 'in', 'sub = folder'), { recursive: true });
    writeFileSync(join(folder, 'in', 'plain.txt'), 'text');
    writeFileSync(join(folder, 'in', 'sub = folder', 'tool größe.exe'), 'MZ');
    for (const kind of ['zip', '7z'])
      execFileSync('7zz', ['a', '-bd', join(folder, `a.${kind}`), '.'], { cwd: join(folder, 'in'), stdio: 'ignore' });
    execFileSync('7zz', ['a', '-bd', '-psecret', '-mhe=on', join(folder, 'locked.7z'), '.'], { cwd: join(folder, 'in'), stdio: 'ignore' });
    await use(folder);
  });
}

withSevenZip('the names of a zip and a 7z, non-ASCII and with = in them', async () => {
  await withArchives(async (folder) => {
    for (const kind of ['zip', '7z']) {
      const { names, complete } = await listArchive(join(folder, `a.${kind}`));
      assert.equal([...names].sort(), ['plain.txt', 'sub = folder', 'sub = folder/tool größe.exe']);
      assert.is(complete, true);
      const content = readFileSync(join(folder, `a.${kind}`));
      assert.is(isArchive(content), true);
      assert.is((await listArchiveBytes(content)).names.length, 3);
    }
    assert.is(isArchive(Buffer.from('MZ')), false);
    assert.is(isArchive(new Uint8Array()), false);
  });
});

withSevenZip('damaged, encrypted and foreign files are refused at once', async () => {
  await withArchives(async (folder) => {
    writeFileSync(join(folder, 'cut.7z'), readFileSync(join(folder, 'a.7z')).subarray(0, 60));
    writeFileSync(join(folder, 'text.zip'), 'not an archive');
    writeFileSync(join(folder, 'empty.zip'), '');
    for (const name of ['cut.7z', 'text.zip', 'empty.zip', 'locked.7z', 'absent.zip']) {
      try {
        await listArchive(join(folder, name));
        assert.unreachable(name);
      } catch (error) {
        assert.instance(error, ToolError, name);
        assert.is((error as ToolError).code, 'ARCHIVE_UNREADABLE', name);
      }
    }
  });
});

test('without 7-Zip on the path the package is named', async () => {
  const path = process.env.PATH;
  process.env.PATH = '/nonexistent';
  try {
    await listArchive('/nonexistent/a.zip');
    assert.unreachable();
  } catch (error) {
    assert.is((error as ToolError).code, 'TOOL_MISSING');
    assert.match((error as Error).message, '7zip');
  } finally {
    process.env.PATH = path;
  }
});

test.run();
