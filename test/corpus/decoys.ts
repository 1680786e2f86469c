// Things that look like parts of activators from outside and can do nothing. Made at run time; constants are cut to what is public knowledge.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { noise } from '../../scripts/dev/fixtures/bytes.ts';

/** The first eight bytes of the keys of KMS protocol 4, 5 and 6. With blanks, so that this file is no decoy itself. */
export const PROTOCOL = ['05 3d 83 07 f9 e5 f0 88', 'cd 7e 79 6f 2a b2 5d cb', 'a9 4a 41 95 e2 01 43 2d'].map(bytesOf);
/** The interface of the KMS service as it goes over the wire. */
export const INTERFACE = bytesOf('75 21 c8 51 4e 84 50 47 b0 d8 ec 25 55 55 bc 06');

export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

export const wide = (text: string) => Buffer.from(text, 'utf16le');

/** Text with something between its letters, so that the source of a case never holds it in one piece. */
export const joined = (...parts: readonly string[]) => parts.join('');

export function emulatorBody(): Buffer {
  return Buffer.concat([noise('a', 700), PROTOCOL[0]!, noise('b', 99), PROTOCOL[1]!, noise('c', 33), PROTOCOL[2]!, noise('d', 400)]);
}

/** An ELF header with content behind it. */
export function elfFile(body: Uint8Array): Buffer {
  const head = Buffer.alloc(64);
  bytesOf('7f 45 4c 46 02 01 01 00').copy(head);
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(0x3e, 18);
  head.writeUInt32LE(1, 20);
  return Buffer.concat([head, body]);
}

export interface Exported {
  readonly name: string;
  /** `other.Function`: the export is handed on. */
  readonly forward?: string;
}

/** A 64-bit DLL of one section that has an export table. */
export function dllFile(own: string, exports: readonly Exported[], body: Uint8Array = noise(own, 64)): Buffer {
  const base = 0x1000;
  const data = Buffer.alloc(0x8000);
  let end = 40;
  const put = (bytes: Uint8Array): number => {
    data.set(bytes, end);
    end += bytes.length;
    return base + end - bytes.length;
  };
  const sorted = [...exports].sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = sorted.map(({ name }) => put(Buffer.from(`${name}\0`, 'latin1')));
  end = Math.ceil(end / 4) * 4;
  const first = end;
  const addresses = Buffer.alloc(4 * sorted.length);
  end += addresses.length;
  const nameTable = Buffer.alloc(4 * sorted.length);
  const nameTableAt = base + end;
  for (const [at, rva] of names.entries()) nameTable.writeUInt32LE(rva, 4 * at);
  put(nameTable);
  const ordinals = Buffer.alloc(2 * sorted.length);
  const ordinalsAt = base + end;
  for (const at of sorted.keys()) ordinals.writeUInt16LE(at, 2 * at);
  put(ordinals);
  const ownAt = put(Buffer.from(`${own}\0`, 'latin1'));
  for (const [at, { forward }] of sorted.entries()) {
    addresses.writeUInt32LE(forward === undefined ? 0 : put(Buffer.from(`${forward}\0`, 'latin1')), 4 * at);
  }
  // Forwarders lie inside of the export directory; what is implemented here lies outside of it, in a second section.
  const directoryEnd = end;
  const implementedAt = base + 0x8000;
  for (const [at, { forward }] of sorted.entries()) if (forward === undefined) addresses.writeUInt32LE(implementedAt, 4 * at);
  data.set(addresses, first);
  data.writeUInt32LE(ownAt, 12);
  data.writeUInt32LE(1, 16);
  data.writeUInt32LE(sorted.length, 20);
  data.writeUInt32LE(sorted.length, 24);
  data.writeUInt32LE(base + first, 28);
  data.writeUInt32LE(nameTableAt, 32);
  data.writeUInt32LE(ordinalsAt, 36);
  const text = Buffer.alloc(Math.ceil((body.length + 16) / 0x200) * 0x200);
  Buffer.from([0x33, 0xc0, 0xc3, 0x90]).copy(text);
  text.set(body, 16);
  return Buffer.concat([peHeader(text.length, base, directoryEnd), data, text]);
}

