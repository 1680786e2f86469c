// The image of a disk knows its partition.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DiskImage } from '../../../image/containers/disk-image.ts';
import { fatTree } from '../../../image/containers/fat-tree.ts';

const test = suite('disk-image');

test('messages name partition and file', async () => {
  const root = fatTree({ kind: 16, label: '', root: [], async *pieces() {} });
  const partition = { number: 2, start: 0, size: 0, type: '07', name: '' };
  const volume = { partition, label: '', root, ntfs: undefined, source: { size: 0, read: async () => new Uint8Array() } };
  const info = { container: 'vhdx', index: 1, name: '', edition: 'unknown', build: 0, architecture: 'unknown' } as const;
  const image = new DiskImage(volume, info, { path: 'a.vhdx', disk: undefined as never });
  let said = '';
  await image.read('/x').catch((error) => {
    said = error.message;
  });
  assert.is(said, '/x: is not in the image (partition 2 of a.vhdx)');
});

test.run();
