// Contents read by processes of our own: the same calls of the rules as when all is read here, and nothing quiet when a content is damaged.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWim } from '../../image/containers/wim.ts';
import { type Content, ContentPlan } from '../../lint/content-plan.ts';
import { type ReaderOptions, readByProcesses } from '../../lint/content-readers.ts';
import type { Contents } from '../../lint/contents.ts';
import { type LintedImage, lintImage } from '../../lint/lint-image.ts';
import type { Rule } from '../../lint/rule.ts';
import { loadSignatures } from '../../lint/signatures.ts';
import { ruleOf } from '../helpers/lint-probe.ts';
import { makeWim, run, type WimTree } from '../helpers/make-wim.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';
import { seeded } from '../helpers/seeded.ts';

const test = suite('content-readers');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const signatures = await loadSignatures(
  ['marks'],
  async () => String.raw`
private rule program { condition: uint16(0) == 0x5A4D }
rule plain { strings: $a = "Marker-Text" condition: $a }
rule in_utf16 { strings: $a = "hidden mark" wide nocase condition: $a }
rule in_program { strings: $a = /0x83[uUL]{0,2},[ \t]{0,3}0xF9/ condition: program and $a }
rule size { strings: $a = "sized text" condition: $a and filesize < 200 }`,
);

const PIECES: readonly Uint8Array[] = [
  ...[
    'Marker-Text',
    'marker-text',
    'sized text',
    '0x83uL, 0xF9',
    madeKey(3),
    `x${madeKey(4)}`,
    `${madeKey(5)}\r\n`,
    'MZ',
    '\0',
    'Marker-Tex',
  ],
  ...['hidden MARK', `KEY=${madeKey(6)}`].map((text) => Buffer.from(text, 'utf16le').toString('latin1')),
].map((text) => Buffer.from(text, 'latin1'));

/** Sizes around what the readers treat in different ways: chunks, slabs, windows. */
const SIZES = [1, 5, 30, 100, 4096, 32_767, 32_768, 40_000, 300_000, 1_048_560, 1_048_561, 8_388_608, 8_400_000];

function content(random: () => number): Uint8Array {
  const size = SIZES[Math.floor(random() ** 2 * SIZES.length)]!;
  const data = Buffer.alloc(size, random() < 0.5 ? 'plain words ' : 0);
  for (let count = Math.floor(random() * 5); count > 0; count--) {
    const piece = PIECES[Math.floor(random() * PIECES.length)]!;
    const near = [0, size - piece.length, 8_388_608 - 4096 - 7, Math.floor(random() * size)][Math.floor(random() * 4)]!;
    data.set(piece.subarray(0, Math.max(0, size - Math.max(0, near))), Math.max(0, Math.min(near, size)));
  }
  return data;
}

function wimOf(name: string, files: WimTree, compression = 'LZX'): string {
  const [plain, path] = [join(folder, `${name}.plain.wim`), join(folder, `${name}.wim`)];
  makeWim(plain, { images: [{ files }] });
  run('wimlib-imagex', ['export', plain, '1', path, `--compress=${compression}`, '--quiet']);
  rmSync(plain);
  return path;
}

/** Every call that a rule gets, as text. */
async function calls(
  path: string,
  readers: false | Omit<ReaderOptions, 'setup'>,
): Promise<{ calls: readonly string[]; linted: LintedImage }> {
  const said: string[] = [];
  const probe = ruleOf({ files: ['/**/*.txt', '/**/*.head'], content: 'whole', signatures: ['marks'], text: 'product-keys' }, () => ({
    file: ({ path: at }, bytes) => void (bytes && said.push(`file ${at} ${bytes.length} ${Buffer.from(bytes).toString('latin1', 0, 40)}`)),
    match: ({ file, stream, rule, strings }) => void said.push(`match ${file.path} ${stream} ${rule} ${JSON.stringify(strings)}`),
    text: ({ file, stream, ...key }) => void said.push(`text ${file.path} ${stream} ${JSON.stringify(Object.entries(key).sort())}`),
  }));
  const heads = ruleOf(
    { files: ['/**/*.head'], content: 'head' },
    () => ({
      file: ({ path: at }, bytes) => void (bytes && said.push(`head ${at} ${bytes.length}`)),
    }),
    { id: 'test/heads' },
  );
  const container = await openWim(path);
  try {
    const image = await container.open(1);
    const rules = [probe, heads] as readonly Rule[];
    const linted = await lintImage(image, { rules, signatures, archives: false, readers: readers && { ...readers, from: 0 } });
    return { calls: said.sort(), linted };
  } finally {
    await container.close();
  }
}

