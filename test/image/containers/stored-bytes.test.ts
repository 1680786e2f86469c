// Stored bytes at any place and of any size, whatever was read before; the end of the file is a failure.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BlobFailure } from '../../../image/containers/blob-source.ts';
import { StoredBytes } from '../../../image/containers/stored-bytes.ts';
import { seeded } from '../../helpers/seeded.ts';

test('places in any order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const random = seeded(5);
  const data = Buffer.from(Array.from({ length: 3_000_000 }, () => Math.floor(random() * 256)));
  writeFileSync(join(folder, 'f'), data);
  const fd = openSync(join(folder, 'f'), 'r');
  try {
    const stored = new StoredBytes(fd);
    for (const [offset, size] of [
      [0, 10],
      [5, 100],
      [2_999_990, 10],
      [0, 3_000_000],
      [100, 0],
      [2_500_000, 400_000],
      [7, 1],
    ] as const)
      assert.is(Buffer.compare(stored.at(offset, size), data.subarray(offset, offset + size)), 0, `${offset} ${size}`);
    assert.throws(
      () => stored.at(2_999_999, 2),
      (error: unknown) => error instanceof BlobFailure && /ended at byte 3000000/.test(error.message),
    );
    closeSync(fd);
    assert.throws(
      () => new StoredBytes(fd).at(0, 1),
      (error: unknown) => error instanceof BlobFailure && /EBADF/.test(error.message),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
