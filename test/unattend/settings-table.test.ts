// The table of settings: what it holds, how it is asked, and samples against the reference.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PASSES } from '../../unattend/names.ts';
import { type KnownSetting, knownComponents, lookUpComponent, lookUpSetting, ownerOf, tableSize } from '../../unattend/settings-table.ts';
import { needRealData, realData } from '../helpers/need.ts';

const SHELL = 'Microsoft-Windows-Shell-Setup';

test('how much it holds', () => {
  const { components, settings, passes } = tableSize();
  assert.is(components, 83);
  assert.ok(settings >= 1100, String(settings));
  assert.is(passes, 7);
});

test('passes of well-known settings', () => {
  const passes = (component: string, path: string) => lookUpSetting(component, path)?.passes;
  assert.equal(passes(SHELL, 'ComputerName'), ['offlineServicing', 'specialize']);
  assert.equal(passes(SHELL, 'UserAccounts/LocalAccounts/LocalAccount/Password/Value'), ['auditSystem', 'oobeSystem']);
  assert.equal(passes('Microsoft-Windows-Deployment', 'RunSynchronous/RunSynchronousCommand/Path'), ['specialize', 'auditUser']);
  assert.equal(passes('Microsoft-Windows-PartitionManager', 'SanPolicy'), ['offlineServicing']);
  assert.equal(passes('Microsoft-Windows-Security-SPP', 'SkipRearm'), ['generalize']);
  assert.is(passes(SHELL, 'OOBE/Absent'), undefined);
  assert.is(passes('Absent', 'OOBE'), undefined);
});

test('case and keys of list items do not matter', () => {
  assert.is(lookUpComponent(SHELL.toUpperCase())?.name, SHELL);
  assert.is(lookUpSetting(SHELL, 'useraccounts/LocalAccounts/LocalAccount[user]/NAME')?.name, 'Name');
});

test('the one owner of a group', () => {
  assert.is(ownerOf('oobe')?.name, SHELL);
  assert.is(ownerOf('ComputerName'), undefined, 'has no settings below it');
  assert.is(ownerOf('RunSynchronous'), undefined, 'belongs to two components');
});

test('every setting has a name without blanks and works in some pass', () => {
  const visit = (level: ReadonlyMap<string, KnownSetting>, above: string) => {
    for (const [key, { name, passes, below }] of level) {
      assert.is(key, name.toLowerCase());
      assert.match(name, /^\w[\w-]*$/, `${above}/${name}`);
      assert.ok(passes.length > 0 && passes.every((pass) => PASSES.includes(pass)), `${above}/${name}`);
      visit(below, `${above}/${name}`);
    }
  };
  for (const { name, settings } of knownComponents) {
    assert.match(name, /^[A-Z][\w-]+$/);
    visit(settings, name);
  }
});

needRealData(test)('agrees with the facts of the reference, but for misprints', () => {
  const path = join(realData, '../knowledge/unattend-passes.json');
  const { components } = JSON.parse(readFileSync(path, 'utf8')) as { components: Record<string, Record<string, string[]>> };
  const differences = Object.entries(components).flatMap(([component, settings]) =>
    Object.entries(settings)
      .filter(
        ([setting, passes]) => lookUpSetting(component, setting)?.passes.join() !== PASSES.filter((pass) => passes.includes(pass)).join(),
      )
      .map(([setting]) => `${component}/${setting}`),
  );
  assert.ok(differences.length <= 10, differences.join('\n'));
});

test.run();
