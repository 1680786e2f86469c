// Archives where a Windows 10 has its own, in their numbers and folders: made here, with contents of no meaning.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withScratch } from '../../tools/scratch.ts';
import { makeCab, makeProgram, pack } from './archives.ts';
import { makeWim } from './make-wim.ts';

/**
 * Counted in a list of the files of a Windows 10 (build 19041): 72 .ppkg, 41 .chm, 27 .cab, 15 .msi, 12 .vdm, 11 .gz, 9 .wim, 6 .msix, 1 .zip. Packages for
 * provisioning are WIM files inside; of those in the component store most are differences that nothing can open. Help files, which nothing here
 * can write, are left out.
 */
export async function stockShape(): Promise<Readonly<Record<string, Uint8Array>>> {
  const files: Record<string, Uint8Array> = {};
  const wim = await wimOf('/Multivariant/prov/RunTime/provisioning.xml', '<wap-provisioningdoc/>');
  const winre = await wimOf('/Windows/System32/startnet.cmd', 'wpeinit\r\n');
  const store = (at: number) =>
    `/Windows/WinSxS/amd64_microsoft-windows-p..ng-client-overrides_31bf3856ad364e35_10.0.19041.${at}_none_f7be2d2f51b05cc3`;
  for (let at = 0; at < 18; at++) files[`/Windows/Provisioning/Packages/Power.Settings.${at}.ppkg`] = wim;
  for (let at = 0; at < 18; at++) files[`${store(at)}/Power.Settings.${at}.ppkg`] = wim;
  for (let at = 0; at < 36; at++)
    files[`${store(at >> 1)}/${at % 2 ? 'f' : 'r'}/Power.Settings.${at}.ppkg`] = Buffer.from(
      `PA30 difference ${at}`.padEnd(400, '\x9a'),
      'latin1',
    );
  for (let at = 0; at < 27; at++)
    files[`/Windows/servicing/FodMetadata/metadata/Windows-${at}.cab`] = makeCab({ [`a${at}.xml`]: '<assembly/>', 'b.dll': 'MZ' });
  for (let at = 0; at < 15; at++) files[`/Windows/Installer/${(0x1f3a0 + at).toString(16)}.msi`] = compound();
  for (let at = 0; at < 12; at++)
    files[`/ProgramData/Microsoft/Windows Defender/Definition Updates/Backup/mpasbase${at}.vdm`] = makeProgram({
      resources: Buffer.from(`RMDX ${at}`),
    });
  for (let at = 0; at < 11; at++)
    files[`/Windows/System32/spool/drivers/x64/PCC/ntprint.inf_${at}.gz`] = pack('gzip', { a: `profile ${at}` });
  for (let at = 0; at < 9; at++) files[`/Windows/Containers/serviced/WindowsDefenderApplicationGuard${at}.wim`] = winre;
  for (let at = 0; at < 6; at++)
    files[`/Program Files/WindowsApps/Microsoft.App${at}/App.msix`] = pack('zip', {
      'AppxManifest.xml': '<Package/>',
      'App.exe': `MZ ${at}`,
    });
  files['/Windows/System32/WindowsPowerShell/v1.0/Modules/ntp.zip'] = pack('zip', { 'a.txt': 'x' });
  files['/Windows/Help/mui/0409/damaged.CHM'] = Buffer.from('ITSF\x03\0\0\0\x60\0\0\0 and nothing that can be read'.padEnd(600), 'latin1');
  return files;
}

const wimOf = (path: string, content: string) =>
  withScratch(async (folder) => {
    makeWim(join(folder, 'a.wim'), { images: [{ files: { [path]: content } }] });
    return readFileSync(join(folder, 'a.wim'));
  });

/** An empty compound file: header, one sector of its allocation table, one of its directory ([MS-CFB]). */
function compound(): Buffer {
  const file = Buffer.alloc(1536);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  for (const [at, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const)
    file.writeUInt16LE(value, at);
  for (const [at, value] of [
    [44, 1],
    [48, 1],
    [56, 4096],
    [60, 0xfffffffe],
    [68, 0xfffffffe],
  ] as const)
    file.writeUInt32LE(value, at);
  file.fill(0xff, 76, 512);
  file.writeUInt32LE(0, 76);
  file.fill(0xff, 512, 1024);
  file.writeUInt32LE(0xfffffffd, 512);
  file.writeUInt32LE(0xfffffffe, 516);
  Buffer.from('Root Entry\0', 'utf16le').copy(file, 1024);
  file.writeUInt16LE(22, 1088);
  file[1090] = 5;
  file[1091] = 1;
  for (const at of [1092, 1096, 1100]) file.writeUInt32LE(0xffffffff, at);
  file.writeUInt32LE(0xfffffffe, 1140);
  return file;
}
