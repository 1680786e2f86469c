// The smallest hive that Windows and hivex read: a base block and one bin with a root key and its security cell.
import { BASE_BLOCK_SIZE, writeChecksum } from './base-block.ts';

const BIN_SIZE = 0x1000;
const ROOT_NAME = 'ROOT';
/** 80 bytes of key cell with the size field, and the name, up to a multiple of 8. */
const ROOT_CELL = 0x20;
const ROOT_CELL_SIZE = 0x58;
const SECURITY_CELL = ROOT_CELL + ROOT_CELL_SIZE;
const NONE = 0xffffffff;

/**
 * O:BAG:SYD:PAI(A;CI;KA;;;SY)(A;CI;KA;;;BA)(A;CI;KR;;;BU): what the root of a machine hive carries, so that no key made
 * below it can be written by ordinary users.
 */
function rootDescriptor(): Uint8Array {
  const system = sid(18);
  const administrators = sid(32, 544);
  const users = sid(32, 545);
  const aces = [ace(0xf003f, system), ace(0xf003f, administrators), ace(0x20019, users)];
  const acl = Buffer.concat([header(8 + size(aces), aces.length), ...aces]);
  const head = Buffer.alloc(20);
  head[0] = 1;
  head.writeUInt16LE(0x9404, 2); // self-relative, DACL present, auto-inherited, protected
  head.writeUInt32LE(20, 4); // owner
  head.writeUInt32LE(20 + administrators.length, 8); // group
  head.writeUInt32LE(20 + administrators.length + system.length, 16); // DACL
  return Buffer.concat([head, administrators, system, acl]);
}

function sid(...authorities: number[]): Buffer {
  const bytes = Buffer.alloc(8 + authorities.length * 4);
  bytes[0] = 1;
  bytes[1] = authorities.length;
  bytes[7] = 5; // NT authority
  for (const [index, authority] of authorities.entries()) bytes.writeUInt32LE(authority, 8 + index * 4);
  return bytes;
}

/** An access-allowed entry that sub-keys inherit. */
function ace(mask: number, of: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head[1] = 0x02;
  head.writeUInt16LE(8 + of.length, 2);
  head.writeUInt32LE(mask, 4);
  return Buffer.concat([head, of]);
}

function header(bytes: number, count: number): Buffer {
  const head = Buffer.alloc(8);
  head[0] = 2;
  head.writeUInt16LE(bytes, 2);
  head.writeUInt16LE(count, 4);
  return head;
}

function size(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** A hive of 8 KiB without values and sub-keys, the same bytes each time (all times are zero). */
export function emptyHive(): Uint8Array {
  const bytes = Buffer.alloc(BASE_BLOCK_SIZE + BIN_SIZE);
  bytes.write('regf', 0, 'latin1');
  bytes.writeUInt32LE(1, 0x04);
  bytes.writeUInt32LE(1, 0x08);
  bytes.writeUInt32LE(1, 0x14);
  bytes.writeUInt32LE(5, 0x18);
  bytes.writeUInt32LE(1, 0x20); // stored as a memory image
  bytes.writeUInt32LE(ROOT_CELL, 0x24);
  bytes.writeUInt32LE(BIN_SIZE, 0x28);
  bytes.writeUInt32LE(1, 0x2c); // clustering factor

  const bin = bytes.subarray(BASE_BLOCK_SIZE);
  bin.write('hbin', 0, 'latin1');
  bin.writeUInt32LE(BIN_SIZE, 8);

  bin.writeInt32LE(-ROOT_CELL_SIZE, ROOT_CELL);
  const root = bin.subarray(ROOT_CELL + 4);
  root.write('nk', 0, 'latin1');
  root.writeUInt16LE(0x2c, 2); // compressed name, no delete, root of a hive
  root.writeUInt32LE(NONE, 16); // a root has no parent
  root.writeUInt32LE(NONE, 28);
  root.writeUInt32LE(NONE, 32);
  root.writeUInt32LE(NONE, 40);
  root.writeUInt32LE(SECURITY_CELL, 44);
  root.writeUInt32LE(NONE, 48);
  root.writeUInt16LE(ROOT_NAME.length, 72);
  root.write(ROOT_NAME, 76, 'latin1');

  const descriptor = rootDescriptor();
  const securitySize = Math.ceil((24 + descriptor.length) / 8) * 8;
  bin.writeInt32LE(-securitySize, SECURITY_CELL);
  const security = bin.subarray(SECURITY_CELL + 4);
  security.write('sk', 0, 'latin1');
  security.writeUInt32LE(SECURITY_CELL, 4); // a ring of one
  security.writeUInt32LE(SECURITY_CELL, 8);
  security.writeUInt32LE(1, 12); // used by one key
  security.writeUInt32LE(descriptor.length, 16);
  security.set(descriptor, 20);

  const free = SECURITY_CELL + securitySize;
  bin.writeInt32LE(BIN_SIZE - free, free);
  writeChecksum(bytes);
  return new Uint8Array(bytes);
}
