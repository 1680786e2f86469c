// Actions on a folder: small content is overwritten before it goes, links are not followed.
import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editNtfs } from '../../../image/containers/ntfs-edit.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { withMockCommand } from '../../helpers/mock-command.ts';

const test = suite('ntfs-edit');
const bytes = (text: string) => new TextEncoder().encode(text);

test('removed content is zeros for whoever still has it; folders go last', () =>
  withScratch(async (folder) => {
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    writeFileSync(join(folder, 'a/b/small'), 'secret');
    writeFileSync(join(folder, 'a/twin'), 'shared');
    linkSync(join(folder, 'a/b/small'), join(folder, 'witness'));
    linkSync(join(folder, 'a/twin'), join(folder, 'other name'));
    symlinkSync('/etc', join(folder, 'a/link'));
    const files = [
      { path: '/a/b/small', streams: ['no such stream'], last: true },
      { path: '/a/twin', streams: [], last: false },
    ];
    await editNtfs(folder, [{ kind: 'remove', path: '/a', files, folders: ['/a/b', '/a'], links: ['/a/link'] }], { time: undefined });
    assert.not(existsSync(join(folder, 'a')));
    assert.equal([...readFileSync(join(folder, 'witness'))], [0, 0, 0, 0, 0, 0]);
    assert.is(readFileSync(join(folder, 'other name'), 'utf8'), 'shared');
    assert.ok(existsSync('/etc/passwd'));
  }));

test('new files and folders get the descriptor that was planned, and the time', () =>
  withScratch((folder) =>
    withMockCommand('setfattr', `cat >'${folder}/said'`, async (mock) => {
      const descriptor = Uint8Array.from([1, 2]);
      await editNtfs(
        folder,
        [
          { kind: 'make-folder', path: '/x', descriptor },
          { kind: 'create', path: '/x/a', content: bytes('new'), descriptor },
          { kind: 'overwrite', path: '/x/a', content: bytes('newer'), overlaid: false },
        ],
        { time: new Date('2020-01-01T00:00:00Z') },
      );
      assert.is(readFileSync(join(folder, 'x/a'), 'utf8'), 'newer');
      assert.is(mock.calls().length, 1);
      const named = readFileSync(join(folder, 'said'), 'utf8').match(/(?<=# file: ).*/g);
      assert.equal(named, [join(folder, 'x'), join(folder, 'x/a')]);
    }),
  ));

test('a link in place of a file is not written through', () =>
  withScratch(async (folder) => {
    writeFileSync(join(folder, 'target'), 'mine');
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    let code = '';
    await editNtfs(folder, [{ kind: 'overwrite', path: '/link', content: bytes('x'), overlaid: false }], { time: undefined }).catch(
      (error) => {
        code = error.code;
      },
    );
    assert.is(code, 'ELOOP');
    assert.is(readFileSync(join(folder, 'target'), 'utf8'), 'mine');
  }));

test.run();
