// A file that appears whole or not at all: places that are refused, modes, nothing left over.
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeWholeFile } from '../../cli/whole-file.ts';
import { WtgforgeError } from '../../errors.ts';
import { withFiles } from '../helpers/answer-folder.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const codeOf = async (work: Promise<void>) => {
  try {
    await work;
    return 'written';
  } catch (error) {
    return error instanceof WtgforgeError ? error.code : String(error);
  }
};

test('a new file and a replaced one; a secret one is for its owner only; nothing else is left', async () => {
  await withFiles({ there: 'old' }, async ({ there }, folder) => {
    const fresh = join(folder, 'fresh');
    await writeWholeFile(fresh, bytes('new'), { force: false, secret: true });
    assert.equal([readFileSync(fresh, 'utf8'), statSync(fresh).mode & 0o077], ['new', 0]);
    await writeWholeFile(there, bytes('new'), { force: true, secret: true });
    assert.equal([readFileSync(there, 'utf8'), statSync(there).mode & 0o077], ['new', 0]);
    assert.equal(readdirSync(folder).sort(), ['fresh', 'there']);
  });
});

test('what is there already, a folder, a device and a folder that is not there are refused, and nothing is left', async () => {
  await withFiles({ there: 'old' }, async ({ there }, folder) => {
    const plain = { force: false, secret: false };
    const forced = { force: true, secret: false };
    assert.is(await codeOf(writeWholeFile(there, bytes('new'), plain)), 'OUTPUT_EXISTS');
    assert.is(await codeOf(writeWholeFile(folder, bytes('new'), forced)), 'OUTPUT_IS_FOLDER');
    assert.is(await codeOf(writeWholeFile('/dev/null', bytes('new'), forced)), 'OUTPUT_UNWRITABLE');
    assert.is(await codeOf(writeWholeFile(join(folder, 'no', 'x'), bytes('new'), forced)), 'OUTPUT_UNWRITABLE');
    assert.equal([readdirSync(folder), readFileSync(there, 'utf8')], [['there'], 'old']);
  });
});

test('a link is replaced, not followed; a dangling one counts as there', async () => {
  await withFiles({ target: 'mine' }, async ({ target }, folder) => {
    const [link, dangling] = [join(folder, 'link'), join(folder, 'dangling')];
    symlinkSync(target, link);
    symlinkSync(join(folder, 'nowhere'), dangling);
    await writeWholeFile(link, bytes('new'), { force: true, secret: false });
    assert.equal([readFileSync(target, 'utf8'), readFileSync(link, 'utf8')], ['mine', 'new']);
    assert.is(await codeOf(writeWholeFile(dangling, bytes('new'), { force: false, secret: false })), 'OUTPUT_EXISTS');
  });
});

test.run();
