// Nodes of an NTFS volume: overlay files look like what they stand for; what cannot be decoded says so.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readNtfs } from '../../../formats/ntfs/volume.ts';
import { type NtfsNode, ntfsTree } from '../../../image/containers/ntfs-tree.ts';
import { DISK_TOOLS, fileSource, makeVolume } from '../../helpers/disk-files.ts';
import { needTools } from '../../helpers/need.ts';
import { wofFile, wofReparse } from '../../helpers/wof.ts';

const test = suite('ntfs-tree');
const withTools = needTools(test, DISK_TOOLS);

withTools('overlay files: read, opaque when kept elsewhere, failing when damaged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  try {
    const elsewhere = wofReparse(0);
    elsewhere[4] = 1;
    const plain = 'stored as it is, since it is short';
    const path = makeVolume(folder, {
      '/good.dll': wofFile(Buffer.from(plain), plain.length, 0),
      '/in-a-wim.dll': { content: 'x', reparse: { tag: 0x80000017, data: elsewhere } },
      '/without-stream.dll': { content: 'x', reparse: { tag: 0x80000017, data: wofReparse(1) } },
      '/unknown.dll': wofFile(Buffer.from('x'), 5, 9),
    });
    const source = fileSource(path);
    const root = await ntfsTree(await readNtfs(source));
    const read = async (name: string) => {
      const node = root.children().find((child) => child.name === name) as NtfsNode;
      const pieces: Uint8Array[] = [];
      for await (const piece of node.pieces()) pieces.push(piece);
      return { node, text: Buffer.concat(pieces).toString() };
    };
    const good = await read('good.dll');
    assert.is(good.text, plain);
    assert.ok(good.node.overlaid);
    assert.is(await good.node.reparse(), undefined);
    assert.equal(await (await read('in-a-wim.dll')).node.reparse(), { tag: 0x80000017, target: undefined });
    for (const name of ['without-stream.dll', 'unknown.dll']) {
      let said = '';
      await read(name).catch((error) => {
        said = error.message;
      });
      assert.match(said, /^WOF data: /, name);
    }
    source.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
