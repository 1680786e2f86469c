// Inputs to start from: made by code, read from the machine, and real ones where the data set is there.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { encodeMetadata } from '../../../formats/wim/write-metadata.ts';
import { readWim } from '../../../image/containers/wim-parts.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { makeSmallImage } from '../fixtures.ts';

/** Where the tests look, too. */
export const REAL = process.env.WTGFORGE_REAL_DATA ?? fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
/** Larger ones only make each case slower. */
const SIZE_MAX = 1024 * 1024;
const FILES_MAX = 60;

/** Files of folders of the real data set, unpacked, those that are not too large; none when it is not there. */
export async function realInputs(...folders: readonly string[]): Promise<readonly Uint8Array[]> {
  const inputs: Uint8Array[] = [];
  for (const folder of folders.map((name) => join(REAL, name)).filter((path) => existsSync(path))) {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const { name } of entries.filter((entry) => entry.isFile()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const stored = await readFile(join(folder, name));
      const bytes = new Uint8Array(name.endsWith('.gz') ? gunzipSync(stored) : stored);
      if (bytes.length <= SIZE_MAX && inputs.length < FILES_MAX) inputs.push(bytes);
    }
  }
  return inputs;
}

/** Programs of wine, where it is installed: real compilers made them. */
export async function peInputs(): Promise<readonly Uint8Array[]> {
  const folder = '/usr/lib/x86_64-linux-gnu/wine/x86_64-windows';
  if (!existsSync(folder)) return [];
  const names = ['slc.dll', 'reg.exe', 'net.exe', 'xcopy.exe', 'version.dll'].filter((name) => existsSync(join(folder, name)));
  const read = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return read.filter(({ length }) => length <= SIZE_MAX).map((bytes) => new Uint8Array(bytes));
}

/** A link with an item list, a location, and every text, as the shell writes them ([MS-SHLLINK]). */
export async function linkInputs(): Promise<readonly Uint8Array[]> {
  const head = Buffer.alloc(0x4c);
  head.writeUInt32LE(0x4c, 0);
  Buffer.from('0114020000000000c000000000000046', 'hex').copy(head, 4);
  head.writeUInt32LE(0x000000ff, 0x14);
  const item = Buffer.concat([Buffer.from([0x14, 0, 0x1f, 0x50]), Buffer.from('e04fd020ea3a6910a2d808002b30309d', 'hex')]);
  const list = Buffer.concat([item, Buffer.from([0, 0])]);
  const path = Buffer.from('C:\\Windows\\System32\\cmd.exe\0', 'latin1');
  const info = Buffer.alloc(0x1c + 0x11 + path.length + 1);
  info.writeUInt32LE(info.length, 0);
  info.writeUInt32LE(0x1c, 4);
  info.writeUInt32LE(1, 8);
  info.writeUInt32LE(0x1c, 12);
  info.writeUInt32LE(0x1c + 0x11, 16);
  info.writeUInt32LE(info.length - 1, 24);
  info.writeUInt32LE(0x11, 0x1c);
  info.writeUInt32LE(0x10, 0x1c + 12);
  path.copy(info, 0x1c + 0x11);
  const counted = (words: string) => {
    const count = Buffer.alloc(2);
    count.writeUInt16LE(words.length);
    return Buffer.concat([count, Buffer.from(words, 'utf16le')]);
  };
  const texts = ['a name', '..\\cmd.exe', 'C:\\', '/c slmgr /ato', 'icon.dll'].map(counted);
  const variable = Buffer.alloc(0x314);
  variable.writeUInt32LE(0x314, 0);
  variable.writeUInt32LE(0xa0000001, 4);
  variable.write('%windir%\\system32\\cmd.exe', 8, 'latin1');
  variable.write('%windir%\\system32\\cmd.exe', 0x10c, 'utf16le');
  const size = Buffer.from([list.length & 255, list.length >> 8]);
  return [new Uint8Array(Buffer.concat([head, size, list, info, ...texts, variable, Buffer.alloc(4)]))];
}

/** Metadata resources, and headers, blob tables and XML, of a generated WIM and of small real ones. */
export async function wimInputs(): Promise<{ readonly metadata: readonly Uint8Array[]; readonly frames: readonly Uint8Array[] }> {
  return withScratch(async (folder) => {
    const paths = [await makeSmallImage(folder, {})];
    const real = join(REAL, 'images');
    if (existsSync(real)) paths.push(...['mwl-LZX.wim', 'mwl-XPRESS.wim', 'mwl-MultiImage.wim'].map((name) => join(real, name)));
    const metadata: Uint8Array[] = [];
    const frames: Uint8Array[] = [];
    for (const path of paths) {
      const wim = await readWim(path);
      try {
        frames.push(new Uint8Array((await readFile(path)).subarray(0, 208)), wim.xml.slice());
        metadata.push(encodeMetadata((await wim.readEntries(1)).tree()));
      } finally {
        await wim.close();
      }
    }
    return { metadata: metadata.filter(({ length }) => length <= SIZE_MAX), frames };
  });
}
