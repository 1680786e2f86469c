// Readers that crash, hang, lie or never start: what they were to read is unable or read in another way, never quiet.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWim } from '../../image/containers/wim.ts';
import { lintImage } from '../../lint/lint-image.ts';
import { ruleOf } from '../helpers/lint-probe.ts';
import { makeWim } from '../helpers/make-wim.ts';
import { madeKey } from '../helpers/product-keys.ts';

const test = suite('store-run');
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  makeWim(join(folder, 'x.wim'), { images: [{ files: { '/a.txt': `key ${madeKey(1)}`, '/b.txt': 'nothing' } }] });
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** What a reader that is this script leads to. */
async function withReader(name: string, code: string, patience = 20_000) {
  const script = join(folder, `${name}.mjs`);
  const say = `import { writeSync } from 'node:fs';
    const say = (head, body = '') => { const json = Buffer.from(JSON.stringify(head)); const front = Buffer.alloc(8);
      front.writeUInt32LE(json.length, 0); front.writeUInt32LE(body.length, 4); writeSync(3, Buffer.concat([front, json, Buffer.from(body)])); };
    const forever = () => setInterval(() => {}, 1000);`;
  writeFileSync(script, `${say}\n${code}`);
  const container = await openWim(join(folder, 'x.wim'));
  const keys: string[] = [];
  try {
    const rule = ruleOf({ text: 'product-keys', files: ['/b.txt'], content: 'whole' }, () => ({
      text: ({ file }) => void keys.push(file.path),
      file: () => {},
    }));
    const result = await lintImage(await container.open(1), {
      rules: [rule],
      readers: { from: 0, count: 1, script: pathToFileURL(script), patience },
    });
    const [outcome] = result.outcomes;
    return { said: 'reason' in outcome! ? outcome.reason : outcome!.outcome, keys, stats: result.stats };
  } finally {
    await container.close();
  }
}

const READY = `say({ type: 'ready', source: 'libwim' });`;

test('a reader that ends in the middle of its work', async () => {
  for (const [name, code, why] of [
    ['crash', `${READY} process.kill(process.pid, 'SIGSEGV'); forever();`, 'was ended by SIGSEGV'],
    ['exit', `${READY} process.stdin.once('data', () => process.exit(7));`, 'ended with exit code 7'],
    ['quit', `${READY} process.stdin.once('data', () => process.exit(0));`, 'ended before its work was done'],
    ['throw', `${READY} throw new Error('out of memory');`, 'ended with exit code 1 (Error: out of memory)'],
    ['cut', `${READY} writeSync(3, Buffer.from([9, 0, 0, 0])); process.exit(0);`, 'ended in the middle of a message'],
  ] as const) {
    const { said, keys, stats } = await withReader(name, code);
    assert.ok(said.includes(`/a.txt: the process that read it ${why}`), `${name}: ${said}`);
    assert.equal([keys, stats.bytesScanned], [[], 0], name);
    assert.ok(stats.bytesSkipped > 0);
  }
});

test('a reader that hangs', async () => {
  const { said } = await withReader('hang', `${READY} forever();`, 600);
  assert.match(said, 'the process that read it did not answer for 1 s');
});

test('a reader that says what it was not asked', async () => {
  for (const [name, code, why] of [
    ['other', `say({ type: 'failed', id: 99, reason: 'x' });`, 'answered for a content that it was not asked for'],
    ['fewer', `say({ type: 'done', contents: 1, cached: [], kinds: {}, slowMs: 0 });`, 'did another job than it was given'],
    [
      'kinds',
      `say({ type: 'done', contents: 2, cached: [], kinds: { zip: [7] }, slowMs: 0 });`,
      'answered for a content that it was not asked for',
    ],
    ['nonsense', `say({ type: 'all is well' });`, 'answer of a reader: is none that is known'],
    ['short', `say({ type: 'content', id: 1 }, 'noth');`, 'gave a content that is not as long as it was asked for'],
    ['endless', `writeSync(3, Buffer.alloc(8, 0xff));`, 'message: claims'],
  ] as const) {
    const { said, stats } = await withReader(name, `${READY} ${code} forever();`);
    assert.ok(said.includes(`the process that read it ${why}`), `${name}: ${said}`);
    assert.is(stats.bytesScanned, 0, name);
  }
});

test('a reader that never was ready leaves the contents to be read here', async () => {
  const { said, keys, stats } = await withReader('broken', `throw new Error('no such module');`);
  assert.equal([said, keys, stats.bytesSkipped], ['passed', ['/a.txt'], 0]);
});

test('what a reader says of one content stands when it tells that another failed', async () => {
  const { said, keys } = await withReader(
    'mixed',
    `${READY} process.stdin.once('data', () => setTimeout(() => {
      say({ type: 'found', id: 0, hits: [], keys: [{ text: 'K', offset: 0, encoding: 'ascii', before: '' }], flooded: false });
      say({ type: 'failed', id: 1, reason: 'is damaged' });
      say({ type: 'done', contents: 2, cached: [], kinds: {}, slowMs: 0 });
    }, 100)); process.stdin.on('end', () => process.exit(0));`,
  );
  assert.equal([said, keys], ['/b.txt: is damaged', ['/a.txt']]);
});

test.run();
