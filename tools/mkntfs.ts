// mkntfs: makes an empty NTFS volume in a file.
import { runTool, type Tool } from './tool.ts';

export const mkntfs: Tool = {
  name: 'mkntfs',
  package: 'ntfs-3g',
  purpose: 'makes the volume of a new disk',
  versionArgs: ['--version'],
  versionPattern: /mkntfs v?(\d+(?:\.\d+)+)/,
};

/** It stands where the PATH of an ordinary user does not lead. */
const SEARCH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

/**
 * Formats a file that is as large as the volume shall be.
 * @param firstSector where the volume will begin on its disk: the boot sector repeats it, with the geometry that every BIOS assumes
 */
export async function makeNtfs(
  path: string,
  { label, firstSector, signal }: { readonly label: string; readonly firstSector: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const geometry = ['-p', String(firstSector), '-H', '255', '-S', '63', '-s', '512'];
  await runTool(mkntfs, ['-Q', '-F', '-q', '-L', label, ...geometry, path], { env: { PATH: SEARCH }, ...(signal ? { signal } : {}) });
}
