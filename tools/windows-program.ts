// Programs of Windows, started by their arguments as an array without any shell; what goes wrong they say on standard output.
import { execFile } from 'node:child_process';
import { ToolError } from '../errors.ts';
import type { Tool } from './tool.ts';

/** They speak in UTF-16 or in the code page of the machine, and at length. */
const OUTPUT_MAX = 4 * 1024 * 1024;
const LINES = 3;
/** ERROR_ELEVATION_REQUIRED */
const ELEVATION = 740;

/** @throws ToolError TOOL_MISSING, NOT_ELEVATED, TOOL_FAILED; the signal's reason when aborted */
export async function runWindowsProgram(tool: Tool, args: readonly string[], signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const { code, said } = await new Promise<{ code: number | string; said: string }>((resolve) => {
    const options = { maxBuffer: OUTPUT_MAX, windowsHide: true, ...(signal ? { signal } : {}) };
    execFile(tool.name, [...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? -1) : 0, said: `${stdout}\n${stderr}` });
    });
  });
  signal?.throwIfAborted();
  if (code === 0) return;
  if (code === 'ENOENT') {
    throw new ToolError('TOOL_MISSING', `${tool.name}: is not there (it comes with Windows)`, { hint: 'Run this on Windows 10 or later.' });
  }
  if (code === ELEVATION || /\bError: 740\b/.test(said)) {
    throw new ToolError('NOT_ELEVATED', `${tool.name}: needs the rights of an administrator (error ${ELEVATION})`, {
      hint: 'Start the terminal with "Run as administrator".',
    });
  }
  const lines = said.split(/\r?\n/).filter((line) => line.trim() !== '');
  throw new ToolError('TOOL_FAILED', `${tool.name}: failed with exit code ${code} (${lines.slice(-LINES).join(' / ')})`, {
    hint: 'See %WINDIR%\\Logs\\DISM\\dism.log, and "dism /Get-MountedImageInfo" for mounts that are left.',
    cause: { argv: [tool.name, ...args], code },
  });
}
