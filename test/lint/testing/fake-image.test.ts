// The fake image answers as a real one does: names in any case, folders on the way, hives from objects, what cannot be read.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fakeImage } from '../../../lint/testing/fake-image.ts';

const image = fakeImage({
  info: { build: 22631 },
  files: { '/Tools/a.TXT': 'text', '/bad': { unreadable: 'is damaged' }, '/s': { content: 'x', streams: { more: 'stream' } } },
  SOFTWARE: { 'Vendor\\App': { Text: 'a', Number: 7, List: ['b', 'c'], Bytes: Uint8Array.of(1) } },
});
const text = async (path: string) => Buffer.from(await image.read(path)).toString();

test('files and folders, in any case', async () => {
  assert.is(image.info.build, 22631);
  assert.ok(await image.has('/tools'));
  assert.is((await image.find('/TOOLS/A.txt'))!.path, '/Tools/a.TXT');
  assert.is(await text('/tools/a.txt'), 'text');
  const paths: string[] = [];
  for await (const { path } of image.walk({ files: ['/**/*.txt', '/tools'] })) paths.push(path);
  assert.equal(paths, ['/Tools', '/Tools/a.TXT']);
});

test('streams, and what is not there or cannot be read', async () => {
  const file = (await image.find('/s'))!;
  assert.equal(
    file.streams.map(({ name, size }) => [name, size]),
    [['more', 6]],
  );
  assert.is(Buffer.from(await file.read('more')).toString(), 'stream');
  for (const [path, message] of [
    ['/absent', /is not in the image/],
    ['/tools', /is not in the image/],
    ['/bad', /is damaged/],
  ] as const)
    assert.match(await text(path).catch((error: Error) => error.message), message);
});

test('hives with their values, and their files', async () => {
  const hive = await image.hive('SOFTWARE');
  assert.equal(hive.keys('vendor'), ['App']);
  assert.equal(
    hive.values('Vendor\\App').map(({ decoded }) => decoded?.type),
    ['REG_SZ', 'REG_DWORD', 'REG_MULTI_SZ', 'REG_BINARY'],
  );
  assert.is(hive.value('VENDOR\\app', 'number')?.decoded?.data, 7);
  assert.ok(await image.has('/Windows/System32/config/SOFTWARE'));
  assert.match(await image.hive('SYSTEM').then(String, (error: Error) => error.message), 'is not in the image');
});

test.run();
