// Contents by libwim's decoder: equal to what our own decoder gives, whole and in pieces; damage is a failure of that content.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isCompressed } from '../../../formats/wim/resource.ts';
import { BlobFailure } from '../../../image/containers/blob-source.ts';
import { LibwimSource } from '../../../image/containers/libwim-source.ts';
import { StoredBytes } from '../../../image/containers/stored-bytes.ts';
import { openWim } from '../../../image/containers/wim.ts';
import { type NativeDecoder, nativeDecoder } from '../../../tools/libwim.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { makeWim, run } from '../../helpers/make-wim.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('libwim-source');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });

for (const compression of ['LZX', 'XPRESS'] as const) {
  withTools(`${compression}: whole, in pieces, and damaged`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
    try {
      const [plain, path] = [join(folder, 'plain.wim'), join(folder, 'x.wim')];
      const files = Object.fromEntries(
        [1, 100, 32_768, 32_769, 200_000, 2_500_000].map((size) => [`/f${size}`, { content: mixedContent(size) }]),
      );
      makeWim(plain, { images: [{ files }] });
      run('wimlib-imagex', ['export', plain, '1', path, `--compress=${compression}`, '--quiet']);
      const container = await openWim(path);
      const { fd, chunkSize, compression: kind } = container.parts.storeOf(1);
      const decode = await nativeDecoder(kind as 'lzx', chunkSize);
      const source = decode && new LibwimSource(new StoredBytes(fd), chunkSize, decode);
      const bad = new LibwimSource(new StoredBytes(fd), chunkSize, (() => false) satisfies NativeDecoder);
      let compressed = 0;
      for (const { resource, digest } of container.parts.blobs.filter(({ resource: { flags } }) => (flags & 2) === 0)) {
        const blob = { resource, listed: '' };
        const right = await container.parts.readBlob(container.parts.blobOf(digest)!);
        if (source) {
          const whole = Buffer.alloc(resource.uncompressedSize);
          source.read(blob, whole);
          assert.is(whole.compare(right), 0);
          const pieces: Buffer[] = [];
          for (const piece of source.pieces(blob)) pieces.push(Buffer.from(piece));
          assert.is(Buffer.concat(pieces).compare(right), 0);
        }
        if (!isCompressed(resource)) continue;
        compressed++;
        assert.throws(
          () => bad.read(blob, Buffer.alloc(resource.uncompressedSize)),
          (error: unknown) => error instanceof BlobFailure,
        );
        assert.throws(
          () => [...bad.pieces(blob)],
          (error: unknown) => error instanceof BlobFailure,
        );
        // A table that points elsewhere: the resource begins one byte further on.
        const moved = { resource: { ...resource, offset: resource.offset + 1, size: resource.size - 1 }, listed: '' };
        if (resource.uncompressedSize > 70_000 && source) {
          assert.throws(
            () => [...source.pieces(moved)],
            (error: unknown) => error instanceof BlobFailure,
          );
        }
      }
      assert.ok(compressed >= 3);
      await container.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test.run();
