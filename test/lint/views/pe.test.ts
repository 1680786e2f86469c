// The view of programs: facts for a PE file, nothing for anything else, the reason for a broken one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { pe } from '../../../lint/views/pe.ts';
import { fakeImage } from '../../helpers/fake-image.ts';
import { makePe } from '../../helpers/make-pe.ts';

async function seen(content: Uint8Array | string) {
  const image = fakeImage({ files: { '/a.dll': content } });
  const unable: string[] = [];
  const views = new ViewStore(image).open({ pe }, (reason) => unable.push(reason));
  return { facts: await views.pe({ file: (await image.find('/a.dll'))! }), unable };
}

test('facts of a program', async () => {
  assert.is((await seen(makePe({ machine: 'arm64' }))).facts?.machine, 'arm64');
});

test('a text is none, and no fault', async () => assert.equal(await seen('MZ, a text'), { facts: undefined, unable: [] }));

test('broken headers are told', async () => {
  const { facts, unable } = await seen(makePe().subarray(0, 0x180));
  assert.is(facts, undefined);
  assert.match(unable[0]!, /^\/a\.dll: PE: .* runs past the end/);
});

test.run();
