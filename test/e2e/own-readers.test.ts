// Lint of WIM files made to hide something: every image, streams, links, names of any kind, contents that no file names, and files that lie.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError } from '../../errors.ts';
import type { ImageFile } from '../../image/image.ts';
import { lintContainer } from '../../lint/lint.ts';
import { locationText } from '../../lint/location.ts';
import { text as textReport } from '../../report/text.ts';
import { withScratch } from '../../tools/scratch.ts';
import { ruleOf } from '../helpers/lint-probe.ts';
import { makeWim, run, type WimSpec } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';

const KEY = madeKey(3);
const TEXT = `ProductKey=${KEY}`;

/** Every file that the walk gives, and every place of the planted key. */
async function look(path: string) {
  const files = new Map<string, ImageFile>();
  const rule = ruleOf({ files: ['/**'], text: 'product-keys' }, (report) => ({
    file: (file) => void files.set(file.path, file),
    text: ({ file, stream, text }) => text === KEY && report({ file: file.path, ...(stream === undefined ? {} : { stream }) }),
  }));
  const options = { rules: [rule], policy: { kmsHosts: [] }, options: {}, allow: [] };
  const result = await lintContainer(path, options);
  const found = result.images.map(({ findings }) => findings.map(({ at }) => locationText(at)).sort());
  const report = textReport.render(result, { rules: [rule], colour: false, tool: { name: 'wtgforge', version: '0' } });
  return { files, found, result, report };
}

async function lookAt(spec: WimSpec, change: (path: string) => void = () => {}) {
  return withScratch(async (folder) => {
    const path = join(folder, 'a.wim');
    makeWim(path, spec);
    change(path);
    return look(path);
  });
}

const linkTo = (target: string) => {
  const name = Buffer.from(target, 'utf16le');
  const data = Buffer.alloc(12);
  data.writeUInt16LE(name.length, 2);
  data.writeUInt16LE(name.length, 4);
  return { tag: 0xa000000c, data: Buffer.concat([data, name, name]) };
};

test('every image; streams of files and folders; each name of a file, read once; short names; targets of links', async () => {
  const { files, found, result } = await lookAt({
    images: [
      { files: { '/a.txt': { content: 'x', streams: { hidden: TEXT } }, '/folder': { folder: true, streams: { deep: TEXT } } } },
      {
        files: {
          '/one.txt': { content: TEXT, linkGroup: 1, shortName: 'ONE~1.TXT' },
          '/two.txt': { content: TEXT, linkGroup: 1 },
          '/link': { content: '', reparse: linkTo('\\??\\C:\\one.txt') },
        },
      },
    ],
  });
  assert.equal(found, [
    ['/a.txt:hidden', '/folder:deep'],
    ['/one.txt', '/two.txt'],
  ]);
  assert.is(result.stats.blobs, 3, 'the shared content counts once in each image');
  assert.equal(files.get('/one.txt')?.links, ['/two.txt']);
  assert.is(files.get('/one.txt')?.shortName, 'ONE~1.TXT');
  assert.is(files.get('/link')?.reparse?.tag, 0xa000000c);
  assert.match(files.get('/link')?.reparse?.target ?? '', 'one.txt');
});

test('a content that no file names', async () => {
  const { found } = await withScratch(async (folder) => {
    const path = join(folder, 'a.wim');
    makeWim(path, { images: [{ files: { '/a.txt': 'x', '/b.txt': TEXT } }] });
    run('wimlib-imagex', ['update', path, '1', '--command=delete /b.txt']);
    return look(path);
  });
  assert.is(found[0]?.length, 1);
  assert.match(found[0]![0]!, /^unreferenced-blob:[0-9a-f]{40}$/);
});

test('names that no Windows gives hide nothing', async () => {
  const names = ['rtl\u202egpj.exe', 'trailing. ', ' dot.', 'lone\ud800', '\u2028separator', 'Path = forged'];
  const { found, report } = await lookAt({
    images: [{ files: Object.fromEntries(names.map((name, at) => [`/${name}`, `${TEXT}\n${at}`])) }],
  });
  assert.equal(found[0], names.map((name) => `/${name}`).sort());
  assert.not.match(report, /[\u202e\u2028]/);
});

test('names with line ends, other control characters and backslashes make the container one that is not read', async () => {
  for (const name of ['line\nfeed.txt', 'con\x01trol\x1b[2J', 'a\r\n    error  forged', 'back\\slash']) {
    try {
      await lookAt({ images: [{ files: { [`/${name}`]: TEXT } }] });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ImageError);
      assert.match((error as Error).message, /is not a sound WIM .* holds (?:the control character U\+00|a backslash)/);
    }
  }
});

test('100,000 streams, and more in one file than are read', async () => {
  const streamsOf = (file: number) =>
    Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [`s${at}`, file === 24 && at === 3999 ? TEXT : `${file} ${at}`]));
  const files = Object.fromEntries(Array.from({ length: 25 }, (_, file) => [`/${file}`, { content: 'x', streams: streamsOf(file) }]));
  const { found, result } = await lookAt({ images: [{ files }] });
  assert.equal(found, [['/24:s3999']]);
  assert.is(result.verdict, 'rejected');
  try {
    await lookAt({
      images: [
        {
          files: {
            '/a': {
              content: 'x',
              streams: { ...streamsOf(1), ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`t${at}`, 'x'])) },
            },
          },
        },
      ],
    });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /an entry has 4201 streams \(at most 4096 are read\)/);
  }
});

test('a content under another digest, cut, or longer than it says is never quiet', async () => {
  const spec: WimSpec = { images: [{ files: { '/a.txt': 'honest content', '/b.txt': 'other' } }] };
  const { result } = await lookAt(spec, (path) => {
    const bytes = readFileSync(path);
    bytes.write('changed content'.slice(0, 14), bytes.indexOf('honest content'));
    writeFileSync(path, bytes);
  });
  assert.is(result.verdict, 'undecided');
  const [outcome] = result.images[0]!.outcomes;
  assert.match(outcome && 'reason' in outcome ? outcome.reason : '', '/a.txt');
});

const wimlib = needTools(test, { 'wimlib-imagex': 'wimtools' });

wimlib('a quarter of a gigabyte of zeros', async () => {
  await withScratch(async (folder) => {
    run('truncate', ['-s', '256M', join(folder, 'zeros')]);
    run('sh', ['-c', 'mkdir "$1"/in && mv "$1"/zeros "$1"/in && printf %s "$2" > "$1"/in/key.txt', 'sh', folder, TEXT]);
    run('wimlib-imagex', ['capture', join(folder, 'in'), join(folder, 'a.wim'), '--compress=XPRESS', '--no-acls']);
    const { found, result } = await look(join(folder, 'a.wim'));
    assert.equal(found, [['/key.txt']]);
    assert.is(result.stats.bytesScanned, 256 * 1024 ** 2 + TEXT.length);
  });
});

test.run();
