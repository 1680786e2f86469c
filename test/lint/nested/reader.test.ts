// Archives of an image as the run gathers them: streams, left-overs, copies of one content, what closes them, what they cost.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lintImage } from '../../../lint/lint-image.ts';
import { locationText } from '../../../lint/location.ts';
import { pack } from '../../helpers/archives.ts';
import { type FakeFile, fakeImage } from '../../helpers/fake-image.ts';
import { ruleOf } from '../../helpers/lint-probe.ts';
import { needTools } from '../../helpers/need.ts';
import { lookInside } from '../../helpers/nested-probe.ts';

const sevenZip = needTools(test, { '7zz': '7zip' });
const zip = () => pack('zip', { 'a.xml': 'x', 'b.bin': 'MARKER'.repeat(99) });

sevenZip('an archive in a named stream, of a folder too', async () => {
  const files: Record<string, FakeFile> = {
    '/a.txt': { content: 'x', streams: { 'z.zip': zip() as unknown as string } },
    '/b': { folder: true, streams: { s: zip() as unknown as string } },
  };
  const { seen, found } = await lookInside(files);
  assert.equal(seen, ['/a.txt:z.zip!/a.xml=x', '/b:s!/a.xml=x']);
  assert.equal(found, ['/a.txt:z.zip!b.bin', '/b:s!b.bin']);
});

sevenZip('an archive that no file names', async () => {
  const content = zip();
  const found: string[] = [];
  const rule = ruleOf({ files: ['/**'], text: 'product-keys' }, (report) => ({ file: ({ path }) => report({ file: path }), text() {} }));
  const slack = async () => [{ digest: 'ab', size: content.length, read: async () => new Uint8Array(content) }];
  const result = await lintImage(fakeImage({ files: {} }), { rules: [rule], slack });
  for (const { at } of result.findings) found.push(locationText(at));
  assert.equal(found, ['unreferenced-blob:ab!a.xml', 'unreferenced-blob:ab!b.bin']);
});

sevenZip('one content in several places is opened once and told of each', async () => {
  const content = zip();
  const image = fakeImage({ files: { '/a.zip': content, '/b/c.zip': content } });
  const same = {
    ...image,
    walk: async function* () {
      for await (const file of image.walk()) yield file.folder ? file : { ...file, digest: 'same' };
    },
  };
  const { seen, found, result } = await lookInside(same);
  assert.equal(seen, ['/a.zip!/a.xml=x', '/b/c.zip!/a.xml=x']);
  assert.equal(found, ['/a.zip!b.bin', '/b/c.zip!b.bin']);
  assert.is(result.stats.archives?.opened, 1);
});

sevenZip('forty-two archives in one another: eight are opened, and where it ends is told', async () => {
  let content: Uint8Array = zip();
  for (let level = 1; level < 42; level++) content = pack('zip', { 'in.zip': content });
  const { found, opaque, result } = await lookInside({ '/a.zip': content });
  assert.equal([found, result.stats.archives?.opened], [[], 8]);
  assert.equal(
    opaque.map(({ at, why }) => [at, why]),
    [[`/a.zip${'!in.zip'.repeat(8)}`, 'too-deep']],
  );
});

sevenZip('closed when that is asked for, and then nothing is accepted', async () => {
  const { seen, outcome, result } = await lookInside({ '/a.zip': zip() }, false);
  assert.equal(seen, []);
  assert.is(outcome, 'unable: archives inside the image were not opened, as was asked for');
  assert.is(result.verdict, 'undecided');
  assert.is(result.stats.archives, undefined);
});

sevenZip('its cost is told, and nothing is left behind', async () => {
  const files = { '/a.zip': zip(), '/b.7z': pack('7z', { 'c.zip': zip() }) };
  // A temporary folder of its own: other tests use the common one at the same time.
  const own = mkdtempSync(join(tmpdir(), 'reader-test-'));
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = own;
  const { result } = await lookInside(files).finally(() => {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  });
  const left = readdirSync(own);
  rmSync(own, { recursive: true });
  const { opened, members, bytes, seconds } = result.stats.archives!;
  assert.equal([opened, members], [3, 5]);
  assert.ok(bytes > 1188 && seconds > 0);
  assert.equal(left, []);
});

test('without 7-Zip what asks for archives is unable', async () => {
  const path = process.env.PATH;
  const content = Buffer.from('PK\x03\x04 and more');
  process.env.PATH = '/nonexistent';
  try {
    const { outcome } = await lookInside({ '/a.zip': content });
    assert.match(outcome, /^unable: 7zz: is not installed/);
  } finally {
    process.env.PATH = path;
  }
});

sevenZip('a run that is stopped stops in an archive, too', async () => {
  const controller = new AbortController();
  const rule = ruleOf({ files: ['/**/*.xml'], text: 'product-keys' }, () => ({
    file: () => controller.abort(new Error('stopped')),
    text() {},
  }));
  try {
    await lintImage(fakeImage({ files: { '/a.zip': zip() } }), { rules: [rule], signal: controller.signal });
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'stopped');
  }
});

test.run();
