// The view of the hosts files: the usual place, moved ones, links, and what cannot be seen.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { hosts } from '../../../lint/views/hosts.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';

const PARAMETERS = 'ControlSet001\\Services\\Tcpip\\Parameters';
const USUAL = '/Windows/System32/drivers/etc/hosts';

async function seen(spec: FakeSpec) {
  const unable: string[] = [];
  const view = new ViewStore(fakeImage(spec)).open({ hosts }, (reason) => unable.push(reason));
  const files = ((await view.hosts()) ?? []).map(({ path, entries }) => [path, [...entries()].map(({ names }) => names.join(' '))]);
  return { files, unable };
}

test('the file at its usual place, and the one of connection sharing', async () => {
  const files = { [USUAL]: '10.0.0.1 a\n', [`${USUAL}.ics`]: '10.0.0.2 b\n' };
  const { files: found, unable } = await seen({ SYSTEM: {}, files });
  assert.equal(found, [
    [USUAL, ['a']],
    [`${USUAL}.ics`, ['b']],
  ]);
  assert.equal(unable, []);
});

test('an image without one has none', async () => {
  assert.equal(await seen({ SYSTEM: {} }), { files: [], unable: [] });
});

test('a control set that moves the file: both are seen, and one that only repeats the usual place is seen once', async () => {
  const SYSTEM = {
    [PARAMETERS]: { DataBasePath: { type: 'REG_EXPAND_SZ', data: '%SystemRoot%\\System32\\drivers\\etc' } },
    'ControlSet002\\Services\\Tcpip\\Parameters': { DataBasePath: 'C:\\ProgramData\\net\\' },
  } as const;
  const files = { [USUAL]: '10.0.0.1 a', '/ProgramData/net/hosts': '10.0.0.2 b' };
  const { files: found } = await seen({ SYSTEM, files });
  assert.equal(found, [
    [USUAL, ['a']],
    ['/ProgramData/net/hosts', ['b']],
  ]);
});

test('a link leads to the file that Windows reads', async () => {
  const files = { [USUAL]: { reparse: { tag: 0xa000000c, target: 'C:\\x' } }, '/x': '10.0.0.1 a' };
  assert.equal((await seen({ SYSTEM: {}, files })).files, [['/x', ['a']]]);
});

test('what cannot be seen is told: another drive, no hive, a file that cannot be read, one that is none', async () => {
  const away = await seen({ SYSTEM: { [PARAMETERS]: { DataBasePath: 'D:\\etc' } } });
  assert.match(away.unable[0]!, /ControlSet001: DataBasePath names a folder outside/);
  assert.match((await seen({})).unable[0]!, /where the hosts file lies is unknown/);
  assert.match((await seen({ SYSTEM: {}, files: { [USUAL]: { content: 'x', unreadable: 'gone' } } })).unable[0]!, /gone/);
  assert.match((await seen({ SYSTEM: {}, files: { [USUAL]: `10.0.0.1 ${'x'.repeat(20_000)}` } })).unable[0]!, /has a line of/);
});

test.run();
