// Nodes of a FAT volume.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FatEntry } from '../../../formats/fat/fat.ts';
import { fatTree } from '../../../image/containers/fat-tree.ts';

const test = suite('fat-tree');

test('folders, files, their content and identity', async () => {
  const file: FatEntry = { name: 'a.txt', shortName: 'A.TXT', attributes: 0x20, folder: false, size: 3, firstCluster: 7, children: [] };
  const folder: FatEntry = { name: 'EFI', shortName: '', attributes: 0x10, folder: true, size: 0, firstCluster: 3, children: [file] };
  const root = fatTree({
    kind: 16,
    label: '',
    root: [folder],
    async *pieces(entry) {
      yield Buffer.from(entry.name.slice(0, 3));
    },
  });
  const [efi] = root.children();
  const [text] = efi!.children();
  assert.equal([efi!.name, efi!.folder, text!.size, text!.order, text!.shortName], ['EFI', true, 3, 7, 'A.TXT']);
  assert.is(text!.identity, efi!.children()[0]!.identity);
  for await (const piece of text!.pieces()) assert.is(Buffer.from(piece).toString(), 'a.t');
  assert.is(await text!.descriptor(), undefined);
  assert.is(await text!.reparse(), undefined);
});

test.run();
