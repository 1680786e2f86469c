// Damage of a disk image in one line that names file and partition.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { FormatError } from '../../../formats/bytes.ts';
import { diskErrorOf, encryptedVolume } from '../../../image/containers/disk-errors.ts';

const test = suite('disk-errors');

test('a FormatError names file and partition, anything else stays what it is', () => {
  const error = diskErrorOf('a.vhdx', new FormatError('NTFS', 'odd', 16), 2) as ImageError;
  assert.instance(error, ImageError);
  assert.is(error.code, 'CONTAINER_CORRUPT');
  assert.is(error.message, 'a.vhdx: partition 2: is not sound (NTFS: odd (at offset 0x10))');
  assert.match((diskErrorOf('a.vhdx', new FormatError('VHDX', 'odd')) as Error).message, /^a\.vhdx: is not sound/);
  const other = new Error('other');
  assert.is(diskErrorOf('a.vhdx', other), other);
});

test('BitLocker is named, with what to do', () => {
  const error = encryptedVolume('a.vhd', 3);
  assert.match(error.message, /partition 3 is encrypted with BitLocker/);
  assert.match(error.hint!, /manage-bde -off/);
});

test.run();
