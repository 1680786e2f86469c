// Targets of symbolic links and junctions from their reparse data.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError, utf16Bytes } from '../../../formats/bytes.ts';
import { reparseTarget, TAG_MOUNT_POINT, TAG_SYMLINK } from '../../../formats/wim/reparse.ts';
import { survives } from '../../helpers/damage.ts';

function data(substitute: string, printed: string, flags: boolean): Uint8Array {
  const names = Buffer.concat([utf16Bytes(substitute), utf16Bytes(printed)]);
  const head = Buffer.alloc(flags ? 12 : 8);
  head.writeUInt16LE(substitute.length * 2, 2);
  head.writeUInt16LE(substitute.length * 2, 4);
  head.writeUInt16LE(printed.length * 2, 6);
  return new Uint8Array(Buffer.concat([head, names]));
}

test('the print name, or the substitute name without its prefix', () => {
  assert.is(reparseTarget(TAG_SYMLINK, data('\\??\\C:\\Users', 'C:\\Users', true)), 'C:\\Users');
  assert.is(reparseTarget(TAG_MOUNT_POINT, data('\\??\\C:\\Users', 'C:\\Users', false)), 'C:\\Users');
  assert.is(reparseTarget(TAG_MOUNT_POINT, data('\\??\\C:\\ProgramData', '', false)), 'C:\\ProgramData');
  assert.is(reparseTarget(TAG_SYMLINK, data('..\\x', '', true)), '..\\x');
});

test('other tags have no target that we know', () => assert.is(reparseTarget(0x80000017, new Uint8Array(4)), undefined));

test('names outside the data are refused', () => {
  assert.throws(
    () => reparseTarget(TAG_SYMLINK, data('abc', 'abc', true).slice(0, 16)),
    (error: unknown) => error instanceof FormatError,
  );
  survives(data('\\??\\C:\\a', 'C:\\a', true), (bytes) => reparseTarget(TAG_SYMLINK, bytes), FormatError);
});

test.run();
