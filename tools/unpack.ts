// 7-Zip as it unpacks a disc image into a private folder; what comes out is bounded before it is begun.
import { ToolError } from '../errors.ts';
import { sevenZip } from './seven-zip.ts';
import { runTool } from './tool.ts';

/** The largest media of Windows have 8 GiB; names of one file may share its bytes, so the file's own size is no bound. */
const BYTES_MAX = 64 * 1024 ** 3;
const FILES_MAX = 1_000_000;

/**
 * Unpacks everything.
 * @throws ToolError TOOL_MISSING, TOOL_FAILED; ARCHIVE_TOO_LARGE
 */
export async function unpackAll(archive: string, folder: string, signal?: AbortSignal): Promise<void> {
  const options = signal ? { signal } : {};
  const { stdout } = await runTool(sevenZip, ['l', '-p-', '--', archive], options);
  // The totals come after all names, so that no name can pass for them.
  const totals = [...stdout.toString('latin1').matchAll(/^\S+ \S+\s+(\d+)\s+\d+\s+(\d+) files(?:, \d+ folders)?$/gm)].at(-1);
  const [bytes, files] = [Number(totals?.[1] ?? 0), Number(totals?.[2] ?? 0)];
  if (bytes > BYTES_MAX || files > FILES_MAX) {
    throw new ToolError('ARCHIVE_TOO_LARGE', `${archive}: would unpack to ${files} files of ${bytes} bytes, which is more than is read`, {
      hint: 'Take install.wim or install.esd out of it and give that.',
    });
  }
  await runTool(sevenZip, ['x', '-y', '-p-', '-bso0', '-bsp0', `-o${folder}`, '--', archive], options);
}
