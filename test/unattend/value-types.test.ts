// What the values of settings may be: every typed setting is one of the table, and the well-known ones are right.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lookUpSetting } from '../../unattend/settings-table.ts';
import { typedSettings, valueType } from '../../unattend/value-types.ts';

test('well-known settings, without case', () => {
  assert.is(valueType('microsoft-windows-shell-setup', 'copyprofile'), 'boolean');
  assert.equal(valueType('Microsoft-Windows-Shell-Setup', 'OOBE/ProtectYourPC'), { min: 1, max: 3 });
  assert.equal(valueType('Microsoft-Windows-Deployment', 'Reseal/Mode'), ['OOBE', 'Audit']);
  assert.is(valueType('Microsoft-Windows-Shell-Setup', 'ComputerName'), undefined);
  assert.is(valueType('X', 'CopyProfile'), undefined);
});

test('every typed setting is a known one, but for two that were withdrawn', () => {
  const unknown = typedSettings.filter(([component, path]) => !lookUpSetting(component, path)).map(([, path]) => path);
  assert.equal(unknown, ['OOBE/SkipMachineOOBE', 'OOBE/SkipUserOOBE']);
});

test.run();
