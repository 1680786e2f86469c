// A thread of our own sources: it gets its data and can answer, as they are and compiled.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startThread } from '../../tools/node-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
test.after(() => rmSync(folder, { recursive: true, force: true }));

function answerOf(name: string, source: string, data: unknown): Promise<unknown> {
  const script = join(folder, name);
  writeFileSync(script, source);
  const thread = startThread(pathToFileURL(script), data);
  return new Promise((resolve, reject) => {
    thread.on('message', resolve);
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`exit ${code}`)));
  });
}

test('a script gets its data, with types and without', async () => {
  const doubled = (type: string) =>
    `import { parentPort, workerData } from 'node:worker_threads'; const twice${type} = workerData * 2; parentPort.postMessage(twice);`;
  assert.is(await answerOf('plain.mjs', doubled(''), 21), 42);
  assert.is(await answerOf('typed.ts', doubled(': number'), 4), 8);
});

test('a script that throws is an error, not an answer', async () => {
  for (const name of ['throws.mjs', 'throws.ts'])
    assert.match(String(await answerOf(name, `throw new Error('it does not work');`, 0).catch(String)), 'it does not work');
});

test.run();
