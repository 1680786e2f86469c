// Where hives lie: the five machine hives by name, any other by its own path; and the patterns that reach every copy.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hivePath, inMachineHives, inUserHives, isHiveBackup, isHiveCopy } from '../../image/hive-path.ts';
import type { HiveName } from '../../image/image.ts';
import { lint, ruleOf } from '../helpers/lint-probe.ts';

test('machine hives stand in System32\\config', () => {
  assert.equal(
    (['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'] as const).map(hivePath),
    ['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'].map((name) => `/Windows/System32/config/${name}`),
  );
});

test('any other hive is its own path', () => {
  assert.is(hivePath('/Users/Default/NTUSER.DAT'), '/Users/Default/NTUSER.DAT');
});

/** The hives of a list of paths whose key `K` a rule with these patterns is shown. */
async function shown(keys: readonly string[], ...paths: `/${string}`[]): Promise<readonly string[]> {
  const seen: string[] = [];
  const rule = ruleOf({ keys }, () => ({ key: ({ hive, path }) => void seen.push(`${hive} ${path}`) }));
  const hives = Object.fromEntries(paths.map((path) => [path, { K: { x: 1 }, 'Software\\K': { x: 1 } }]));
  await lint({ SOFTWARE: { K: { x: 1 } }, SYSTEM: {}, hives }, rule);
  return seen;
}

test('a machine hive and its copies, each once', async () => {
  assert.equal(
    await shown(
      inMachineHives('SOFTWARE', 'K'),
      '/Windows/System32/config/RegBack/SOFTWARE',
      '/Windows.old/Windows/System32/config/SOFTWARE',
      '/Windows/System32/config/SOFTWARE.bak',
    ),
    ['SOFTWARE K', '/Windows.old/Windows/System32/config/SOFTWARE K', '/Windows/System32/config/RegBack/SOFTWARE K'],
  );
});

test('every user, those of services as well', async () => {
  const users = [
    '/Users/Default/NTUSER.DAT',
    '/Users/a/ntuser.man',
    '/Windows.old/Users/b/NTUSER.DAT',
    '/Windows/ServiceProfiles/LocalService/NTUSER.DAT',
    '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT',
    '/Windows/System32/config/systemprofile/ntuser.dat',
  ] as const;
  const seen = await shown(inUserHives('K'), ...users, '/Windows/System32/config/DEFAULT', '/Users/a/ntuser.ini');
  assert.equal([...seen].sort(), [...users, '/Windows/System32/config/DEFAULT'].map((path) => `${path} Software\\K`).sort());
});

test('copies are what Windows does not load as it stands', () => {
  const copies = [
    '/Windows.old/Windows/System32/config/SOFTWARE',
    '/Windows/System32/config/RegBack/SYSTEM',
    '/Windows.old/Users/a/NTUSER.DAT',
  ];
  const loaded = ['/Users/a/NTUSER.DAT', '/windows/serviceprofiles/NetworkService/ntuser.dat', '/Windows/System32/config/DEFAULT'];
  assert.equal(
    [...copies, ...loaded, 'SOFTWARE'].map((hive) => isHiveCopy(hive as HiveName)),
    [true, true, true, false, false, false, false],
  );
  assert.equal(
    [...copies, '/Windows.old/Windows/System32/config/RegBack/SYSTEM', 'SOFTWARE'].map((hive) => isHiveBackup(hive as HiveName)),
    [false, true, false, false, false],
  );
});

test.run();
