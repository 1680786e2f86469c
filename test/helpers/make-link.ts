// Builds shell links for tests: every part at choice.

export interface LinkSpec {
  /** `C:\a\b.exe`, as folder items. */
  readonly items?: string;
  readonly local?: string;
  readonly expandable?: string;
  readonly name?: string;
  readonly relative?: string;
  readonly folder?: string;
  readonly arguments?: string;
  readonly icon?: string;
  /** Texts in 8 bits, as old links have them. */
  readonly narrow?: boolean;
}

export function makeLink(spec: LinkSpec): Uint8Array {
  const head = Buffer.alloc(0x4c);
  Buffer.from('4c0000000114020000000000c000000000000046', 'hex').copy(head);
  const texts = [spec.name, spec.relative, spec.folder, spec.arguments, spec.icon];
  const flags = [spec.items, spec.local, ...texts].reduce((sum, part, bit) => sum | (part === undefined ? 0 : 1 << bit), 0);
  head.writeUInt32LE(flags | (spec.narrow ? 0 : 128) | (spec.expandable === undefined ? 0 : 512), 0x14);
  const parts: Uint8Array[] = [head];
  if (spec.items !== undefined) parts.push(itemList(spec.items));
  if (spec.local !== undefined) parts.push(linkInfo(spec.local));
  for (const text of texts) if (text !== undefined) parts.push(counted(text, spec.narrow ?? false));
  if (spec.expandable !== undefined) parts.push(expandable(spec.expandable));
  parts.push(Buffer.alloc(4));
  return new Uint8Array(Buffer.concat(parts));
}

function counted(text: string, narrow: boolean): Buffer {
  const data = Buffer.from(text, narrow ? 'latin1' : 'utf16le');
  const count = Buffer.alloc(2);
  count.writeUInt16LE(text.length);
  return Buffer.concat([count, data]);
}

function itemList(path: string): Buffer {
  const [drive, ...names] = path.split('\\');
  const root = Buffer.from('14001f50e04fd020ea3a6910a2d808002b30309d', 'hex');
  const driveItem = Buffer.concat([Buffer.from([25, 0, 0x2f]), Buffer.from(`${drive}\\`.padEnd(22, '\0'), 'latin1')]);
  const items = names.map((name, index) => fileItem(name, index < names.length - 1));
  const list = Buffer.concat([root, driveItem, ...items, Buffer.alloc(2)]);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(list.length);
  return Buffer.concat([size, list]);
}

/** A file item with its short name and, as Vista and later write it, the long one. */
function fileItem(name: string, folder: boolean): Buffer {
  const short = Buffer.from(`${name.slice(0, 6).toUpperCase()}~1\0`, 'latin1');
  const front = Buffer.concat([Buffer.alloc(14), short, Buffer.alloc(short.length % 2)]);
  front[2] = folder ? 0x31 : 0x32;
  const block = Buffer.concat([Buffer.alloc(46), Buffer.from(`${name}\0`, 'utf16le'), Buffer.alloc(2)]);
  block.writeUInt16LE(block.length, 0);
  block.writeUInt16LE(9, 2);
  block.writeUInt32LE(0xbeef0004, 4);
  block.writeUInt16LE(front.length, block.length - 2);
  const item = Buffer.concat([front, block]);
  item.writeUInt16LE(item.length, 0);
  return item;
}

function linkInfo(path: string): Buffer {
  const info = Buffer.alloc(28);
  const text = Buffer.from(`${path}\0\0`, 'latin1');
  info.writeUInt32LE(28 + text.length, 0);
  info.writeUInt32LE(28, 4);
  info.writeUInt32LE(1, 8);
  info.writeUInt32LE(28, 16);
  info.writeUInt32LE(28 + path.length + 1, 24);
  return Buffer.concat([info, text]);
}

function expandable(text: string): Buffer {
  const block = Buffer.alloc(0x314);
  block.writeUInt32LE(0x314, 0);
  block.writeUInt32LE(0xa0000001, 4);
  block.write(text, 8, 'latin1');
  block.write(text, 268, 'utf16le');
  return block;
}
