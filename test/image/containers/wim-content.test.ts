// Streaming contents: every request gets a last chunk, bad contents are failed and the others are not, aborts end it.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../../errors.ts';
import { openWim } from '../../../image/containers/wim.ts';
import { OWN_DECODER_SUM } from '../../../image/containers/wim-content.ts';
import type { ContentRequest, Image } from '../../../image/image.ts';
import { mixedContent } from '../../helpers/compressed.ts';
import { makeWim, run } from '../../helpers/make-wim.ts';
import { withMockCommand } from '../../helpers/mock-command.ts';
import { needTools } from '../../helpers/need.ts';

const test = suite('wim-content');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
let folder = '';
let path = '';
const large = mixedContent(OWN_DECODER_SUM + 700_001);
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const plain = join(folder, 'plain.wim');
  path = join(folder, 'x.wim');
  makeWim(plain, {
    images: [
      {
        files: {
          '/large.bin': { content: large },
          '/copy of large.bin': { content: large },
          '/small.txt': 'small',
          '/empty': '',
          '/trailing ': { content: mixedContent(50_000) },
          '/streams.txt': { content: 'main', streams: { zone: 'zone data', nothing: '' } },
          '/link': { reparse: { tag: 0xa000000c, data: new Uint8Array(12) } },
          '/folder/x': { content: mixedContent(100_000) },
        },
      },
    ],
  });
  run('wimlib-imagex', ['export', plain, '1', path, '--compress=LZX', '--quiet']);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

interface Received {
  readonly size: number;
  readonly digest: string;
  readonly failed: string | undefined;
  readonly ends: number;
}

/** What came for each request, in the order of the requests; checks that the pieces follow each other. */
async function receive(image: Image, requests: readonly ContentRequest[]): Promise<Received[]> {
  const state = new Map(
    requests.map((request) => [request, { size: 0, hash: createHash('sha1'), failed: undefined as string | undefined, ends: 0 }]),
  );
  for await (const chunk of image.stream(requests)) {
    const one = state.get(chunk.request)!;
    assert.is(chunk.offset, one.size);
    assert.is(one.ends, 0);
    one.size += chunk.bytes.length;
    one.hash.update(chunk.bytes);
    if (chunk.last) one.ends++;
    one.failed = chunk.failed;
  }
  return [...state.values()].map(({ size, hash, failed, ends }) => ({ size, digest: hash.digest('hex'), failed, ends }));
}

const sha1 = (bytes: Uint8Array | string) => createHash('sha1').update(bytes).digest('hex');

withTools('everything arrives once, through whichever decoder', async () => {
  const container = await openWim(path);
  const image = await container.open(1);
  const file = async (name: string) => (await image.find(name))!;
  const requests: ContentRequest[] = [];
  for await (const found of image.walk()) if (!found.folder) requests.push({ file: found });
  requests.push({ file: await file('/streams.txt'), stream: 'zone' }, { file: await file('/streams.txt'), stream: 'nothing' });
  requests.push({ file: await file('/small.txt') });
  const received = await receive(image, requests);
  for (const [at, { file: asked, stream }] of requests.entries()) {
    const one = received[at]!;
    assert.is(one.ends, 1, asked.path);
    assert.is(one.failed, undefined);
    if (stream === undefined) assert.is(one.size, asked.size, asked.path);
    if (stream === undefined && asked.digest) assert.is(one.digest, asked.digest);
  }
  assert.is(received[requests.length - 3]!.digest, sha1('zone data'));
  assert.is(received[requests.length - 2]!.size, 0);
  await container.close();
});

withTools('read: small and large, named streams, nothing', async () => {
  const container = await openWim(path);
  const image = await container.open(1);
  assert.is(sha1(await image.read('/LARGE.bin')), sha1(large));
  assert.is(new TextDecoder().decode(await image.read('/small.txt')), 'small');
  assert.is((await image.read('/empty')).length, 0);
  const streams = (await image.find('/streams.txt'))!;
  assert.is(new TextDecoder().decode(await streams.read('ZONE')), 'zone data');
  await streams.read('absent').then(
    () => assert.unreachable(),
    (error) => assert.is(error.code, 'STREAM_ABSENT'),
  );
  await container.close();
});

withTools('one bad content fails, the others arrive', async () => {
  const broken = join(folder, 'broken.wim');
  const bytes = readFileSync(path);
  const whole = await openWim(path);
  const bad = whole.parts.blobOf(sha1(mixedContent(100_000)))!;
  bytes[bad.resource.offset + bad.resource.size - 20]! ^= 0x55;
  writeFileSync(broken, bytes);
  await whole.close();
  const container = await openWim(broken);
  const image = await container.open(1);
  const requests: ContentRequest[] = [];
  for await (const found of image.walk()) if (!found.folder) requests.push({ file: found });
  const received = await receive(image, requests);
  for (const [at, { file }] of requests.entries()) {
    const one = received[at]!;
    assert.is(one.ends, 1);
    assert.is(one.failed !== undefined, file.path === '/folder/x', `${file.path}: ${one.failed}`);
    if (one.failed === undefined && file.digest) assert.is(one.digest, file.digest);
  }
  await container.close();
});

withTools('an abort ends the stream with its reason', async () => {
  const container = await openWim(path);
  const image = await container.open(1);
  const abort = new AbortController();
  const reason = new Error('enough');
  try {
    for await (const _ of image.stream([{ file: (await image.find('/large.bin'))! }], abort.signal)) abort.abort(reason);
    assert.unreachable();
  } catch (error) {
    assert.is(error, reason);
  }
  await container.close();
});

withTools('a tool that writes too little or too much is not believed', async () => {
  const container = await openWim(path);
  const image = await container.open(1);
  // Little is read without the tool.
  const requests = [
    { file: (await image.find('/small.txt'))! },
    { file: (await image.find('/folder/x'))! },
    { file: (await image.find('/large.bin'))! },
  ];
  for (const body of ['printf smal', 'exit 0', 'exit 1', 'head -c 99999 /dev/zero; exit 28']) {
    await withMockCommand('wimlib-imagex', body, async () => {
      for (const [at, one] of (await receive(image, requests)).entries()) {
        assert.is(one.ends, 1);
        // Our own decoder takes over: what comes from it is right, what the tool began is marked.
        if (one.failed === undefined && body.startsWith('exit')) assert.is(one.digest, requests[at]!.file.digest, body);
        if (one.failed === undefined) assert.is(one.size, requests[at]!.file.size);
      }
    });
  }
  await withMockCommand('wimlib-imagex', `head -c ${OWN_DECODER_SUM + 900_000} /dev/zero`, async () => {
    const received = await receive(image, requests);
    assert.equal(
      received.map((one) => one.ends),
      [1, 1, 1],
    );
    assert.ok(received.some((one) => one.failed?.includes('more than')));
  });
  await container.close();
});

withTools('a missing tool is said, not hidden', async () => {
  const container = await openWim(path);
  const image = await container.open(1);
  const before = process.env.PATH;
  try {
    await withMockCommand('wimlib-imagex', 'exit 127', async () => {
      for await (const _ of image.stream([{ file: (await image.find('/large.bin'))! }]));
      assert.unreachable();
    });
  } catch (error) {
    assert.instance(error, ToolError);
    assert.is((error as ToolError).code, 'TOOL_MISSING');
  }
  assert.is(process.env.PATH, before);
  await container.close();
});

test.run();
