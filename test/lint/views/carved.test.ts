// The view of programs behind something else: behind a picture, in another program, and texts that only begin like one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { carved } from '../../../lint/views/carved.ts';
import { fakeImage } from '../../helpers/fake-image.ts';
import { makePe } from '../../helpers/make-pe.ts';

async function seen(content: Uint8Array | string) {
  const image = fakeImage({ files: { '/a.bin': content } });
  const views = new ViewStore(image).open({ carved }, (reason) => assert.unreachable(reason));
  return views.carved({ file: (await image.find('/a.bin'))! });
}

test('behind a picture and in another program', async () => {
  const picture = Buffer.from('GIF89a MZ and more of a picture');
  const two = await seen(Buffer.concat([picture, makePe({ machine: 'arm64' }), makePe({ machine: 'x86', bits: 32 })]));
  assert.equal(
    two?.map(({ offset, facts }) => [offset, facts.machine]),
    [
      [picture.length, 'arm64'],
      [picture.length + makePe({ machine: 'arm64' }).length, 'x86'],
    ],
  );
  assert.is((await seen(makePe({ overlay: makePe() })))?.length, 1);
});

test('a program alone, a text, and a part of a program hold none', async () => {
  for (const content of [makePe(), 'MZ MZ MZ', Buffer.concat([Buffer.from('GIF89a'), makePe().subarray(0, 0x180)])])
    assert.is(await seen(content), undefined);
});

test.run();
