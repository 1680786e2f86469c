// What copies of the registry started: every kind of copy, no hive in use, and what cannot be read.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { views } from '../../../lint/views/index.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';

async function seen(spec: FakeSpec) {
  const unseen: string[] = [];
  const opened = new ViewStore(fakeImage(spec)).open(views, (reason) => void unseen.push(reason));
  const { starts, services } = (await opened.pastStarts())!;
  const places = [
    ...starts.map(({ at, name }) => `${'hive' in at ? at.hive : ''} ${name}`),
    ...services.map(({ hive, name }) => `${hive} ${name}`),
  ];
  return { places: places.sort(), unseen };
}

const RUN = 'Microsoft\\Windows\\CurrentVersion\\Run';
const user = { [`Software\\${RUN}`]: { u: 'u.exe' } };
const system = {
  'ControlSet001\\Services\\s': { ImagePath: 's.exe' },
  'ControlSet002\\Services\\t': { ImagePath: 't.exe' },
  Setup: { CmdLine: 'c' },
};

test('backups and earlier installations, in every control set; hives in use are not among them', async () => {
  const { places, unseen } = await seen({
    SOFTWARE: { [RUN]: { now: 'now.exe' } },
    SYSTEM: system,
    hives: {
      '/Windows/System32/config/RegBack/SOFTWARE': { [RUN]: { a: 'a.exe' } },
      '/Windows/System32/config/RegBack/SYSTEM': system,
      '/Windows.old/Windows/System32/config/DEFAULT': user,
      '/$Windows.~BT/NewOS/Windows/System32/config/SOFTWARE': { [RUN]: { b: 'b.exe' } },
      '/Windows.old.000/Users/x/ntuser.man': user,
      '/Users/x/NTUSER.DAT': user,
    },
  });
  assert.equal(unseen, []);
  assert.equal(places, [
    '/$Windows.~BT/NewOS/Windows/System32/config/SOFTWARE b',
    '/Windows.old.000/Users/x/ntuser.man u',
    '/Windows.old/Windows/System32/config/DEFAULT u',
    '/Windows/System32/config/RegBack/SOFTWARE a',
    '/Windows/System32/config/RegBack/SYSTEM CmdLine',
    '/Windows/System32/config/RegBack/SYSTEM s',
    '/Windows/System32/config/RegBack/SYSTEM t',
  ]);
});

test('an image without copies, and a copy that cannot be read', async () => {
  assert.equal(await seen({ SOFTWARE: {} }), { places: [], unseen: [] });
  const { unseen } = await seen({ files: { '/Windows.old/Windows/System32/config/SYSTEM': 'no hive' } });
  assert.is(unseen.length, 1);
  assert.match(unseen[0]!, '/Windows.old/Windows/System32/config/SYSTEM');
});

test.run();
