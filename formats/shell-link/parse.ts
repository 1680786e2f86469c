// A shell link (.lnk): what it starts, with which arguments (Microsoft, [MS-SHLLINK]).
import { Bytes, utf16 } from '../bytes.ts';

export interface ShellLink {
  /** Where it leads by its list of folder items: `C:\Windows\System32\cmd.exe`; undefined when that names no place of a drive. */
  readonly itemPath: string | undefined;
  /** The local path, or the share, of the link information. */
  readonly localPath: string | undefined;
  /** With variables: `%windir%\system32\cmd.exe`. It wins over the others when the shell expands it. */
  readonly expandable: string | undefined;
  readonly relativePath: string | undefined;
  readonly name: string | undefined;
  readonly workingFolder: string | undefined;
  readonly arguments: string | undefined;
  readonly icon: string | undefined;
}

/** Links of Windows stay below some kilobytes; those that carry a file behind their end are larger. */
export const LINK_MAX_BYTES = 4 * 1024 * 1024;
const HEADER = 0x4c;
const ITEMS_MAX = 256;
const BLOCKS_MAX = 64;
const EXPANDABLE_TARGET = 0xa0000001;
/** Characters of the fixed part of an expandable target. */
const TARGET_CHARACTERS = 260;

const HAS = { items: 1, info: 2, name: 4, relative: 8, folder: 16, arguments: 32, icon: 64, unicode: 128 };

export function isShellLink(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, 20)).toString('hex') === '4c0000000114020000000000c000000000000046';
}

/** @throws FormatError when a part runs past the end, or there are more parts than a link has. */
export function parseShellLink(content: Uint8Array): ShellLink {
  const bytes = new Bytes('shell link', content);
  if (content.length > LINK_MAX_BYTES) bytes.fail(`is too large (${content.length} bytes, at most ${LINK_MAX_BYTES})`);
  bytes.need(0, HEADER, 'header');
  if (!isShellLink(content)) bytes.fail('has no shell link header', 0);
  const flags = bytes.u32(0x14);
  let at = HEADER;
  let itemPath: string | undefined;
  if (flags & HAS.items) {
    const size = bytes.u16(at, 'list of items');
    itemPath = pathOfItems(new Bytes('shell link', bytes.slice(at + 2, size, 'list of items')));
    at += 2 + size;
  }
  let localPath: string | undefined;
  if (flags & HAS.info) {
    const size = bytes.u32(at, 'link information');
    localPath = pathOfInfo(new Bytes('shell link', bytes.slice(at, Math.max(size, 4), 'link information')));
    at += Math.max(size, 4);
  }
  const text = (flag: number): string | undefined => {
    if (!(flags & flag)) return undefined;
    const count = bytes.u16(at, 'text');
    const wide = (flags & HAS.unicode) !== 0;
    const data = bytes.slice(at + 2, wide ? 2 * count : count, 'text');
    at += 2 + data.length;
    // Some writers count the zero at the end.
    return (wide ? utf16(data) : Buffer.from(data).toString('latin1')).replace(/\0.*$/s, '');
  };
  // In this order in the file.
  const name = text(HAS.name);
  const relativePath = text(HAS.relative);
  const workingFolder = text(HAS.folder);
  const argumentText = text(HAS.arguments);
  const icon = text(HAS.icon);
  return { itemPath, localPath, expandable: expandableOf(bytes, at), relativePath, name, workingFolder, arguments: argumentText, icon };
}

/** Items of drives, folders and files; anything else (the control panel, an app) names no path. */
function pathOfItems(bytes: Bytes): string | undefined {
  const names: string[] = [];
  let at = 0;
  for (let count = 0; at + 2 <= bytes.length; count++) {
    const size = bytes.u16(at);
    if (size === 0) break;
    if (size < 3 || count >= ITEMS_MAX) bytes.fail('has a list of items that makes no sense', at);
    const item = new Bytes('shell link', bytes.slice(at, size, 'item'));
    const kind = item.u8(2);
    if ((kind & 0x70) === 0x20) names.push(asciiText(item, 3));
    else if ((kind & 0x70) === 0x30) names.push(fileName(item, kind));
    at += size;
  }
  const [drive, ...rest] = names;
  if (drive === undefined || !/^[A-Za-z]:/.test(drive)) return undefined;
  return [drive.replace(/\\+$/, ''), ...rest].join('\\');
}

/** The long name of the extension block 0xBEEF0004 when there is one, else the short one at offset 14. */
function fileName(item: Bytes, kind: number): string {
  const short = kind & 4 ? wideText(item, 14) : asciiText(item, 14);
  const block = item.length >= 2 ? item.u16(item.length - 2) : 0;
  if (block < 14 || block + 20 > item.length || item.u32(block + 4) !== 0xbeef0004) return short;
  const version = item.u16(block + 2);
  let at = block + (version >= 7 ? 38 : 20);
  if (version >= 9) at += 4;
  if (version >= 8) at += 4;
  return version >= 3 && at < item.length ? wideText(item, at) || short : short;
}

function pathOfInfo(bytes: Bytes): string | undefined {
  if (bytes.length < 28) return undefined;
  const headerSize = bytes.u32(4);
  const flags = bytes.u32(8);
  const wide = headerSize >= 0x24;
  if (flags & 1) {
    const base = wide && bytes.u32(28) !== 0 ? wideText(bytes, bytes.u32(28)) : asciiText(bytes, bytes.u32(16));
    const rest = wide && bytes.u32(32) !== 0 ? wideText(bytes, bytes.u32(32)) : asciiText(bytes, bytes.u32(24));
    return rest === '' ? base : `${base.replace(/\\+$/, '')}\\${rest}`;
  }
  if (flags & 2) {
    const share = bytes.u32(20);
    const rest = asciiText(bytes, bytes.u32(24));
    return [asciiText(bytes, share + bytes.u32(share + 8)), rest].filter((part) => part !== '').join('\\');
  }
  return undefined;
}

function expandableOf(bytes: Bytes, start: number): string | undefined {
  let at = start;
  for (let count = 0; at + 4 <= bytes.length && bytes.u32(at) >= 4; count++) {
    if (count >= BLOCKS_MAX) bytes.fail(`has more than ${BLOCKS_MAX} blocks of extra data`, at);
    const size = bytes.u32(at);
    const block = new Bytes('shell link', bytes.slice(at, size, 'extra data'));
    if (size >= 8 && block.u32(4) === EXPANDABLE_TARGET) {
      const wide = size >= 8 + 3 * TARGET_CHARACTERS ? wideText(block, 8 + TARGET_CHARACTERS) : '';
      return wide || asciiText(block, 8);
    }
    at += size;
  }
  return undefined;
}

function asciiText(bytes: Bytes, at: number): string {
  bytes.need(at, 0, 'text');
  return Buffer.from(bytes.data.subarray(at)).toString('latin1').replace(/\0.*$/s, '');
}

function wideText(bytes: Bytes, at: number): string {
  bytes.need(at, 0, 'text');
  return utf16(bytes.data.subarray(at)).replace(/\0.*$/s, '');
}
