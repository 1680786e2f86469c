// A host folder as nodes: links are shown and not followed, devices left out, names of one file known.
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folderTree } from '../../../image/containers/folder-tree.ts';
import { TreeImage } from '../../../image/containers/tree-image.ts';
import { withScratch } from '../../../tools/scratch.ts';

const test = suite('folder-tree');

test('files, links, twins; what is left out is not there', () =>
  withScratch(async (folder) => {
    mkdirSync(join(folder, 'sources'));
    writeFileSync(join(folder, 'sources/install.wim'), 'wim');
    writeFileSync(join(folder, 'sources/a.txt'), 'content');
    linkSync(join(folder, 'sources/a.txt'), join(folder, 'twin.txt'));
    symlinkSync('/etc', join(folder, 'etc'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const root = await folderTree(folder, (path) => path === '/sources/install.wim');
    const image = new TreeImage(
      root,
      { container: 'iso', index: 1, name: '', edition: 'unknown', build: 0, architecture: 'unknown' },
      folder,
    );
    const seen: string[] = [];
    for await (const { path } of image.walk()) seen.push(path);
    assert.equal(seen, ['/etc', '/sources', '/sources/a.txt', '/twin.txt']);
    assert.is(Buffer.from(await image.read('/SOURCES/A.TXT')).toString(), 'content');
    assert.equal((await image.find('/twin.txt'))!.links, ['/sources/a.txt']);
    assert.equal((await image.find('/etc'))!.reparse, { tag: 0xa000000c, target: '/etc' });
    let code = '';
    await image.find('/etc/passwd').catch((error) => {
      code = error.code;
    });
    assert.is(code, 'PATH_THROUGH_LINK');
  }));

test.run();
