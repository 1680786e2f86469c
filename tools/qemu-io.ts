// qemu-io: writes stretches of bytes into a disk image whose blocks lie anywhere in its file (dynamic VHD, VHDX, qcow2).
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import type { QemuFormat } from './qemu-img.ts';
import { withScratch } from './scratch.ts';
import { runTool, type Tool } from './tool.ts';

export const qemuIo: Tool = {
  name: 'qemu-io',
  package: 'qemu-utils',
  purpose: 'writes into VHD, VHDX and qcow2 disks',
  versionArgs: ['--version'],
  versionPattern: /version (\d+(?:\.\d+)+)/,
};

export interface DiskPatch {
  /** In bytes from the start of the disk, a whole number of sectors, like its length. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** How many bytes are on their way at a time, and how many commands: an argument list has an end. */
const BATCH = 64 * 1024 * 1024;
const COMMANDS_MAX = 1000;

/**
 * Writes them; they are not on the disk of this machine yet when it returns.
 * @throws ToolError TOOL_MISSING, TOOL_FAILED
 */
export async function patchDisk(path: string, format: QemuFormat, patches: AsyncIterable<DiskPatch>, signal?: AbortSignal): Promise<void> {
  let batch: DiskPatch[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await writeBatch(path, format, batch, signal);
    batch = [];
    size = 0;
  };
  for await (const patch of patches) {
    batch.push(patch);
    size += patch.bytes.length;
    if (size >= BATCH || batch.length >= COMMANDS_MAX) await flush();
  }
  await flush();
}

async function writeBatch(path: string, format: string, batch: readonly DiskPatch[], signal: AbortSignal | undefined): Promise<void> {
  await withScratch(async (folder) => {
    const commands: string[] = [];
    for (const [index, { offset, bytes }] of batch.entries()) {
      await writeFile(join(folder, `p${index}`), bytes, { mode: 0o600 });
      commands.push('-c', `write -q -s p${index} ${offset} ${bytes.length}`);
    }
    // `unsafe`: it does not wait for the disk, at each block that it adds and at its end. Whoever makes a file of it waits once, when all is done.
    const args = ['-t', 'unsafe', '-f', format, ...commands, resolve(path)];
    const { stdout, stderr } = await runTool(qemuIo, args, { cwd: folder, ...(signal ? { signal } : {}) });
    // It ends with 0 whatever happened.
    const said = `${stdout.toString()}\n${stderr}`.split('\n').find((line) => /failed|error|invalid|no space/i.test(line));
    if (said) {
      // As cause: it is the disk of the image that is full, and not the one of temporary files.
      if (/no space left/i.test(said)) throw new Error(`${path}: no space left on device`, { cause: { code: 'ENOSPC' } });
      throw new ToolError('TOOL_FAILED', `qemu-io: does not write into the disk (${said.trim()})`, {
        hint: 'Run "wtgforge doctor" to see whether qemu-io is as it should be.',
      });
    }
  });
}
