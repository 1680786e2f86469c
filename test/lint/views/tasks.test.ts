// The view of the tasks: both stores joined by path, tasks of one store alone, what cannot be parsed, and every task of real hives.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHive } from '../../../image/hive.ts';
import type { Image } from '../../../image/image.ts';
import { ViewStore } from '../../../lint/view.ts';
import { tasks } from '../../../lint/views/tasks.ts';
import { actionsBlob, taskFile, triggersBlob } from '../../../scripts/dev/fixtures/tasks.ts';
import { type FakeKeys, type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);
const CACHE = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache';
const ID = '{11111111-2222-3333-4444-555555555555}';

const task = (action: string, path = '\\Vendor\\Task') => ({ path, trigger: 'boot', principal: 'S-1-5-18', action });
const inRegistry = (action: string, path = '\\Vendor\\Task', id = ID): FakeKeys => ({
  [`${CACHE}\\Tree${path}`]: { Id: id, SD: new Uint8Array(20) },
  [`${CACHE}\\Tasks\\${id}`]: { Path: path, Actions: actionsBlob(task(action)), Triggers: triggersBlob(task(action)), Author: 'x' },
});
const file = (action: string, path = '/Vendor/Task') => ({ [`/Windows/System32/Tasks${path}`]: taskFile(task(action)) });

async function seen(given: FakeSpec | Image) {
  const unable: string[] = [];
  const image = 'walk' in given ? given : fakeImage(given);
  const found = (await new ViewStore(image).open({ tasks }, (reason) => unable.push(reason)).tasks()) ?? [];
  return { found, unable };
}

test('a task in both stores is one task with one action', async () => {
  const { found, unable } = await seen({ SOFTWARE: inRegistry('a.exe -x'), files: file('a.exe -x') });
  assert.equal(unable, []);
  assert.is(found.length, 1);
  const [{ path, at, actions, accounts, hidden, enabled, entry }] = found as [(typeof found)[0]];
  assert.equal([path, at, hidden, enabled], ['\\Vendor\\Task', { file: '/Windows/System32/Tasks/Vendor/Task' }, false, true]);
  assert.equal(actions, [{ kind: 'exec', command: 'a.exe', arguments: '-x' }]);
  assert.equal(accounts, ['S-1-5-18']);
  assert.equal([entry!.guarded, entry!.id, entry!.author], [true, ID, 'x']);
});

test('stores that disagree show both actions; a class is the same in either case of letters', async () => {
  const { found } = await seen({ SOFTWARE: inRegistry('evil.exe'), files: file('good.exe') });
  assert.equal(
    found[0]!.actions.map((action) => (action.kind === 'exec' ? action.command : action.kind)),
    ['evil.exe', 'good.exe'],
  );
  const id = '{A6BA00FE-40E8-477C-B713-C64A14F18ADB}';
  const same = await seen({ SOFTWARE: inRegistry(id), files: file(id) });
  assert.is(same.found[0]!.actions.length, 1);
});

test('a task in one store alone, and one that no name shows', async () => {
  const only = await seen({ SOFTWARE: {}, files: file('a.exe') });
  assert.equal([only.found[0]!.entry, only.found[0]!.file !== undefined], [undefined, true]);
  const registry = await seen({ SOFTWARE: inRegistry('a.exe') });
  assert.equal(registry.found[0]!.at, { hive: 'SOFTWARE', key: `${CACHE}\\Tree\\Vendor\\Task` });
  const { [`${CACHE}\\Tree\\Vendor\\Task`]: _, ...unnamed } = inRegistry('a.exe');
  const orphan = await seen({ SOFTWARE: unnamed });
  assert.equal([orphan.found[0]!.path, orphan.found[0]!.entry!.tree], ['\\Vendor\\Task', undefined]);
  const dangling = await seen({ SOFTWARE: { [`${CACHE}\\Tree\\T`]: { Id: ID } } });
  assert.equal([dangling.found[0]!.entry!.data, dangling.found[0]!.entry!.guarded], [undefined, false]);
});

test('what cannot be parsed is told by its place, the rest is seen', async () => {
  const damaged = { ...inRegistry('a.exe'), [`${CACHE}\\Tasks\\${ID}`]: { Path: '\\Vendor\\Task', Actions: Uint8Array.of(9, 0) } };
  const { found, unable } = await seen({
    SOFTWARE: damaged,
    files: { ...file('b.exe', '/Other'), '/Windows/System32/Tasks/Broken': '<Task>' },
  });
  assert.is(found.length, 3);
  assert.is(unable.length, 2);
  assert.match(unable.join(), /Tasks\/Broken: XML/);
  assert.match(unable.join(), /Actions: TaskCache blob: version 9 is not known/);
  assert.match((await seen({})).unable.join(), /SOFTWARE: is not in the image/);
});

withReal('every task of a real Windows 8.1 and 7 is read, none is unable', async () => {
  // Both hold names that lead nowhere: 11 and 6 tasks were removed by halves.
  for (const [name, named, count, withActions] of [
    ['win81ent-eval-x64.SOFTWARE.gz', 141, 130, 130],
    ['win7ult-x64.SOFTWARE.gz', 91, 85, 0],
  ] as const) {
    const hive = openHive(realHive(name), name);
    const { found, unable } = await seen({ ...fakeImage(), hive: async () => hive });
    assert.equal(unable, []);
    assert.is(found.length, named, name);
    const whole = found.filter(({ entry }) => entry?.data !== undefined);
    assert.is(whole.length, count, name);
    assert.is(found.filter(({ actions }) => actions.length > 0).length, withActions, name);
    assert.ok(
      whole.every(({ entry }) => entry!.triggers !== undefined),
      name,
    );
  }
});

test.run();
