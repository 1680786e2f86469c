// Facts about a Windows that its container does not state; nothing secret.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inspectImage } from '../../image/inspect.ts';
import { licenceOf } from '../../scripts/dev/fixtures/hives.ts';
import { digitalProductIds } from '../../scripts/dev/fixtures/product-id.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const VERSION = 'Microsoft\\Windows NT\\CurrentVersion';

test('edition, state and channel are read; of the key only its end', async () => {
  const { v4 } = digitalProductIds(licenceOf('Enterprise'));
  const inspection = await inspectImage(
    fakeImage({
      SOFTWARE: {
        [VERSION]: { ProductName: 'Windows 10 Enterprise', DigitalProductId4: v4 },
        'Microsoft\\Windows\\CurrentVersion\\Setup\\State': { ImageState: 'IMAGE_STATE_COMPLETE' },
      },
      SYSTEM: { 'Setup\\Status\\SysprepStatus': { GeneralizationState: 7 } },
    }),
  );
  assert.equal(
    { ...inspection, info: undefined },
    {
      info: undefined,
      windows: true,
      productName: 'Windows 10 Enterprise',
      imageState: 'IMAGE_STATE_COMPLETE',
      generalizationState: 7,
      licenceChannel: 'Volume:GVLK',
      keyEnding: '2YT43',
      notes: [],
    },
  );
});

test('what is missing or broken is a note, not a guess', async () => {
  const nothing = await inspectImage(fakeImage());
  assert.is(nothing.windows, false);
  assert.is(nothing.notes.length, 2);
  const broken = await inspectImage(fakeImage({ SOFTWARE: { [VERSION]: { DigitalProductId4: Uint8Array.of(1, 2, 3) } }, SYSTEM: {} }));
  assert.is(broken.licenceChannel, undefined);
  assert.match(broken.notes[0]!, 'DigitalProductId4');
});

test.run();
