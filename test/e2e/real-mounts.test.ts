// Every real container of the data set that opens can be looked into, and shows the very bytes that our own readers give; the others are refused, and nothing is left.
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WtgforgeError } from '../../errors.ts';
import { mountContainer } from '../../image/mount.ts';
import { openContainer } from '../../image/open.ts';
import { unmountKept } from '../../tools/kept-mount.ts';
import { mountsBelow, processesOf } from '../helpers/mounts.ts';
import { needFuse, needRealData, needTools } from '../helpers/need.ts';
import { unpackRealImages } from '../helpers/real-images.ts';

const test = suite('real-mounts');
const withTools = needTools(test, { '7zz': '7zip', 'wimlib-imagex': 'wimtools', bzip2: 'bzip2', 'ntfs-3g': 'ntfs-3g' });
const withFuse = needFuse(withTools as never);
const withData = needRealData(withFuse as never);

const own = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
const [temporary, images, at] = ['tmp', 'images', 'look'].map((name) => join(own, name)) as [string, string, string];
for (const folder of [temporary, images, at]) mkdirSync(folder);
process.env['TMPDIR'] = temporary;
test.after(() => rmSync(own, { recursive: true, force: true }));

/** Files whose content is the same in the mount and through our own reader, and what could not be read in either. */
async function compare(path: string, index: number, hidden: string[]): Promise<{ readonly same: number; readonly unread: number }> {
  const container = await openContainer(path);
  let [same, unread] = [0, 0];
  try {
    const image = await container.open(index);
    for await (const file of image.walk()) {
      if (file.folder || file.reparse) continue;
      const content = await file.read().catch((error: unknown) => {
        assert.instance(error, WtgforgeError);
        return undefined;
      });
      if (content === undefined) unread++;
      else {
        if (!lstatSync(join(at, file.path), { throwIfNoEntry: false })?.isFile()) hidden.push(`${basename(path)}${file.path}`);
        else assert.ok(readFileSync(join(at, file.path)).equals(content), `${path}: ${file.path}`);
        same++;
      }
    }
    await image.close();
  } finally {
    await container.close();
  }
  return { same, unread };
}

withData('the same bytes, or a refusal that leaves nothing', async () => {
  const names = unpackRealImages(images);
  let [mounted, refused, same, unread] = [0, 0, 0, 0];
  const hidden: string[] = [];
  for (const name of names) {
    const path = join(images, name);
    try {
      await mountContainer(path, at, { index: 1 });
    } catch (error) {
      assert.instance(error, WtgforgeError, `${name}: ${error}`);
      refused++;
      assert.equal([mountsBelow(own), readdirSync(temporary), readdirSync(at)], [[], [], []], name);
      continue;
    }
    try {
      const found = await compare(path, 1, hidden);
      same += found.same;
      unread += found.unread;
      mounted++;
    } finally {
      await unmountKept(at);
    }
    assert.equal([mountsBelow(own), processesOf(at), readdirSync(temporary), readdirSync(at)], [[], [], [], []], name);
  }
  console.error(`${mounted} mounted, ${refused} refused, ${same} files the same, ${unread} damaged`);
  // Their folder has an index without entries: ntfs-3g goes by the index, our reader by the file records, where nothing can hide.
  // And it shows a file of Interix as the link that it was for the subsystem; Windows shows the file.
  assert.equal(hidden, ['dfir_ntfs3.raw/test/1.txt', 'ntfs.raw/a_link']);
  assert.ok(mounted >= 20 && refused >= 8 && same > 100, `${mounted} mounted, ${refused} refused, ${same} files`);
});

test.run();
