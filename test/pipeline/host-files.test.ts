// Files of the host: plain ones are read and noted; links, pipes, folders, what is too large and what is not there are refused.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { hostFiles } from '../../pipeline/host-files.ts';
import { withScratch } from '../../tools/scratch.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, ConfigError, String(error));
  assert.ok((error as ConfigError).hint);
  return (error as ConfigError).code;
}

test('a file is read by its path from the folder, and noted once', async () => {
  await withScratch(async (folder) => {
    await writeFile(join(folder, 'a.reg'), 'one');
    const host = hostFiles(folder);
    assert.is(text(await host.read('a.reg')), 'one');
    assert.is(text(await host.read('a.reg')), 'one');
    assert.is(text(await host.read(join(folder, 'a.reg'))), 'one');
    const sha256 = createHash('sha256').update('one').digest('hex');
    assert.equal(host.inputs, [
      { path: 'a.reg', size: 3, sha256 },
      { path: join(folder, 'a.reg'), size: 3, sha256 },
    ]);
  });
});

test('a folder is listed with all below it, in order', async () => {
  await withScratch(async (folder) => {
    await mkdir(join(folder, 'drivers/usb/deep'), { recursive: true });
    for (const name of ['z.inf', 'usb/b.sys', 'usb/deep/a.cat']) await writeFile(join(folder, 'drivers', name), name);
    const host = hostFiles(folder);
    const files = await host.list('drivers');
    assert.equal(
      files.map(({ path }) => path),
      ['usb/b.sys', 'usb/deep/a.cat', 'z.inf'],
    );
    assert.equal(host.inputs, []);
    assert.is(text(await files[0]!.read()), 'usb/b.sys');
    assert.equal(
      host.inputs.map(({ path }) => path),
      ['drivers/usb/b.sys'],
    );
    assert.is(await host.kind('drivers'), 'folder');
    assert.is(await host.kind('drivers/z.inf'), 'file');
    assert.is(await host.kind('nothing'), undefined);
  });
});

test('links are refused wherever they stand, and nothing behind them is read', async () => {
  await withScratch(async (folder) => {
    await mkdir(join(folder, 'tree/below'), { recursive: true });
    await writeFile(join(folder, 'real'), 'x');
    await symlink('real', join(folder, 'link'));
    await symlink('tree', join(folder, 'tree-link'));
    await symlink('/etc/passwd', join(folder, 'tree/below/passwd'));
    const host = hostFiles(folder);
    assert.is(await codeOf(() => host.read('link')), 'HOST_FILE_LINK');
    assert.is(await codeOf(() => host.kind('link')), 'HOST_FILE_LINK');
    assert.is(await codeOf(() => host.list('tree-link')), 'HOST_FILE_LINK');
    assert.is(await codeOf(() => host.list('tree')), 'HOST_FILE_LINK');
    assert.equal(host.inputs, []);
  });
});

test('what is no plain file, too large, too deep or not there is refused', async () => {
  await withScratch(async (folder) => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await writeFile(join(folder, 'large'), 'x'.repeat(100));
    await mkdir(join(folder, `deep/${'d/'.repeat(40)}`), { recursive: true });
    const host = hostFiles(folder);
    assert.is(await codeOf(() => host.read('pipe')), 'HOST_FILE_SPECIAL');
    assert.is(await codeOf(() => host.kind('pipe')), 'HOST_FILE_SPECIAL');
    assert.is(await codeOf(() => host.read('deep')), 'HOST_FILE_SPECIAL');
    assert.is(await codeOf(() => host.list('.')), 'HOST_FILE_SPECIAL');
    assert.is(await codeOf(() => host.read('large', 99)), 'HOST_FILE_LARGE');
    assert.is(await codeOf(() => host.read('absent')), 'HOST_FILE_ABSENT');
    assert.is(await codeOf(() => host.list('absent')), 'HOST_FILE_ABSENT');
    assert.is(await codeOf(() => host.list('large')), 'HOST_FILE_ABSENT');
    assert.is(await codeOf(() => host.list('deep')), 'HOST_FOLDER_LARGE');
  });
});

test.run();
