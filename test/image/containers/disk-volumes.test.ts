// What stands on partitions: NTFS and FAT are opened, the rest is told with its reason.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { readVolumes } from '../../../image/containers/disk-volumes.ts';

const test = suite('disk-volumes');
const RESERVED = 'e3c9e316-0b5c-4db8-817d-f92df00215ae';

function diskOf(name: string): Uint8Array {
  const bytes = new Uint8Array(64 * 1024);
  bytes.set(Buffer.from(name, 'latin1'), 3);
  return bytes;
}

for (const [what, bytes, type, code] of [
  ['BitLocker', diskOf('-FVE-FS-'), '07', 'VOLUME_ENCRYPTED'],
  ['a damaged NTFS', diskOf('NTFS    '), '07', 'CONTAINER_CORRUPT'],
  ['exFAT', diskOf('EXFAT   '), '07', 'VOLUME_UNKNOWN'],
  ['nothing', diskOf(''), '07', 'VOLUME_UNKNOWN'],
  ['something in the reserved partition', diskOf('x'), RESERVED, 'VOLUME_UNKNOWN'],
  ['nothing in the reserved partition', diskOf(''), RESERVED, undefined],
] as const) {
  test(`${what}: ${code ?? 'passed over'}`, async () => {
    const partition = { number: 3, start: 0, size: bytes.length, type, name: '' };
    const { volumes, closed } = await readVolumes('a.vhdx', sourceOfBytes(bytes), { kind: 'gpt', partitions: [partition] });
    assert.is(volumes.length, 0);
    assert.equal(
      closed.map(({ error }) => error.code),
      code === undefined ? [] : [code],
    );
    for (const { error } of closed) assert.match(error.message, /partition 3/);
  });
}

test.run();
