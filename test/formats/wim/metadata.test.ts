// Metadata resources: nothing of an entry is lost on the way in.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { parseMetadata } from '../../../formats/wim/metadata.ts';
import type { DirEntry, ImageMetadata } from '../../../formats/wim/model.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { survives } from '../../helpers/damage.ts';
import { dirEntry as entry } from '../../helpers/dir-entry.ts';

const A = 'a1'.repeat(20);
const folder = (name: string, children: readonly DirEntry[], given: Partial<DirEntry> = {}) =>
  entry(name, { attributes: 0x10, children, ...given });
const image = (...children: DirEntry[]): ImageMetadata => ({
  securityDescriptors: [Uint8Array.from([1, 2, 3])],
  root: folder('', children),
});

const FULL = image(
  folder('Windows', [
    folder('System32', [], { shortName: 'SYSTEM~1', securityId: 0 }),
    entry('notepad.exe', {
      digest: A,
      linkGroup: 2n ** 64n - 1n,
      unknown54: 77,
      creationTime: 2n ** 64n - 1n,
      extra: Uint8Array.from([1, 0, 0, 0, 4, 0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 0]),
    }),
    entry('streams.txt', {
      streams: [
        { name: '', digest: A },
        { name: 'Zone.Identifier', digest: 'b2'.repeat(20) },
        { name: 'empty', digest: undefined },
      ],
    }),
  ]),
  entry('Documents', { attributes: 0x410, reparse: { tag: 0xa0000003, reserved: 1, flags: 2 }, digest: A }),
  entry('文 ünï\ud800', { shortName: 'X~1' }),
);

test('reads every field of every entry', () => assert.equal(parseMetadata(encodeMetadata(FULL)), FULL));

test('damage gives a FormatError or a tree', () => survives(encodeMetadata(FULL), parseMetadata, FormatError, 1500));

test.run();
