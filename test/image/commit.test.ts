// Commit: a journal becomes one write per hive and one update of the container; logs of edited hives are emptied, others stay.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { commit } from '../../image/commit.ts';
import { createJournal, type Journal } from '../../image/journal.ts';
import { openImage } from '../../image/open.ts';
import { asDirty, newLog, wholeBins } from '../../scripts/dev/fixtures/hive-log.ts';
import { makeSmallImage, type SmallImageOptions } from '../../scripts/dev/fixtures.ts';
import { withScratch } from '../../tools/scratch.ts';
import { DISK_TOOLS } from '../helpers/disk-files.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { edited, set } from '../helpers/hive-edits.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { makeSmallDisk } from '../helpers/small-disk.ts';

const tools = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const CONFIG = '/Windows/System32/config';
const time = new Date('2026-01-01T00:00:00Z');

async function withJournal(use: (journal: Journal, staged: string) => Promise<void>, options: SmallImageOptions = {}): Promise<void> {
  await withScratch(async (folder) => {
    const source = await makeSmallImage(folder, options);
    const image = await openImage(source, 1);
    try {
      await use(createJournal(image), join(folder, 'staged.wim'));
    } finally {
      await image.close();
    }
  });
}

tools('files and values of the journal are in the staged image', async () => {
  await withJournal(async (journal, staged) => {
    const draft = journal.draft('one');
    await draft.write('/Windows/new.txt', 'new');
    await draft.setValue('SOFTWARE', 'Microsoft\\wtgforge', 'Name', { type: 'REG_SZ', data: 'Ünïcode' });
    await draft.setValue('/Users/Default/NTUSER.DAT', 'Software\\wtgforge', 'n', { type: 'REG_QWORD', data: 2n ** 63n });
    assert.equal(await commit(journal, { staged, images: 'built', time }), { notes: [], parts: [] });
    const image = await openImage(staged, 1);
    try {
      assert.is(new TextDecoder().decode(await image.read('/Windows/new.txt')), 'new');
      assert.equal((await image.hive('SOFTWARE')).value('Microsoft\\wtgforge', 'name')?.decoded, { type: 'REG_SZ', data: 'Ünïcode' });
      assert.equal((await image.hive('/Users/Default/NTUSER.DAT')).value('Software\\wtgforge', 'n')?.decoded, {
        type: 'REG_QWORD',
        data: 2n ** 63n,
      });
    } finally {
      await image.close();
    }
  });
});

tools('the logs beside an edited hive are emptied; those of other hives are not touched', async () => {
  const log = new Uint8Array(4096).fill(0x41);
  await withJournal(
    async (journal, staged) => {
      await journal.draft('one').setValue('SOFTWARE', 'Microsoft\\wtgforge', 'n', { type: 'REG_DWORD', data: 1 });
      await commit(journal, { staged, images: 'built', time });
      const image = await openImage(staged, 1);
      try {
        assert.is((await image.find(`${CONFIG}/SOFTWARE.LOG1`))!.size, 0);
        assert.equal(await image.read(`${CONFIG}/SYSTEM.LOG1`), log);
      } finally {
        await image.close();
      }
    },
    { extraFiles: { [`${CONFIG}/SOFTWARE.LOG1`]: log, [`${CONFIG}/SYSTEM.LOG1`]: log } },
  );
});

tools('a hive that was not closed properly: what its log holds is in the written hive, and the log is empty', async () => {
  const [path, key] = ['/Users/Old/NTUSER.DAT', 'Software\\wtgforge'] as const;
  const before = emptyHive();
  const log = newLog(before, 1, [wholeBins(await edited(before, set(key, 'OnlyInTheLog', 'kept')))]);
  await withJournal(
    async (journal, staged) => {
      const draft = journal.draft('one');
      assert.is((await draft.hive(path)).value(key, 'OnlyInTheLog')?.name, 'OnlyInTheLog');
      await draft.setValue(path, key, 'Written', { type: 'REG_DWORD', data: 1 });
      const { notes } = await commit(journal, { staged, images: 'built', time });
      assert.match(notes.join(), /NTUSER\.DAT: was not closed properly; .* were applied.*: \.LOG1 \(1\)/);
      const image = await openImage(staged, 1);
      try {
        const hive = await image.hive(path);
        assert.equal([hive.dirty, hive.values(key).map(({ name }) => name)], [false, ['OnlyInTheLog', 'Written']]);
        assert.is((await image.find(`${path}.LOG1`))!.size, 0);
      } finally {
        await image.close();
      }
    },
    { extraFiles: { [path]: asDirty(before, 2, 1), [`${path}.LOG1`]: log } },
  );
});

needFuse(needTools(test, { ...DISK_TOOLS, setfattr: 'attr', hivexregedit: 'libwin-hivex-perl' }) as never)(
  'on a disk, too: the log is applied, and emptied in the file that ships',
  () =>
    withScratch(async (folder) => {
      const [path, key] = ['/Users/Old/NTUSER.DAT', 'Software\\wtgforge'] as const;
      const before = emptyHive();
      const log = newLog(before, 1, [wholeBins(await edited(before, set(key, 'OnlyInTheLog', 'kept')))]);
      const { raw } = await makeSmallDisk(folder, { [path]: asDirty(before, 2, 1), [`${path}.LOG1`]: log });
      const image = await openImage(raw, 1);
      const journal = createJournal(image);
      await journal.draft('one').setValue(path, key, 'Written', { type: 'REG_DWORD', data: 1 });
      const staged = join(folder, 'staged.raw');
      const { notes } = await commit(journal, { staged, images: 'built', time });
      assert.match(notes.join(), /NTUSER\.DAT: was not closed properly/);
      await image.close();
      const after = await openImage(staged, 1);
      const hive = await after.hive(path);
      assert.equal([hive.dirty, hive.values(key).map(({ name }) => name)], [false, ['OnlyInTheLog', 'Written']]);
      assert.is((await after.find(`${path}.LOG1`))!.size, 0);
      await after.close();
    }),
);

tools('a hive that is replaced as a file and edited as a hive is refused, and no staged file appears', async () => {
  await withJournal(async (journal, staged) => {
    await journal.draft('one').setValue('SOFTWARE', 'Microsoft\\wtgforge', 'n', { type: 'REG_DWORD', data: 1 });
    await journal.draft('two').write(`${CONFIG}/SOFTWARE`, 'not a hive');
    const error = await commit(journal, { staged, images: 'built', time }).catch((reason: unknown) => reason);
    assert.instance(error, ImageError);
    assert.is((error as ImageError).code, 'HIVE_REPLACED');
    assert.is(await stat(staged).catch(() => 'absent'), 'absent');
  });
});

test('an image that is in no container of ours is refused', async () => {
  const journal = createJournal(fakeImage({ files: { '/a': 'x' } }));
  const error = await commit(journal, { staged: '/nowhere/staged.wim', images: 'built' }).catch((reason: unknown) => reason);
  assert.is((error as ImageError).code, 'CONTAINER_UNSUPPORTED');
});

test.run();
