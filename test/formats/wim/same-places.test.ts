// Contents at the same places of two images: a file of another name, case, kind or behind a link is none.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { EntryTable } from '../../../formats/wim/entry-table.ts';
import type { DirEntry } from '../../../formats/wim/model.ts';
import { comparePlaces } from '../../../formats/wim/same-places.ts';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { survives } from '../../helpers/damage.ts';
import { dirEntry as entry, dirFolder as folder } from '../../helpers/dir-entry.ts';

const digestOf = (letter: string) => Buffer.alloc(20, letter).toString('hex');
const file = (name: string, letter: string, given: Partial<DirEntry> = {}) => entry(name, { digest: digestOf(letter), ...given });
const link = { attributes: 0x410, reparse: { tag: 0xa0000003, reserved: 0, flags: 0 } } as const;
const bytesOf = (...children: DirEntry[]) => encodeMetadata({ securityDescriptors: [], root: folder('', children) });
const entriesOf = (...children: DirEntry[]) => new EntryTable(bytesOf(...children));

/** By letter of the content: `same`, `not`, one for each place. */
function said(own: readonly DirEntry[], base: readonly DirEntry[]): Record<string, string> {
  const places: Record<string, string> = {};
  const entries = entriesOf(...own);
  comparePlaces(entries, entriesOf(...base), (digestAt, isSame) => {
    const letter = String.fromCharCode(entries.digests.getUint8(digestAt));
    places[letter] = [...(places[letter]?.split(' ') ?? []), isSame ? 'same' : 'not'].sort().join(' ');
  });
  return places;
}

test('the same path, however deep, and each place by itself', () => {
  const deep = (letter: string) => folder('a', [folder('b', [file('c', letter)]), file('d', 'd')]);
  assert.equal(said([deep('x')], [deep('x')]), { x: 'same', d: 'same' });
  assert.equal(said([deep('x')], [deep('y')]), { x: 'not', d: 'same' });
  assert.equal(said([file('1', 'x'), file('2', 'x'), file('3', 'x')], [file('1', 'x'), file('3', 'x')]), { x: 'not same same' });
  assert.equal(said([folder('new', [file('c', 'x')])], [file('c', 'x')]), { x: 'not' });
});

test('another case is another path; a folder is no file', () => {
  assert.equal(said([file('A', 'x')], [file('a', 'x')]), { x: 'not' });
  assert.equal(said([file('A', 'x'), file('a', 'y')], [file('a', 'y'), file('A', 'x')]), { x: 'same', y: 'same' });
  assert.equal(said([folder('F', [file('c', 'x')])], [folder('f', [file('c', 'x')])]), { x: 'not' });
  assert.equal(said([file('a', 'x')], [folder('a', [])]), { x: 'not' });
});

test('what lies below a link of the base is at no path of it', () => {
  assert.equal(said([folder('a', [file('c', 'x')])], [folder('a', [file('c', 'x')], link)]), { x: 'not' });
});

test('the data of a link is no content, its unnamed stream is one', () => {
  const streams = [
    { name: '', digest: digestOf('l') },
    { name: '', digest: digestOf('x') },
  ];
  const linked = entry('a', { attributes: 0x400, reparse: link.reparse, digest: undefined, streams });
  assert.equal(said([linked], [linked]), { x: 'same' });
});

test('named streams of files by their exact name; those of folders are never the same', () => {
  const streams = (name: string, letter: string) => ({ streams: [{ name, digest: digestOf(letter) }] });
  assert.equal(said([file('a', 'x', streams('s', 'y'))], [file('a', 'x', streams('s', 'y'))]), { x: 'same', y: 'same' });
  assert.equal(said([file('a', 'x', streams('S', 'y'))], [file('a', 'x', streams('s', 'y'))]), { x: 'same', y: 'not' });
  assert.equal(said([file('a', 'x', streams('s', 'y'))], [file('a', 'y', streams('s', 'x'))]), { x: 'not', y: 'not' });
  assert.equal(said([folder('a', [], streams('s', 'y'))], [folder('a', [], streams('s', 'y'))]), { y: 'not' });
  assert.equal(said([entry('a', { streams: [{ name: 's', digest: undefined }] })], [entry('a')]), {});
});

test('damage gives a FormatError or an answer', () => {
  const tree = bytesOf(folder('a', [file('b', 'x'), folder('c', [file('d', 'y')])]), file('e', 'z'));
  const whole = new EntryTable(tree);
  survives(tree, (bytes) => comparePlaces(new EntryTable(bytes), whole, () => {}), FormatError, 800);
  survives(tree, (bytes) => comparePlaces(whole, new EntryTable(bytes), () => {}), FormatError, 800);
});

test.run();
