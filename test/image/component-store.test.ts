// The component store: whose file a file is, by link, stored content or bytes; deltas and made-up components are nobody's.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { componentOf, storeCopyOf, storeFiles } from '../../image/component-store.ts';
import type { Image } from '../../image/image.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';

const COMPONENT = 'amd64_microsoft-windows-security-spp_31bf3856ad364e35_10.0.19041.1_none_00112233aabbccdd';
const STORED = `/Windows/WinSxS/${COMPONENT}/sppc.dll`;
const MANIFEST = `/Windows/WinSxS/Manifests/${COMPONENT}.manifest`;
const OWN = '/Windows/System32/sppc.dll';

async function copyOf(image: Image, path = OWN) {
  return storeCopyOf(image, (await image.find(path))!);
}
const withStore = (own: NonNullable<FakeSpec['files']>[string], more: NonNullable<FakeSpec['files']> = {}) =>
  fakeImage({ files: { [STORED]: 'content', [MANIFEST]: '', [OWN]: own, ...more } });

test('a component by its path', () => {
  assert.is(componentOf(STORED), COMPONENT);
  assert.is(componentOf(`/Windows/WinSxS/${COMPONENT}/f/sppc.dll`), undefined);
  assert.is(componentOf('/Windows/WinSxS/amd64_somebody_0123456789abcdef_1_none_0/sppc.dll'), undefined);
  assert.is(componentOf(OWN), undefined);
});

test('the same file by link, by bytes, and the stored one itself', async () => {
  assert.is(await copyOf(withStore({ content: 'other', links: [STORED] })), STORED);
  assert.is(await copyOf(withStore('content')), STORED);
  assert.is(await copyOf(withStore('content'), STORED), STORED);
});

test('another content of the same size, and of another one', async () => {
  assert.is(await copyOf(withStore('CONTENT')), undefined);
  assert.is(await copyOf(withStore('else')), undefined);
});

test('one stored content by its digest', async () => {
  const image = withStore('content');
  const [own, stored] = [(await image.find(OWN))!, (await image.find(STORED))!];
  const claimed = {
    ...image,
    walk: async function* () {
      yield { ...stored, digest: 'a' };
    },
  } as Image;
  assert.is(await storeCopyOf(claimed, { ...own, digest: 'a' }), STORED);
  assert.is(await storeCopyOf(claimed, { ...own, digest: 'b' }), undefined);
});

test('a component without a manifest does not count', async () => {
  assert.is(await copyOf(fakeImage({ files: { [STORED]: 'content', [OWN]: 'content' } })), undefined);
});

test('the files of a name in the store', async () => {
  const paths: string[] = [];
  const other = `/Windows/WinSxS/x86_c_31bf3856ad364e35_1/sppc.dll`;
  for await (const { path } of storeFiles(withStore('x', { [other]: 'y' }), 'sppc.dll')) paths.push(path);
  assert.equal(paths, [STORED]);
});

test.run();
