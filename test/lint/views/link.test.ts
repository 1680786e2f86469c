// The view of shell links: a link, no link, a broken one.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { link } from '../../../lint/views/link.ts';
import { fakeImage } from '../../helpers/fake-image.ts';
import { makeLink } from '../../helpers/make-link.ts';

async function seen(content: Uint8Array | string) {
  const image = fakeImage({ files: { '/a.lnk': content } });
  const unable: string[] = [];
  const views = new ViewStore(image).open({ link }, (reason) => unable.push(reason));
  return { found: await views.link({ file: (await image.find('/a.lnk'))! }), unable };
}

test('a link with its arguments', async () => {
  assert.is((await seen(makeLink({ items: 'C:\\a.exe', arguments: '/x' }))).found?.arguments, '/x');
});

test('a text of that name is none', async () => assert.equal(await seen('no link'), { found: undefined, unable: [] }));

test('a broken one is told', async () => {
  assert.match(
    (await seen(makeLink({ items: 'C:\\a.exe' }).subarray(0, 90))).unable.join(),
    /^\/a\.lnk: shell link: list of items runs past/,
  );
});

test.run();