const reasons = ({ outcomes }: LintedImage) => outcomes.map((one) => ('reason' in one ? one.reason : one.outcome));

for (const [seed, compression, ways] of [
  [1, 'LZX', [{}, { source: 'wimlib-imagex' }]],
  [2, 'XPRESS', [{ count: 1 }]],
  [3, 'none', [{ count: 2 }]],
] as const) {
  withTools(`a random image, read here, by libwim and by wimlib-imagex (${compression})`, async () => {
    const random = seeded(seed);
    const files: Record<string, WimTree[string]> = {};
    for (let at = 0; at < 40; at++) {
      const name = `/folder${at % 7}/file ${at}.${['txt', 'bin', 'head', 'exe'][at % 4]}`;
      files[name] = { content: content(random), ...(at % 10 === 3 ? { streams: { zone: `of ${at} Marker-Text`, key: madeKey(9) } } : {}) };
    }
    files['/twin one.exe'] = { content: Buffer.from('MZ the same Marker-Text 0x83, 0xF9') };
    files['/twin two.exe'] = files['/twin one.exe']!;
    files['/trailing '] = { content: Buffer.from('a Marker-Text in an odd name') };
    const path = wimOf(`random${seed}`, files, compression);
    const here = await calls(path, false);
    assert.ok(here.calls.filter((call) => call.startsWith('match')).length > 5);
    assert.ok(here.calls.filter((call) => call.startsWith('text')).length > 2);
    for (const readers of ways) {
      const there = await calls(path, readers);
      assert.equal(there.calls, here.calls, JSON.stringify(readers));
      assert.equal([there.linted.stats, reasons(there.linted)], [here.linted.stats, reasons(here.linted)]);
    }
  });
}

withTools('a damaged content is unable, by its name, and the others are read', async () => {
  const random = seeded(7);
  const files: Record<string, WimTree[string]> = {};
  for (let at = 0; at < 40; at++) {
    const data = Buffer.from(Array.from({ length: 3000 }, () => 97 + Math.floor(random() * 20)));
    data.write(`Marker-Text ${at}`, 1000);
    files[`/file${String(at).padStart(2, '0')}.txt`] = { content: data };
  }
  const path = wimOf('damaged', files);
  const container = await openWim(path);
  const image = await container.open(1);
  const bytes = readFileSync(path);
  for (const name of ['/file05.txt', '/file06.txt', '/file39.txt']) {
    const file = (await image.find(name))!;
    const { offset, size } = image.stored!({ file })!.resource;
    bytes.fill(0x5a, offset + size - 300, offset + size - 200);
  }
  await container.close();
  writeFileSync(path, bytes);
  for (const readers of [false, { count: 1 }, { count: 1, source: 'wimlib-imagex' as const }] as const) {
    const { calls: said, linted } = await calls(path, readers);
    const what = JSON.stringify(readers);
    const [reason] = reasons(linted);
    for (const name of ['05', '06', '39']) assert.ok(reason!.includes(`/file${name}.txt: `), `${what} ${reason}`);
    assert.is(said.filter((call) => call.startsWith('file')).length, 37, what);
    assert.is(linted.stats.bytesSkipped, 9000, what);
  }
});

withTools('a content is released when it is dealt with, and one that failed is told of at the end', async () => {
  const files = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`/${at}.txt`, { content: `${at} text `.repeat(700) }]));
  const path = wimOf('released', files);
  const open = await openWim(path);
  const whole = await open.open(1);
  const { offset, size } = whole.stored!({ file: (await whole.find('/4.txt'))! })!.resource;
  await open.close();
  const bytes = readFileSync(path);
  bytes.fill(0x5a, offset + size - 60, offset + size - 20);
  writeFileSync(path, bytes);
  const container = await openWim(path);
  try {
    const image = await container.open(1);
    const plan = new ContentPlan(image);
    for await (const file of image.walk()) plan.addScan(file);
    const released: string[] = [];
    const failed: string[] = [];
    const contents: Contents = {
      length: plan.length,
      at: (index) => plan.at(index),
      release: (index) => void released.push(plan.at(index)!.request.file.path),
      [Symbol.iterator]: () => plan[Symbol.iterator](),
    };
    const reading = { runs: [], onFailed: (one: Content) => void failed.push(one.request.file.path) };
    await readByProcesses(image, contents, reading, { setup: { signatures: [], needs: {}, keys: true }, count: 1 });
    assert.equal(failed, ['/4.txt']);
    assert.equal(released.sort(), ['/0.txt', '/1.txt', '/2.txt', '/3.txt', '/5.txt']);
  } finally {
    await container.close();
  }
});

test.run();
