// Archives for tests, packed by the programs that people use: every one from an object of names and contents.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Members = Readonly<Record<string, string | Uint8Array>>;

/** An archive by 7-Zip: `zip`, `7z`, `tar`, `gzip`, `xz`, `bzip2`. */
export function pack(type: string, members: Members, ...options: readonly string[]): Buffer {
  return inFolder(members, (folder) => {
    const names = Object.keys(members).map((name) => name.split('/')[0]!);
    execFileSync('7zz', ['a', '-bd', `-t${type}`, ...options, '../out', ...new Set(names)], { cwd: folder, stdio: 'ignore' });
    return readFileSync(join(folder, '..', `out${OUT[type] ?? `.${type}`}`));
  });
}

/** 7-Zip adds these to a name without one. */
const OUT: Readonly<Record<string, string>> = { gzip: '.gz', bzip2: '.bz2' };

function inFolder(members: Members, use: (folder: string) => Buffer): Buffer {
  const top = mkdtempSync(join(tmpdir(), 'archives-'));
  try {
    for (const [name, content] of Object.entries(members)) {
      mkdirSync(dirname(join(top, 'in', name)), { recursive: true });
      writeFileSync(join(top, 'in', name), content);
    }
    return use(join(top, 'in'));
  } finally {
    rmSync(top, { recursive: true });
  }
}

/** A zip of stored members whose names may be anything: no packer writes such. */
export function rawZip(
  members: readonly { readonly name: string | Uint8Array; readonly content?: string; readonly size?: number }[],
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', size } of members) {
    const bytes = Buffer.from(name as string);
    const data = Buffer.from(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(10, 0); // version
    fields.writeUInt16LE(0x800, 2); // names are UTF-8
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(size ?? data.length, 18);
    fields.writeUInt16LE(bytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, bytes, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x0a\0', 'latin1'), fields, rest, bytes]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const at of [8, 10]) end.writeUInt16LE(Math.min(members.length, 0xffff), at);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, ...(members.length > 0xffff ? largeEnd(members.length, central.length, offset) : []), end]);
}

/** The zip64 end of directory and what points to it. */
function largeEnd(count: number, size: number, offset: number): readonly Buffer[] {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  for (const at of [12, 14]) record.writeUInt16LE(45, at);
  for (const at of [24, 32]) record.writeBigUInt64LE(BigInt(count), at);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return [record, locator];
}

/** A cabinet of stored files in one folder: [MS-CAB], header, folder, files, one block of data each 32 KiB; checksums of 0 are not checked. */
export function makeCab(members: Members): Buffer {
  const data = Buffer.concat(Object.values(members).map((content) => Buffer.from(content as string)));
  let start = 0;
  const files = Object.entries(members).map(([name, content]) => {
    const size = Buffer.byteLength(content as string);
    const entry = Buffer.concat([Buffer.alloc(16), Buffer.from(`${name}\0`)]);
    entry.writeUInt32LE(size, 0);
    entry.writeUInt32LE(start, 4);
    start += size;
    return entry;
  });
  const blocks: Buffer[] = [];
  for (let at = 0; at < data.length; at += 32_768) {
    const block = data.subarray(at, at + 32_768);
    const head = Buffer.alloc(8);
    head.writeUInt16LE(block.length, 4);
    head.writeUInt16LE(block.length, 6);
    blocks.push(head, block);
  }
  const header = Buffer.alloc(44);
  const list = Buffer.concat(files);
  const body = Buffer.concat(blocks);
  header.write('MSCF', 'latin1');
  header.writeUInt32LE(header.length + list.length + body.length, 8);
  header.writeUInt32LE(header.length, 16);
  header.writeUInt16LE(0x103, 24);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(files.length, 28);
  header.writeUInt32LE(header.length + list.length, 36);
  header.writeUInt16LE(blocks.length / 2, 40);
  return Buffer.concat([header, list, body]);
}

export interface ProgramSpec {
  readonly overlay?: Uint8Array;
  readonly certificate?: Uint8Array;
  /** The certificates stand in front of the overlay and not behind it. */
  readonly certificateFirst?: boolean;
  /** The content of the section `.rsrc`. */
  readonly resources?: Uint8Array;
}

/** A 64-bit program of headers, one section of code and what is asked for; it does nothing. */
export function makeProgram({ overlay = new Uint8Array(), certificate, certificateFirst = false, resources }: ProgramSpec): Buffer {
  const PE = 0x80;
  const sections = [{ name: '.text', data: Buffer.alloc(512, 0xcc) }, ...(resources ? [{ name: '.rsrc', data: padded(resources) }] : [])];
  const headers = Buffer.alloc(1024);
  headers.write('MZ', 'latin1');
  headers.writeUInt32LE(PE, 0x3c);
  headers.write('PE\0\0', PE, 'latin1');
  headers.writeUInt16LE(0x8664, PE + 4);
  headers.writeUInt16LE(sections.length, PE + 6);
  headers.writeUInt16LE(240, PE + 20); // SizeOfOptionalHeader
  const optional = PE + 24;
  headers.writeUInt16LE(0x20b, optional);
  headers.writeUInt32LE(headers.length, optional + 60);
  headers.writeUInt32LE(16, optional + 108);
  let at = headers.length;
  for (const [index, { name, data }] of sections.entries()) {
    const entry = optional + 240 + index * 40;
    const address = 0x1000 * (index + 1);
    headers.write(name, entry, 'latin1');
    for (const [offset, value] of [
      [8, data.length],
      [12, address],
      [16, data.length],
      [20, at],
    ] as const)
      headers.writeUInt32LE(value, entry + offset);
    if (name === '.rsrc')
      for (const [offset, value] of [
        [0, address],
        [4, data.length],
      ] as const)
        headers.writeUInt32LE(value, optional + 112 + 16 + offset);
    at += data.length;
  }
  if (certificate) {
    headers.writeUInt32LE(certificateFirst ? at : at + overlay.length, optional + 112 + 32);
    headers.writeUInt32LE(certificate.length, optional + 112 + 36);
  }
  const tail = certificateFirst ? [certificate ?? new Uint8Array(), overlay] : [overlay, certificate ?? new Uint8Array()];
  return Buffer.concat([headers, ...sections.map(({ data }) => data), ...tail]);
}

function padded(data: Uint8Array): Buffer {
  return Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
