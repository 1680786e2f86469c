// What dism.exe is told; an interrupted mount is discarded.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exportWithDism, mountWithDism } from '../../tools/dism.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { refusalOf } from '../helpers/refusal.ts';

const WIM = 'C:\\images\\base image.wim';
const AT = 'C:\\mount';
const MOUNT = ['/English', '/Mount-Image', `/ImageFile:${WIM}`, '/Index:3', `/MountDir:${AT}`];
const UNMOUNT = ['/English', '/Unmount-Image', `/MountDir:${AT}`];

test('mount for reading, discard', () =>
  withMockCommand('dism.exe', '', async (mock) => {
    await (await mountWithDism(WIM, 3, AT)).unmount('discard');
    assert.equal(mock.calls(), [
      [...MOUNT, '/ReadOnly'],
      [...UNMOUNT, '/Discard'],
    ]);
  }));

test('mount for writing, commit', () =>
  withMockCommand('dism.exe', '', async (mock) => {
    await (await mountWithDism(WIM, 3, AT, { writable: true })).unmount('commit');
    assert.equal(mock.calls(), [MOUNT, [...UNMOUNT, '/Commit']]);
  }));

test('export', () =>
  withMockCommand('dism.exe', '', async (mock) => {
    await exportWithDism(WIM, 2, 'C:\\out.wim');
    const args = ['/English', '/Export-Image', `/SourceImageFile:${WIM}`, '/SourceIndex:2', '/DestinationImageFile:C:\\out.wim'];
    assert.equal(mock.calls(), [args]);
  }));

test('a mount that fails is told; one that is interrupted is discarded', async () => {
  await withMockCommand('dism.exe', 'echo "Error: 0xc1420127"; exit 1', async (mock) => {
    assert.match((await refusalOf(() => mountWithDism(WIM, 3, AT))).message, /0xc1420127/);
    assert.is(mock.calls().length, 1);
  });
  await withMockCommand('dism.exe', 'case "$*" in */Mount-Image*) exec sleep 30;; esac', async (mock) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('stop')), 300);
    let said = '';
    await mountWithDism(WIM, 3, AT, { signal: abort.signal }).catch((error: Error) => {
      said = error.message;
    });
    assert.is(said, 'stop');
    assert.equal(mock.calls().at(-1), [...UNMOUNT, '/Discard']);
  });
});

test.run();
