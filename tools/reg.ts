// reg.exe of Windows (experimental): loads the hive of a mounted image, imports .reg text into it, unloads it.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Tool } from './tool.ts';
import { runWindowsProgram } from './windows-program.ts';

export const reg: Tool = {
  name: 'reg.exe',
  package: 'Windows',
  purpose: 'edits hives on Windows hosts (experimental)',
  versionArgs: ['/?'],
  versionPattern: /Version (\d+(?:\.\d+)+)/,
};

/**
 * Merges .reg text into the hive file. `text` gets the key under which the hive is loaded, in full.
 * @param scratch where the text stands meanwhile: it may hold secrets, which must not be arguments
 * @throws ToolError TOOL_MISSING, NOT_ELEVATED, TOOL_FAILED; then the hive is unloaded all the same
 */
export async function importIntoHive(hive: string, scratch: string, text: (key: string) => string, signal?: AbortSignal): Promise<void> {
  const name = `wtgforge-${randomBytes(8).toString('hex')}`;
  await runWindowsProgram(reg, ['load', `HKLM\\${name}`, hive], signal);
  try {
    // Version 5 of the format is UTF-16 with a mark and the line ends of Windows.
    const lines = text(`HKEY_LOCAL_MACHINE\\${name}`).replace(/\r?\n/g, '\r\n');
    await writeFile(scratch, Buffer.from(`\ufeff${lines}`, 'utf16le'), { mode: 0o600 });
    await runWindowsProgram(reg, ['import', scratch], signal);
  } catch (error) {
    await unload(name).catch(() => undefined);
    throw error;
  }
  await unload(name);
}

/** Never interrupted: a hive that stays loaded keeps the mount busy. */
function unload(name: string): Promise<void> {
  return runWindowsProgram(reg, ['unload', `HKLM\\${name}`]);
}
