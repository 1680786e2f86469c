// What binds an image to a computer or a domain: signs in the SECURITY hive and files of BitLocker; real hives of both kinds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../image/hive.ts';
import { workspaceResidue } from '../../image/workspace-residue.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { needRealData, realData } from '../helpers/need.ts';

const ACCOUNT = 'Policy\\Secrets\\$MACHINE.ACC';
const SID = 'Policy\\PolPrDmS';

test('a workgroup image has none', async () => {
  const image = fakeImage({
    SECURITY: { [SID]: { '': new Uint8Array() }, 'Policy\\Secrets\\NL$KM': {} },
    files: { '/a.txt': 'x', '/bek': 'x' },
  });
  assert.equal(await workspaceResidue(image), { certain: [], doubtful: [] });
  assert.equal(await workspaceResidue(fakeImage()), { certain: [], doubtful: [] });
});

test('account and SID together are a domain; the account alone is doubtful, and so is a hive that cannot be read', async () => {
  const both = await workspaceResidue(fakeImage({ SECURITY: { [ACCOUNT]: {}, [SID]: { '': new Uint8Array(24) } } }));
  assert.equal([both.certain.length, both.doubtful.length], [1, 0]);
  const alone = await workspaceResidue(fakeImage({ SECURITY: { [ACCOUNT]: {} } }));
  assert.equal([alone.certain.length, alone.doubtful.length], [0, 1]);
  const broken = await workspaceResidue({
    ...fakeImage({ SECURITY: {} }),
    hive: async () => openHive(new Uint8Array(4096), '/Windows/System32/config/SECURITY'),
  });
  assert.match(broken.doubtful[0]!, 'not looked for a domain: /Windows/System32/config/SECURITY: is not a sound hive');
});

test('keys of BitLocker anywhere, and its metadata', async () => {
  const image = fakeImage({
    files: {
      '/Users/Public/Documents/BitLocker Recovery Key 0A1B.TXT': 'x',
      '/1234.BEK': 'x',
      '/System Volume Information/FVE2.{e40ad34d-dae9-4bc7-95bd-b16218c10f72}.1': 'x',
    },
  });
  const { certain, doubtful } = await workspaceResidue(image);
  assert.equal(certain.map((one) => one.split(':')[0]).sort(), ['/1234.BEK', '/Users/Public/Documents/BitLocker Recovery Key 0A1B.TXT']);
  assert.is(doubtful.length, 1);
});

needRealData(test)('a real joined 8.1 is told from a real 7 in a workgroup', async () => {
  const real = async (name: string) => {
    const hive = openHive(new Uint8Array(readFileSync(join(realData, 'hives', name))), name);
    return (await workspaceResidue({ ...fakeImage({ SECURITY: {} }), hive: async () => hive })).certain;
  };
  assert.match((await real('win81.SECURITY'))[0]!, 'joined to a domain');
  assert.equal(await real('win7.SECURITY'), []);
});

test.run();
