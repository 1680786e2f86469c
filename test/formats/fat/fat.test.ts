// FAT volumes of all three kinds, made by mkfs.vfat and filled by mtools; damage.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { sourceOfBytes } from '../../../formats/disk/source.ts';
import { type FatEntry, isFat, readFat } from '../../../formats/fat/fat.ts';
import { survivesAsync } from '../../helpers/damage.ts';
import { DISK_TOOLS, makeFat } from '../../helpers/disk-files.ts';
import { needRealData, needTools, realData } from '../../helpers/need.ts';

const test = suite('fat');
const withTools = needTools(test, DISK_TOOLS);
const withData = needRealData(test);
const large = Buffer.alloc(700_000, 'boot ');
const FILES = {
  '/EFI/Boot/bootx64.efi': large,
  '/EFI/Microsoft/Boot/a rather long name - ünïcödé.txt': 'long',
  '/AUTOEXEC.BAT': 'upper',
  '/empty': '',
};

function bytesOf(bits: number, size: number): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  try {
    return new Uint8Array(readFileSync(makeFat(folder, FILES, bits, size)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* filesOf(entries: readonly FatEntry[], above = ''): Generator<readonly [string, FatEntry]> {
  for (const entry of entries) {
    if (entry.folder) yield* filesOf(entry.children, `${above}/${entry.name}`);
    else yield [`${above}/${entry.name}`, entry];
  }
}

for (const [bits, size] of [
  [12, 3 * 1024 * 1024],
  [16, 16 * 1024 * 1024],
  [32, 40 * 1024 * 1024],
] as const) {
  withTools(`FAT${bits}`, async () => {
    const bytes = bytesOf(bits, size);
    assert.ok(isFat(bytes));
    const volume = await readFat(sourceOfBytes(bytes));
    assert.is(volume.kind, bits);
    assert.is(volume.label, 'SYSTEM');
    const found = new Map(filesOf(volume.root));
    assert.equal([...found.keys()].sort(), Object.keys(FILES).sort());
    for (const [path, content] of Object.entries(FILES)) {
      const pieces: Uint8Array[] = [];
      for await (const piece of volume.pieces(found.get(path)!)) pieces.push(piece);
      assert.is(Buffer.compare(Buffer.concat(pieces), Buffer.from(content)), 0, path);
    }
  });
}

withTools('damaged volumes give a FormatError or other files', async () => {
  const bytes = bytesOf(12, 1_440 * 1024);
  const vital = bytes.slice(0, 16 * 1024);
  await survivesAsync(
    vital,
    async (damaged) => {
      const copy = bytes.slice();
      copy.fill(0, 0, vital.length);
      copy.set(damaged);
      const volume = await readFat(sourceOfBytes(copy));
      for (const [, entry] of filesOf(volume.root)) for await (const _ of volume.pieces(entry));
    },
    FormatError,
  );
});

withData('the UEFI:NTFS partition that Rufus puts on a stick', async () => {
  const volume = await readFat(sourceOfBytes(new Uint8Array(readFileSync(join(realData, 'images/rufus-uefi-ntfs.img')))));
  const found = [...filesOf(volume.root)].map(([path]) => path.toLowerCase());
  assert.ok(found.includes('/efi/boot/bootx64.efi'), found.join(' '));
});

test('sizes that no volume has are refused', async () => {
  const boot = Buffer.alloc(512);
  for (const sector of [0, 100, 512]) {
    boot.writeUInt16LE(sector, 11);
    let refused = false;
    await readFat(sourceOfBytes(boot)).catch((error) => {
      refused = error instanceof FormatError;
    });
    assert.ok(refused);
  }
});

test.run();
