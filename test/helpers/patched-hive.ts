// An empty hive with a fault of the test's choice, and what reading its root says of it.
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { writeChecksum } from '../../formats/hive/base-block.ts';
import { emptyHive } from '../../formats/hive/empty.ts';
import { openRegf } from '../../formats/hive/hive.ts';

/** An empty hive with a change and a right checksum. */
export function patched(change: (view: DataView) => void): Uint8Array {
  const bytes = emptyHive();
  change(new DataView(bytes.buffer));
  writeChecksum(bytes);
  return bytes;
}

/** The message of the FormatError, or 'no error'. */
export function errorOf(bytes: Uint8Array): string {
  try {
    const hive = openRegf(bytes);
    hive.subkeys(hive.root);
    hive.values(hive.root);
    return 'no error';
  } catch (error) {
    assert.instance(error, FormatError, String((error as Error).stack));
    return (error as Error).message;
  }
}
