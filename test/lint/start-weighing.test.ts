// When stored bytes are weighed: with a base that can be compared, or when the cache may know a file that is large enough.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWim } from '../../image/containers/wim.ts';
import { startWeighing } from '../../lint/start-weighing.ts';
import { openBase } from '../../lint/trust.ts';
import { makeWim } from '../helpers/make-wim.ts';

const test = suite('start-weighing');
let folder = '';
test.before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('a base that can be compared; a file of which the cache may know something', async () => {
  const path = join(folder, 'own.wim');
  makeWim(path, { images: [{ files: { '/a.txt': 'a' } }] });
  copyFileSync(path, `${path}.base`);
  const container = await openWim(path);
  const [base, itself] = [await openBase(`${path}.base`, container), await openBase(path, container)];
  try {
    const [store, { info }] = [container.store(1), container.images[0]!];
    const started = async (given: Partial<Parameters<typeof startWeighing>[2]>, of: typeof store | undefined = store) => {
      const { weighing, refused } = startWeighing(of, info, { base: undefined, remembers: false, from: 0, ...given });
      weighing?.remember(undefined);
      const isDone = (await weighing?.weighed) !== undefined;
      weighing?.stop();
      return [isDone, refused];
    };
    assert.equal(await started({}), [false, undefined]);
    assert.equal(await started({ base }), [true, undefined]);
    assert.equal(await started({ remembers: true }), [true, undefined]);
    assert.equal(await started({ remembers: true, from: store.size }), [true, undefined]);
    assert.equal(await started({ remembers: true, from: store.size + 1 }), [false, undefined], 'too small');
    assert.equal(await started({ base, remembers: true, from: store.size + 1 }), [true, undefined], 'a base counts for any size');
    assert.equal(await started({ base: itself }), [false, `${path}: is the very file that is checked`]);
    assert.equal(await started({ base: itself, remembers: true }), [true, `${path}: is the very file that is checked`]);
  } finally {
    await base.close();
    await itself.close();
    await container.close();
  }
});

test('what has no stored bytes is not weighed', () => {
  const info = { container: 'vhdx', index: 1, name: '', edition: 'unknown', build: 19045, architecture: 'amd64' } as const;
  const base = { path: '/b.wim', alike: async () => undefined, store: () => assert.unreachable() as never, close: async () => {} };
  assert.equal(startWeighing(undefined, info, { base: undefined, remembers: true, from: 0 }), { weighing: undefined, refused: undefined });
  assert.equal(startWeighing(undefined, info, { base, remembers: true, from: 0 }), {
    weighing: undefined,
    refused: 'the contents of a vhdx cannot be compared with those of a base',
  });
});

test.run();
