// wimlib-imagex as a file system: read-only is read-only, what is changed is in the file once it is committed, and gone otherwise.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withScratch } from '../../tools/scratch.ts';
import { captureFolder, commitMountedWim, mountWim } from '../../tools/wimlib-mount.ts';
import { makeWim, run } from '../helpers/make-wim.ts';
import { needFuse, needTools } from '../helpers/need.ts';

const test = suite('wimlib-mount');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
const withFuse = needFuse(withTools as never);

withFuse('a change is kept when it is committed, and only then', () =>
  withScratch(async (folder) => {
    const wim = join(folder, 'a.wim');
    makeWim(wim, { images: [{ files: { '/a.txt': 'before' } }] });
    const at = join(folder, 'mount');
    mkdirSync(at);
    const content = () => run('wimlib-imagex', ['extract', wim, '1', '/a.txt', '--to-stdout', '--quiet']);
    for (const [text, commits] of [
      ['dropped', false],
      ['kept', true],
    ] as const) {
      const mount = await mountWim(wim, 1, at, { writable: true });
      writeFileSync(join(at, 'a.txt'), text);
      if (commits) await commitMountedWim(at);
      await mount.unmount();
      assert.is(content(), commits ? 'kept' : 'before');
      assert.equal(readdirSync(folder).sort(), ['a.wim', 'mount'], 'no staging folder is left');
    }
  }),
);

withFuse('a read-only mount takes no write', () =>
  withScratch(async (folder) => {
    const wim = join(folder, 'a.wim');
    makeWim(wim, { images: [{ files: { '/a.txt': 'before' } }] });
    const at = join(folder, 'mount');
    mkdirSync(at);
    const mount = await mountWim(wim, 1, at);
    assert.throws(() => writeFileSync(join(at, 'a.txt'), 'x'), /EROFS|EACCES/);
    await mount.unmount();
  }),
);

withTools('a folder becomes a WIM, with what wimlib would leave out', () =>
  withScratch(async (folder) => {
    mkdirSync(join(folder, 'tree/sub'), { recursive: true });
    writeFileSync(join(folder, 'tree/sub/a.txt'), 'content');
    for (const name of ['pagefile.sys', 'System Volume Information']) writeFileSync(join(folder, 'tree', name), 'kept');
    await captureFolder(join(folder, 'tree'), join(folder, 'b.wim'));
    assert.is(readFileSync(join(folder, 'b.wim')).subarray(0, 5).toString(), 'MSWIM');
    assert.is(run('wimlib-imagex', ['extract', join(folder, 'b.wim'), '1', '/sub/a.txt', '--to-stdout', '--quiet']), 'content');
    const listed = run('wimlib-imagex', ['dir', join(folder, 'b.wim'), '1']);
    assert.match(listed, /pagefile\.sys/);
    assert.match(listed, /System Volume Information/);
  }),
);

test.run();
