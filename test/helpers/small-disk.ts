// A disk with a small Windows that the whole pipeline takes: boot partition, NTFS volume, hives, a kernel that says its architecture.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSmallImage } from '../../scripts/dev/fixtures.ts';
import { makeDisk, makeFat } from './disk-files.ts';
import { applyToNtfs } from './make-wim.ts';

/** The first bytes of an amd64 program: all that says the architecture where no XML does. */
export function kernelStub(): Uint8Array {
  const program = Buffer.alloc(512);
  program.write('MZ');
  program.writeUInt32LE(0x80, 0x3c);
  program.writeUInt32LE(0x4550, 0x80);
  program.writeUInt16LE(0x8664, 0x84);
  return program;
}

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
