// Where keys of the running registry lie in an image, and which ones are nowhere or closed.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_USER, registryPlace } from '../../image/registry-path.ts';
import { fakeHive } from '../helpers/fake-image.ts';

const system = fakeHive({ Select: { Default: 2, Current: 1 }, ControlSet001: {}, ControlSet002: {} });

const FOUND: readonly (readonly [string, string, string])[] = [
  ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A\\B', 'SOFTWARE', 'A\\B'],
  ['hklm\\software', 'SOFTWARE', ''],
  ['HKLM\\SYSTEM\\CurrentControlSet\\Services\\X', 'SYSTEM', 'ControlSet002\\Services\\X'],
  ['HKLM\\SYSTEM\\currentcontrolset', 'SYSTEM', 'ControlSet002'],
  ['HKLM\\SYSTEM\\ControlSet001\\X', 'SYSTEM', 'ControlSet001\\X'],
  ['HKLM\\SYSTEM\\Setup', 'SYSTEM', 'Setup'],
  ['HKEY_CLASSES_ROOT\\.txt', 'SOFTWARE', 'Classes\\.txt'],
  ['HKU\\.DEFAULT\\Control Panel', 'DEFAULT', 'Control Panel'],
  ['HKEY_USERS\\S-1-5-18\\A', 'DEFAULT', 'A'],
  ['HKU\\S-1-5-20\\A', '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT', 'A'],
  ['HKCU\\Software\\A', DEFAULT_USER, 'Software\\A'],
  ['/Users/Default/NTUSER.DAT\\Software', '/Users/Default/NTUSER.DAT', 'Software'],
];

for (const [path, hive, key] of FOUND) {
  test(`${path} lies in ${hive}`, () => {
    assert.equal(registryPlace(path, system, DEFAULT_USER), { place: { hive, key } });
  });
}

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ['HKLM\\SAM\\SAM\\Domains', /the hive SAM, which is not written/],
  ['HKEY_LOCAL_MACHINE\\security\\Policy', /the hive SECURITY/],
  ['HKLM\\COMPONENTS', /the hive COMPONENTS/],
  ['/Windows/System32/config/SAM\\SAM', /the hive \/Windows\/System32\/config\/SAM/],
  ['/Windows/System32/config/RegBack/security\\X', /which is not written/],
  ['HKLM\\HARDWARE\\X', /no hive of the image/],
  ['HKLM', /no hive of the image/],
  ['HKCU\\Software', /no current user/],
  ['HKU\\S-1-5-21-1-2-3-1001\\Software', /the user S-1-5-21-1-2-3-1001, whom/],
  ['HKU', /the user \(none\)/],
  ['HKCC\\System', /HKEY_CURRENT_CONFIG/],
  ['HKEY_PERFORMANCE_DATA\\x', /HKEY_PERFORMANCE_DATA, which is no root/],
  ['SOFTWARE\\A', /no root/],
  ['/Windows/System32/config/SYSTEM\\CurrentControlSet\\X', /write HKLM/],
];

for (const [path, reason] of REFUSED) {
  test(`${path} is refused`, () => {
    const found = registryPlace(path, system);
    assert.ok('fault' in found);
    assert.match((found as { fault: string }).fault, reason);
  });
}

test('CurrentControlSet needs a SYSTEM hive', () => {
  assert.match((registryPlace('HKLM\\SYSTEM\\CurrentControlSet\\X', undefined) as { fault: string }).fault, 'no SYSTEM hive');
});

test.run();
