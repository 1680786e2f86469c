// GUIDs: mixed byte order, bounds.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { guidAt, NO_GUID } from '../../../formats/disk/guid.ts';

const test = suite('guid');

test('the EFI system partition as it stands on a disk', () => {
  const bytes = Buffer.from('28732ac11ff8d211ba4b00a0c93ec93b', 'hex');
  assert.is(guidAt(bytes, 0), 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b');
  assert.is(guidAt(new Uint8Array(20), 4), NO_GUID);
});

test('too few bytes are refused', () => {
  assert.throws(
    () => guidAt(new Uint8Array(15), 0),
    (error: unknown) => error instanceof FormatError,
  );
});

test.run();
