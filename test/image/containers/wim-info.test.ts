// Facts about an image: from the XML, else from the SOFTWARE hive and the kernel.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { architectureOf, completeInfo } from '../../../image/containers/wim-info.ts';
import type { ImageInfo } from '../../../image/image.ts';
import { fakeImage } from '../../helpers/fake-image.ts';

const UNKNOWN: Partial<ImageInfo> = { edition: 'unknown', build: 0, architecture: 'unknown' };
const CURRENT_VERSION = 'Microsoft\\Windows NT\\CurrentVersion';

function kernel(machine: number): Uint8Array {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, 0x80, true);
  view.setUint32(0x80, 0x4550, true);
  view.setUint16(0x84, machine, true);
  return bytes;
}

test('processor numbers of the XML', () => {
  assert.equal([0, 5, 9, 12, 6, undefined].map(architectureOf), ['x86', 'arm', 'amd64', 'arm64', 'unknown', 'unknown']);
});

test('what the XML says is kept, and nothing is opened', async () => {
  const image = fakeImage({ info: { edition: 'Education', build: 19045, architecture: 'arm64' } });
  assert.equal(await completeInfo({ ...image, hive: () => assert.unreachable() as never }), image.info);
});

test('what it lacks comes from the hive and the kernel', async () => {
  const image = fakeImage({
    info: UNKNOWN,
    files: { '/Windows/System32/ntoskrnl.exe': kernel(0x8664) },
    SOFTWARE: { [CURRENT_VERSION]: { EditionID: 'Enterprise', CurrentBuildNumber: '19045' } },
  } as never);
  const info = await completeInfo(image);
  assert.equal([info.edition, info.build, info.architecture], ['Enterprise', 19045, 'amd64']);
});

test('no Windows, or a kernel that is none: unknown', async () => {
  const empty = await completeInfo(fakeImage({ info: UNKNOWN }));
  assert.equal([empty.edition, empty.build, empty.architecture], ['unknown', 0, 'unknown']);
  for (const content of [new Uint8Array(10), new Uint8Array(512), kernel(0x1234), kernel(0x8664).fill(0xff, 0x3c, 0x40)]) {
    const info = await completeInfo(fakeImage({ info: UNKNOWN, files: { '/Windows/System32/ntoskrnl.exe': content } }));
    assert.is(info.architecture, 'unknown');
  }
});

test.run();
