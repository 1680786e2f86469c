// The text of a location: what reports show and allowlists match.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Location, locationText, spotText } from '../../lint/location.ts';

const CASES: readonly (readonly [Location, string, string])[] = [
  [{ file: '/Windows/a.txt', line: 12 }, '/Windows/a.txt', 'line 12'],
  [{ file: '/a', stream: 's', offset: 31 }, '/a:s', 'offset 0x1f'],
  [{ file: '/a.zip', inside: ['b.cab', 'c.exe'], offset: 0 }, '/a.zip!b.cab!c.exe', 'offset 0x0'],
  [{ partition: 2, file: '/a' }, 'partition2:/a', ''],
  [{ hive: 'SOFTWARE', key: 'Microsoft\\x', name: 'V' }, 'SOFTWARE\\Microsoft\\x!V', ''],
  [{ hive: 'SYSTEM', key: '', name: '' }, 'SYSTEM!(Default)', ''],
  [{ hive: '/Users/a/NTUSER.DAT', key: 'Software' }, '/Users/a/NTUSER.DAT\\Software', ''],
  [{ slack: 'unreferenced-blob', of: 'ab', offset: 16 }, 'unreferenced-blob:ab', 'offset 0x10'],
];

test('every kind of location', () => {
  for (const [at, text, spot] of CASES) assert.equal([locationText(at), spotText(at)], [text, spot]);
});

test.run();
