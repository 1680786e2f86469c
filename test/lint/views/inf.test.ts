// The view of an INF: texts with sections, in UTF-16 too; deltas, binary files and texts without a section are none.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { inf } from '../../../lint/views/inf.ts';
import { fakeImage } from '../../helpers/fake-image.ts';
import { infText } from '../../helpers/inf-text.ts';

async function seen(content: Uint8Array | string) {
  const unable: string[] = [];
  const image = fakeImage({ files: { '/a.inf': content } });
  const file = (await image.find('/a.inf'))!;
  return { found: await new ViewStore(image).open({ inf }, (reason) => unable.push(reason)).inf({ file }), unable };
}

test('an INF in ASCII and in UTF-16', async () => {
  for (const content of [infText(), Buffer.from(`\ufeff${infText()}`, 'utf16le')]) {
    const { found, unable } = await seen(content);
    assert.equal(
      found?.services.map(({ name }) => name),
      ['corpnet'],
    );
    assert.equal(unable, []);
  }
});

test('what is no INF gives nothing and is no fault', async () => {
  for (const content of ['PA30 delta [x]', 'text', Buffer.from([0x4d, 0x5a, 0, 0, 0x5b])]) {
    assert.equal(await seen(content), { found: undefined, unable: [] });
  }
});

test('an INF that cannot be read to its end is told', async () => {
  const { found, unable } = await seen(`[A]\r\n${'x'.repeat(70_000)}`);
  assert.is(found, undefined);
  assert.match(unable.join(), /line 2 is longer than/);
});

test.run();
