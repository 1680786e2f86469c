// Every real container of the data set: it opens and all of its content is read, or it is refused for the right reason.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WtgforgeError } from '../../errors.ts';
import { openContainer } from '../../image/open.ts';
import { withScratch } from '../../tools/scratch.ts';
import { needRealData, needTools } from '../helpers/need.ts';
import { unpackRealImages } from '../helpers/real-images.ts';

const test = suite('real-images');
const withTools = needTools(test, { '7zz': '7zip', 'wimlib-imagex': 'wimtools', bzip2: 'bzip2' });
const withData = needRealData(withTools as never);

/** `kind images files bytes`; a content that cannot be read ends in `!` and why; a refusal is its code and a part of its reason. */
const EXPECTED: Readonly<Record<string, string | readonly [code: string, reason: RegExp]>> = {
  'dfir_ntfs3.raw': 'raw 1 4 286671',
  'dfir_ntfs3_attrlist.raw': 'raw 1 100 400',
  'discutils-TestData.wim': 'wim 1 6 12444',
  'fat-parent.vhd': 'vhd 1 2 12',
  'gpt.raw': ['VOLUME_UNKNOWN', /partition 1 holds no file system that is read/],
  'gpt_empty_with_mbr.raw': ['VOLUME_UNKNOWN', /partition 1 holds no file system that is read/],
  'iso9660.raw': ['ISO_NO_WINDOWS', /holds no image of Windows/],
  'mbr.raw': ['VOLUME_UNKNOWN', /partition 1 holds no file system that is read/],
  'mwl-BootXPRESS.wim': 'wim 1 14 13',
  'mwl-LZX.wim': 'wim 1 14 13',
  'mwl-MultiImage.wim': 'wim 3 13 10',
  'mwl-Split.swm': 'swm 1 2 2097152',
  'mwl-Split2.swm': 'swm 1 2 2097152',
  'mwl-XPRESS.wim': 'wim 1 14 13',
  'ntfs-ads.dd': 'raw 1 3 5012',
  'ntfs-differential.vhd': ['PARENT_ABSENT', /not beside it \(ntfs-parent\.vhd\)/],
  'ntfs-differential.vhdx': 'vhdx 1 7 218',
  'ntfs-dynamic.vhd': 'vhd 1 7 218',
  'ntfs-dynamic.vhdx': 'vhdx 1 7 218',
  'ntfs-fixed.vhd': 'vhd 1 7 218',
  'ntfs-parent.vhdx': 'vhdx 1 2 12',
  'ntfs.raw': 'raw 1 5 247',
  'rufus-uefi-ntfs.img': 'raw 1 19 971473',
  'rufus-windows_to_go.iso': ['CONTAINER_EMPTY', /INSTALL\.WIM: is empty/],
  'vhdx-log-replay.vhdx': ['VOLUME_UNKNOWN', /partition 1 holds no file system that is read/],
  'wimlib-corrupted_file_1.wim': 'wim 1 1 0 !is not what the file claims (SHA-1',
  'wimlib-corrupted_file_2.wim': 'wim 1 1 0 !is not a sound WIM (LZX data',
  'wimlib-cyclic.wim': ['CONTAINER_CORRUPT', /an entry belongs to two folders, or a folder to itself/],
  'wimlib-dotdot.wim': ['CONTAINER_CORRUPT', /the name of an entry is "\.\."/],
  'wimlib-duplicate_names.wim': ['CONTAINER_CORRUPT', /two entries of one folder have the same name/],
  'wimlib-empty_dacl.wim': 'wim 1 1 2',
  'wimlib-linux_xattrs_old.wim': 'wim 1 1 0',
  'wimlib-longpaths.wim': 'wim 1 203 4',
  'windows_volume.qcow2': 'qcow2 1 4 1247',
};

async function seen(path: string): Promise<string> {
  const container = await openContainer(path);
  let [files, bytes, failed] = [0, 0, ''];
  try {
    for (const { info } of container.images) {
      const image = await container.open(info.index);
      const requests = [];
      for await (const file of image.walk()) {
        files++;
        if (!file.folder && !file.reparse) requests.push({ file });
      }
      for await (const chunk of image.stream(requests)) {
        bytes += chunk.bytes.length;
        if (chunk.failed !== undefined) failed = ` !${chunk.failed}`;
      }
      await image.close();
    }
  } finally {
    await container.close();
  }
  return `${container.id} ${container.images.length} ${files} ${bytes}${failed}`;
}

withData('all of them, each with its expectation', () =>
  withScratch(async (folder) => {
    const names = unpackRealImages(folder);
    assert.equal([...names].sort(), Object.keys(EXPECTED).sort());
    let [opened, refused] = [0, 0];
    for (const name of names) {
      const expected = EXPECTED[name]!;
      try {
        const found = await seen(join(folder, name));
        assert.type(expected, 'string', `${name} opens`);
        const [plain, failure] = (expected as string).split(' !');
        assert.is(found.split(' !')[0], plain, name);
        assert.is(found.includes(' !'), failure !== undefined, `${name}: ${found}`);
        if (failure !== undefined) assert.ok(found.includes(failure), `${name}: ${found}`);
        opened++;
      } catch (error) {
        if (!(error instanceof WtgforgeError)) throw error;
        assert.ok(Array.isArray(expected), `${name}: ${error.message}`);
        const [code, reason] = expected as readonly [string, RegExp];
        assert.is(error.code, code, name);
        assert.match(error.message, reason, name);
        assert.ok(error.hint, name);
        refused++;
      }
    }
    console.error(`${opened} real containers opened, ${refused} refused for the right reason`);
  }),
);

test.run();
