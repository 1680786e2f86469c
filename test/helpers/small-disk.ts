// A disk with a small Windows that the whole pipeline takes: boot partition, NTFS volume, hives, a kernel that says its architecture.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelStub } from '../../scripts/dev/fixtures/kernel-stub.ts';
import { makeSmallImage } from '../../scripts/dev/fixtures.ts';
import { makeDisk, makeFat } from './disk-files.ts';
import { applyToNtfs } from './make-wim.ts';

export interface SmallDisk {
  /** The WIM from which the volume was made. */
  readonly wim: string;
  readonly raw: string;
}

export async function makeSmallDisk(folder: string, files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<SmallDisk> {
  const wim = await makeSmallImage(folder, { extraFiles: { '/Windows/System32/ntoskrnl.exe': kernelStub(), ...files } });
  const volume = join(folder, 'windows.ntfs');
  applyToNtfs(wim, volume, 48 * 1024 * 1024);
  const boot = makeFat(folder, { '/EFI/Boot/bootx64.efi': 'loader' });
  const raw = makeDisk(folder, [
    { volume: boot, type: 0x0c },
    { volume, type: 0x07 },
  ]);
  writeFileSync(boot, '');
  rmSync(boot);
  rmSync(volume);
  return { wim, raw };
}
