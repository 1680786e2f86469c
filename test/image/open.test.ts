// Opening: every wrong kind of file in one line, and the choice of an image by index or edition.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import type { Container } from '../../image/image.ts';
import { chooseImage, openContainer, openImage } from '../../image/open.ts';
import { makeWim } from '../helpers/make-wim.ts';

const test = suite('open');
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const windows = (edition: string) =>
    `<WINDOWS><ARCH>9</ARCH><EDITIONID>${edition}</EDITIONID><VERSION><BUILD>19045</BUILD></VERSION></WINDOWS>`;
  makeWim(join(folder, 'good.wim'), {
    images: [
      { name: 'Windows 10 Enterprise', xml: windows('Enterprise'), files: { '/a': '1' } },
      { name: 'Windows 10 Education', xml: windows('Education'), files: { '/a': '2' } },
      { name: 'again', xml: windows('Education'), files: { '/a': '3' } },
    ],
  });
  writeFileSync(join(folder, 'empty.wim'), '');
  writeFileSync(join(folder, 'text.wim'), 'this is a text\n');
  writeFileSync(join(folder, 'short.wim'), 'MSWIM\0\0\0');
  mkdirSync(join(folder, 'folder.wim'));
  symlinkSync('good.wim', join(folder, 'link.wim'));
  execFileSync('mkfifo', [join(folder, 'pipe.wim')]);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

function isRefusal(error: unknown, code: string, said: RegExp): void {
  assert.instance(error, ImageError);
  const { code: found, message, hint } = error as ImageError;
  assert.is(found, code);
  assert.match(message, said);
  assert.not.match(message, /\n/);
  assert.ok(hint);
}

for (const [name, code, said] of [
  ['absent.wim', 'CONTAINER_ABSENT', /absent\.wim: does not exist/],
  ['good.wim/x', 'CONTAINER_ABSENT', /does not exist/],
  ['folder.wim', 'CONTAINER_NOT_A_FILE', /is a folder/],
  ['pipe.wim', 'CONTAINER_NOT_A_FILE', /not a regular file/],
  ['empty.wim', 'CONTAINER_EMPTY', /empty \(0 bytes\)/],
  ['text.wim', 'CONTAINER_UNKNOWN', /not a container/],
  ['short.wim', 'CONTAINER_TRUNCATED', /cut short/],
] as const) {
  test(`${name} is refused`, async () => {
    try {
      await openContainer(join(folder, name));
    } catch (error) {
      isRefusal(error, code, said);
      return;
    }
    assert.unreachable();
  });
}

test('a good file, also through a link', async () => {
  for (const name of ['good.wim', 'link.wim']) {
    const container = await openContainer(join(folder, name));
    assert.is(container.path, join(folder, name));
    assert.equal(container.images[1]!.info, {
      container: 'wim',
      index: 2,
      name: 'Windows 10 Education',
      edition: 'Education',
      build: 19045,
      architecture: 'amd64',
    });
    await container.close();
  }
  const image = await openImage(join(folder, 'good.wim'), 3);
  assert.is(new TextDecoder().decode(await image.read('/a')), '3');
  await image.close();
});

test('an image that is not there', async () => {
  try {
    await openImage(join(folder, 'good.wim'), 4);
    assert.unreachable();
  } catch (error) {
    isRefusal(error, 'IMAGE_INDEX_ABSENT', /image 4 does not exist \(the file holds 3\)/);
  }
});

test('chooses by index, by edition, or the only one', async () => {
  const container: Container = await openContainer(join(folder, 'good.wim'));
  const refused = (wanted: { index?: number; edition?: string }, code: string, said: RegExp) => {
    try {
      chooseImage(container, wanted);
    } catch (error) {
      isRefusal(error, code, said);
      return;
    }
    assert.unreachable();
  };
  assert.is(chooseImage(container, { index: 2 }), 2);
  assert.is(chooseImage(container, { edition: 'enterprise' }), 1);
  assert.is(chooseImage({ path: 'x', images: container.images.slice(1, 2) }, {}), 2);
  refused({ index: 0 }, 'IMAGE_INDEX_ABSENT', /image 0 does not exist \(the file holds 3\)/);
  refused({ edition: 'Professional' }, 'IMAGE_EDITION_ABSENT', /Professional .*1 \(Enterprise\), 2 \(Education\)/);
  refused({ edition: 'Education' }, 'IMAGE_AMBIGUOUS', /2 images of the edition Education/);
  refused({}, 'IMAGE_AMBIGUOUS', /the file holds 3/);
  await container.close();
});

test.run();
