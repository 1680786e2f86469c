// Answers of a reader: whoever is slow to take them gets all of them in order, and the reader goes on meanwhile.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const MODULE = fileURLToPath(new URL('../../lint/answer-channel.ts', import.meta.url));

/** What a process that answers in this way says, to somebody who begins to listen late; its stdout tells where it is. */
async function answersOf(
  code: string,
  wait: number,
): Promise<{ readonly bytes: Buffer; readonly before: string; readonly exit: number | null }> {
  const script = `import { AnswerChannel } from ${JSON.stringify(MODULE)}; const channel = new AnswerChannel(3);\n${code}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  let said = '';
  const spoke = new Promise<void>((resolve) => {
    child.stdout!.on('data', (piece) => {
      said += piece;
      resolve();
    });
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  await spoke;
  await sleep(wait);
  const before = said;
  const pieces: Buffer[] = [];
  for await (const piece of child.stdio[3] as Readable) pieces.push(piece as Buffer);
  return { bytes: Buffer.concat(pieces), before, exit: await exit };
}

const SLOW = `
const parts = Array.from({ length: 1500 }, (_, at) => Buffer.alloc(1000, at % 251));
const shared = Buffer.alloc(1000);
for (const part of parts) { shared.set(part); channel.push([shared, new Uint8Array()]); }
shared.fill(0xff);
process.stdout.write('all pushed');`;
const EXPECTED = Buffer.concat(Array.from({ length: 1500 }, (_, at) => Buffer.alloc(1000, at % 251)));

test('more than the pipe holds waits, and comes in order while the reader has nothing to do', async () => {
  const { bytes, before, exit } = await answersOf(SLOW, 50);
  assert.equal([before, exit, bytes.length, bytes.equals(EXPECTED)], ['all pushed', 0, EXPECTED.length, true]);
});

test('with flush everything is written before the next thing is done', async () => {
  const { bytes, before, exit } = await answersOf(
    `process.stdout.write('begun');${SLOW.replace("'all pushed'", "''")} channel.flush(); process.exit(0);`,
    50,
  );
  assert.equal([before, exit, bytes.equals(EXPECTED)], ['begun', 0, true]);
});

test('nobody there to take answers ends the reader', async () => {
  const script = `import { AnswerChannel } from ${JSON.stringify(MODULE)}; const channel = new AnswerChannel(3);
    process.stdout.write('x'); setInterval(() => channel.push([Buffer.alloc(100_000)]), 5);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdout!.once('data', () => (child.stdio[3] as Readable).destroy());
  assert.is(await exit, 1);
});

test.run();
