// Descriptors for new files: kept once, inherited from the nearest folder that has one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../../errors.ts';
import { parseDescriptor } from '../../../formats/security-descriptor/parse.ts';
import type { DirEntry } from '../../../formats/wim/model.ts';
import { Descriptors } from '../../../image/containers/wim-descriptors.ts';
import { makeMetadata } from '../../helpers/make-wim.ts';
import { descriptorOf } from '../../helpers/windows-tree.ts';

const { root } = makeMetadata({ '/folder': { folder: true } }, new Map());
const folder = (securityId: number): DirEntry => ({ ...root, securityId });
const LIST = descriptorOf([
  [0x03, 0x1f01ff, 'S-1-5-18'],
  [0x06, 0x1, 'S-1-1-0'], // for folders right below, no further
]);

test('the same descriptor is kept once', () => {
  const descriptors = new Descriptors([LIST]);
  const first = descriptors.idForNew([folder(0)], false);
  assert.is(first, 1);
  assert.is(descriptors.idForNew([folder(0), folder(0)], false), first);
  assert.is(descriptors.idForNew([folder(0)], true), 2);
  assert.is(descriptors.list.length, 3);
  assert.is(new Descriptors(descriptors.list).idForNew([folder(0)], false), first);
});

test('folders without one count as having inherited', () => {
  const descriptors = new Descriptors([LIST]);
  const sids = (folders: readonly DirEntry[]) =>
    parseDescriptor(descriptors.list[descriptors.idForNew(folders, true)]!).dacl!.map((ace) => ace.sid);
  assert.equal(sids([folder(0)]), ['S-1-5-18', 'S-1-1-0']);
  assert.equal(sids([folder(0), folder(-1)]), ['S-1-5-18']);
});

test('none anywhere', () => {
  assert.is(new Descriptors([LIST]).idForNew([folder(-1), folder(-1)], false), -1);
});

test('a corrupt one names its folder', () => {
  const descriptors = new Descriptors([LIST, new Uint8Array(7)]);
  const below = { ...folder(1), name: 'below' };
  assert.throws(
    () => descriptors.idForNew([folder(0), below], false),
    (error: unknown) => error instanceof ImageError && error.code === 'DESCRIPTOR_CORRUPT' && error.message.startsWith('/below: '),
  );
});

test.run();
