// qemu-img: turns one kind of disk image into another, piece by piece; zeros take no room in what it writes.
import { resolve } from 'node:path';
import { runTool, type Tool } from './tool.ts';

export const qemuImg: Tool = {
  name: 'qemu-img',
  package: 'qemu-utils',
  purpose: 'turns one kind of disk image into another',
  versionArgs: ['--version'],
  versionPattern: /version (\d+(?:\.\d+)+)/,
};

export type DiskKind = 'vhd' | 'vhdx' | 'qcow2' | 'raw';

/** How QEMU calls them. */
export const QEMU_FORMATS = { vhd: 'vpc', vhdx: 'vhdx', qcow2: 'qcow2', raw: 'raw' } as const;
export type QemuFormat = (typeof QEMU_FORMATS)[DiskKind];
/** Without it a VHD has a size that heads, tracks and sectors can say, which may be less than what goes in. */
const OPTIONS: Partial<Record<DiskKind, string>> = { vhd: 'subformat=dynamic,force_size=on', vhdx: 'subformat=dynamic' };

/**
 * Writes the disks `from`, one behind the other, as one disk of the kind `as`.
 * @throws ToolError TOOL_MISSING, TOOL_FAILED; an Error with ENOSPC as cause when there is no room
 */
export async function convertDisk(
  from: readonly string[],
  kind: DiskKind,
  to: string,
  { as, signal }: { readonly as: DiskKind; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const options = OPTIONS[as];
  const args = ['convert', '-q', '-f', QEMU_FORMATS[kind], '-O', QEMU_FORMATS[as], ...(options === undefined ? [] : ['-o', options])];
  // A colon in a relative name would be taken for a protocol.
  await runTool(qemuImg, [...args, ...from.map((path) => resolve(path)), resolve(to)], signal ? { signal } : {});
}
