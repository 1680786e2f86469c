// Readers that are started before their work is known: they wait, and end when they are stopped.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWim } from '../../image/containers/wim.ts';
import type { ContentStore } from '../../image/stored-content.ts';
import { startReaders } from '../../lint/start-readers.ts';
import { makeWim } from '../helpers/make-wim.ts';

const test = suite('start-readers');
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

const SETUP = { signatures: [], needs: {}, keys: true } as const;

async function withStore(use: (store: ContentStore) => Promise<void>): Promise<void> {
  const path = join(folder, 'x.wim');
  makeWim(path, { images: [{ files: { '/a.txt': 'a' } }] });
  const container = await openWim(path);
  try {
    await use(container.store(1));
  } finally {
    await container.close();
  }
}

test('they say how they read before they get any work, and are gone when they are stopped', () =>
  withStore(async (store) => {
    const readers = startReaders(store, { setup: SETUP, known: undefined, count: 2 });
    assert.is(readers.links.length, 2);
    for (const link of readers.links) {
      const messages = link.messages()[Symbol.asyncIterator]();
      const { value } = await messages.next();
      assert.is((value.head as { type: string }).type, 'ready');
      link.stop();
      let ending = '';
      await messages.next().catch((error: Error) => {
        ending = error.message;
      });
      assert.is(ending, 'was ended by SIGKILL');
    }
    readers.stop();
  }));

test('some of them at first, the rest when there is much to read', () =>
  withStore(async (store) => {
    const readers = startReaders(store, { setup: SETUP, known: undefined, count: 3, first: 1 });
    assert.is(readers.links.length, 1);
    readers.startRest();
    readers.startRest();
    assert.is(readers.links.length, 3);
    assert.is(new Set(readers.links).size, 3);
    readers.stop();
  }));

test.run();
