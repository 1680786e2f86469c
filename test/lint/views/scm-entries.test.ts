// The view of the services: every control set, programs and libraries, values of unusual types, and real hives.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../../image/hive.ts';
import type { Image } from '../../../image/image.ts';
import { ViewStore } from '../../../lint/view.ts';
import { scmEntries } from '../../../lint/views/scm-entries.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);

async function seen(given: FakeSpec | Image) {
  const unable: string[] = [];
  const image = 'walk' in given ? given : fakeImage(given);
  const found = (await new ViewStore(image).open({ scmEntries }, (reason) => unable.push(reason)).scmEntries()) ?? [];
  return { found, unable };
}

test('a service of each control set, with what it starts', async () => {
  const service = {
    ImagePath: { type: 'REG_EXPAND_SZ', data: '%SystemRoot%\\system32\\svchost.exe -k x' },
    Start: 2,
    Type: 0x20,
    ObjectName: 'LocalSystem',
    FailureCommand: 'cmd /c x',
    DisplayName: 'X',
  } as const;
  const { found, unable } = await seen({
    SYSTEM: {
      Select: { Default: 2, Current: 1 },
      'ControlSet001\\Services\\a': { ImagePath: new Uint8Array(Buffer.from('x.exe\0', 'utf16le')), Start: '0x4' },
      'ControlSet002\\Services\\a': service,
      'ControlSet002\\Services\\a\\Parameters': { ServiceDll: 'C:\\a.dll', KMSPort: 1688 },
    },
  });
  assert.equal(unable, []);
  assert.equal(
    found.map(({ key, loaded, imagePath, library, start }) => [key, loaded, imagePath, library, start]),
    [
      ['ControlSet001\\Services\\a', false, 'x.exe', '', 4],
      ['ControlSet002\\Services\\a', true, '%SystemRoot%\\system32\\svchost.exe -k x', 'C:\\a.dll', 2],
    ],
  );
  const [, second] = found;
  assert.equal(
    [second!.onFailure, second!.account, second!.displayName, second!.type, second!.parameters],
    [
      'cmd /c x',
      'LocalSystem',
      'X',
      0x20,
      [
        { name: 'servicedll', data: 'C:\\a.dll' },
        { name: 'kmsport', data: '1688' },
      ],
    ],
  );
});

test('no SYSTEM hive: told', async () => assert.match((await seen({})).unable.join(), /SYSTEM: is not in the image/));

withReal('the services of real hives', async () => {
  for (const [name, count] of [
    ['win10-2004.SYSTEM.gz', 701],
    ['win81ent-eval-x64.SYSTEM.gz', 481],
  ] as const) {
    const hive = openHive(realHive(name), name);
    const { found, unable } = await seen({ ...fakeImage(), hive: async () => hive });
    assert.equal(unable, []);
    assert.is(found.filter(({ loaded }) => loaded).length, count, name);
    const sppsvc = found.find((one) => one.loaded && one.name === 'sppsvc')!;
    assert.match(sppsvc.imagePath, /\\system32\\sppsvc\.exe$/i);
  }
});

test.run();
