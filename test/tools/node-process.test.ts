// A process of our own: messages go both ways, secrets of our environment do not, and every bad end is an error.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startNode } from '../../tools/node-process.ts';

const test = suite('node-process');
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const FRAMES = new URL('../../formats/frame.ts', import.meta.url).href;

function script(name: string, code: string): URL {
  const path = join(folder, `${name}.mts`);
  writeFileSync(
    path,
    `import { readFileSync, writeSync } from 'node:fs';
import { encodeFrame, FrameReader } from ${JSON.stringify(FRAMES)};
const say = (head: unknown, body?: Uint8Array) => { for (const part of encodeFrame(head, body)) writeSync(3, part); };
${code}`,
  );
  return pathToFileURL(path);
}

async function heard(process_: ReturnType<typeof startNode>): Promise<unknown[]> {
  const heads: unknown[] = [];
  for await (const { head, body } of process_.messages()) heads.push([head, Buffer.from(body).toString()]);
  return heads;
}

const PATIENCE = { files: [], patience: 20_000 };

test('messages in both directions, a file, and an environment without secrets', async () => {
  process.env.WTGFORGE_TEST_SECRET = 'secret';
  writeFileSync(join(folder, 'data'), 'content of a file');
  const fd = openSync(join(folder, 'data'), 'r');
  try {
    const code = `const frames = new FrameReader();
      for await (const piece of process.stdin) for (const { head, body } of frames.push(piece))
        say([head, process.env.WTGFORGE_TEST_SECRET ?? 'none', readFileSync(4, 'utf8')], body);`;
    const started = startNode(script('echo', code), { ...PATIENCE, files: [fd] });
    started.send({ a: 1 }, Buffer.from('body'));
    started.finish();
    assert.equal(await heard(started), [[[{ a: 1 }, 'none', 'content of a file'], 'body']]);
  } finally {
    closeSync(fd);
    delete process.env.WTGFORGE_TEST_SECRET;
  }
});

test('bad ends', async () => {
  for (const [name, code, why] of [
    ['code', 'process.exit(3);', /^ended with exit code 3$/],
    ['thrown', `say(1); throw new TypeError('what was thrown');`, /exit code 1 \(TypeError: what was thrown\)/],
    ['signal', `process.kill(process.pid, 'SIGKILL');`, /^was ended by SIGKILL$/],
    ['cut', 'writeSync(3, Buffer.from([1, 2]));', /^ended in the middle of a message$/],
    ['no message', 'writeSync(3, Buffer.alloc(9, 0xff)); setInterval(() => {}, 1000);', /^message: claims/],
  ] as const) {
    let said = '';
    await heard(startNode(script(name, code), PATIENCE)).catch((error: Error) => {
      said = error.message;
    });
    assert.match(said, why, name);
  }
});

test('silence', async () => {
  let said = '';
  await heard(startNode(script('silent', 'say(1); setInterval(() => {}, 1000);'), { files: [], patience: 600 })).catch((error: Error) => {
    said = error.message;
  });
  assert.is(said, 'did not answer for 1 s');
});

test('a consumer that stops early ends it', async () => {
  const started = startNode(script('endless', 'setInterval(() => say(1), 1);'), PATIENCE);
  for await (const _ of started.messages()) break;
  started.stop();
});

test.run();
