// Folder numbers of INF files: the fixed ones, shell folders, the package itself, and numbers that nobody knows.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { infDirectory, withDirectories } from '../../../formats/inf/directories.ts';

test('fixed numbers, shell folders and the package', () => {
  assert.is(infDirectory(10), 'C:\\Windows');
  assert.is(infDirectory(24), 'C:');
  assert.is(infDirectory(16419), 'C:\\ProgramData');
  assert.is(infDirectory(16422), 'C:\\Program Files');
  assert.match(infDirectory(13)!, /\\DriverStore\\FileRepository\\/);
  assert.is(infDirectory(99), undefined);
  assert.is(infDirectory(70000), undefined);
});

test('numbers in a text, unknown ones and variables as they are', () => {
  assert.is(withDirectories('%12%\\a.sys'), 'C:\\Windows\\System32\\drivers\\a.sys');
  assert.is(withDirectories('%99%\\a %SystemRoot%\\b %11%'), '%99%\\a %SystemRoot%\\b C:\\Windows\\System32');
});

test.run();
