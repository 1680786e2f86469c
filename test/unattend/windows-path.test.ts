// Paths of Windows as paths of the image.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { imagePathOf } from '../../unattend/windows-path.ts';

test('the system drive and the usual variables', () => {
  assert.is(imagePathOf('C:\\Windows\\x.cmd'), '/Windows/x.cmd');
  assert.is(imagePathOf('c:/a b/x.cmd'), '/a b/x.cmd');
  assert.is(imagePathOf('%WinDir%\\x.cmd'), '/Windows/x.cmd');
  assert.is(imagePathOf('%SystemDrive%\\x.cmd'), '/x.cmd');
  assert.is(imagePathOf('%ProgramData%\\x.cmd\0'), '/ProgramData/x.cmd');
});

test('other drives, variables and relative paths are not known', () => {
  for (const text of ['d:\\x.cmd', '%TEMP%\\x.cmd', 'x.cmd', '\\\\host\\share\\x.cmd', '', '%constructor%\\x', 'C:x']) {
    assert.is(imagePathOf(text), undefined, text);
  }
});

test.run();