function peHeader(textSize: number, exportsAt: number, exportsSize: number): Buffer {
  const head = Buffer.alloc(0x400);
  head.write('MZ', 0, 'latin1');
  head.writeUInt32LE(0x80, 0x3c);
  head.write('PE\0\0', 0x80, 'latin1');
  head.writeUInt16LE(0x8664, 0x84);
  head.writeUInt16LE(2, 0x86);
  head.writeUInt32LE(0x60000000, 0x88);
  head.writeUInt16LE(240, 0x94);
  head.writeUInt16LE(0x2022, 0x96);
  const optional = 0x98;
  head.writeUInt16LE(0x20b, optional);
  head.writeBigUInt64LE(0x180000000n, optional + 24);
  head.writeUInt32LE(0x1000, optional + 32);
  head.writeUInt32LE(0x200, optional + 36);
  head.writeUInt16LE(6, optional + 48);
  head.writeUInt32LE(0x9000 + Math.ceil(textSize / 0x1000) * 0x1000, optional + 56);
  head.writeUInt32LE(0x400, optional + 60);
  head.writeUInt16LE(2, optional + 68);
  head.writeUInt32LE(16, optional + 108);
  head.writeUInt32LE(exportsAt, optional + 112);
  head.writeUInt32LE(exportsSize, optional + 116);
  const section = (at: number, name: string, size: number, address: number, offset: number, flags: number) => {
    head.write(name, at, 'latin1');
    head.writeUInt32LE(size, at + 8);
    head.writeUInt32LE(address, at + 12);
    head.writeUInt32LE(size, at + 16);
    head.writeUInt32LE(offset, at + 20);
    head.writeUInt32LE(flags, at + 36);
  };
  section(optional + 240, '.rdata', 0x8000, 0x1000, 0x400, 0x40000040);
  section(optional + 280, '.text', textSize, 0x9000, 0x8400, 0x60000020);
  return head;
}

/** Functions of the licensing client, as its documentation names them. */
export const SL_FUNCTIONS = [
  'SLOpen',
  'SLClose',
  'SLGetLicensingStatusInformation',
  'SLGetPolicyInformation',
  'SLGetPolicyInformationDWORD',
  'SLInstallLicense',
  'SLGetSLIDList',
  'SLGetProductSkuInformation',
  'SLGetServiceInformation',
  'SLConsumeRight',
  'SLFireEvent',
  'SLGetPKeyInformation',
  'SLInstallProofOfPurchase',
  'SLUninstallLicense',
  'SLpGetMSPidInformation',
  'SLpCheckProductKey',
] as const;

/** A licensing client that hands everything on but the one question whose answer matters. */
export function licensingProxy(own: string, to: string): Buffer {
  return dllFile(
    own,
    SL_FUNCTIONS.map((name) => (name === 'SLGetLicensingStatusInformation' ? { name } : { name, forward: `${to}.${name}` })),
  );
}

type Contents = Readonly<Record<string, Uint8Array | string>>;

/** An archive made by 7-Zip; `type` as its -t switch wants it. */
export function archive(type: string, files: Contents, more: readonly string[] = []): Buffer {
  return made(files, `out.${type}`, (folder, out) =>
    execFileSync('7zz', ['a', `-t${type}`, '-bd', ...more, out, '.'], { cwd: folder, stdio: 'ignore' }),
  );
}

/** A WIM of a folder, made by wimlib. */
export function wimOf(files: Contents): Buffer {
  return made(files, 'out.wim', (folder, out) =>
    execFileSync('wimlib-imagex', ['capture', folder, out, 'inner', '--compress=none'], { stdio: 'ignore' }),
  );
}

/** An ISO 9660 image, made by xorriso. */
export function discImage(files: Contents): Buffer {
  return made(files, 'out.iso', (folder, out) =>
    execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', '-J', '-o', out, folder], { stdio: 'ignore' }),
  );
}

function made(files: Contents, name: string, make: (folder: string, out: string) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-corpus-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'in', path)), { recursive: true });
      writeFileSync(join(folder, 'in', path), content);
    }
    make(join(folder, 'in'), join(folder, name));
    return readFileSync(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
