// Reads a self-relative security descriptor: owner, group, and the two access-control lists, every length checked.
import { Bytes } from '../bytes.ts';
import { type Ace, CONTROL_DACL_PRESENT, CONTROL_SACL_PRESENT, type SecurityDescriptor } from './model.ts';

export type { SecurityDescriptor } from './model.ts';
export { replacersOf, writersOf } from './writers.ts';

const FORMAT = 'security descriptor';

/** Two ACLs of 64 KiB each (their size field has 16 bits), two SIDs and the 20-byte head fit in this. */
const DESCRIPTOR_MAX = 0x20000 + 0x1000;

/** A SID has at most 15 sub-authorities ([MS-DTYP] 2.4.2.2). */
const SUB_AUTHORITIES_MAX = 15;

/** ACE types with the layout header, mask, SID: allowed, denied, audit, alarm, their callback forms, label, attribute, policy, trust label, filter. */
const PLAIN_TYPES = new Set([0x00, 0x01, 0x02, 0x03, 0x09, 0x0a, 0x0d, 0x0e, 0x11, 0x12, 0x13, 0x14, 0x15]);

/** ACE types with two optional GUIDs between mask and SID. */
const OBJECT_TYPES = new Set([0x05, 0x06, 0x07, 0x08, 0x0b, 0x0c, 0x0f, 0x10]);

/** @throws FormatError for anything that is not a whole self-relative descriptor. */
export function parseDescriptor(data: Uint8Array): SecurityDescriptor {
  const bytes = new Bytes(FORMAT, data);
  if (data.length > DESCRIPTOR_MAX) bytes.fail(`is absurdly large (${data.length} bytes)`);
  bytes.need(0, 20, 'head');
  const revision = bytes.u8(0); // +0x00 revision, always 1
  if (revision !== 1) bytes.fail(`revision ${revision} is not known`, 0);
  const control = bytes.u16(2); // +0x02 control bits
  const ownerAt = bytes.u32(4); // +0x04 owner, 0: none
  const groupAt = bytes.u32(8); // +0x08 group, 0: none
  const saclAt = bytes.u32(12); // +0x0c SACL, 0: none
  const daclAt = bytes.u32(16); // +0x10 DACL, 0: none
  return {
    control,
    owner: ownerAt === 0 ? undefined : readSid(bytes, ownerAt),
    group: groupAt === 0 ? undefined : readSid(bytes, groupAt),
    sacl: saclAt === 0 || (control & CONTROL_SACL_PRESENT) === 0 ? undefined : readAcl(bytes, saclAt),
    dacl: daclAt === 0 || (control & CONTROL_DACL_PRESENT) === 0 ? undefined : readAcl(bytes, daclAt),
  };
}

function readAcl(bytes: Bytes, at: number): readonly Ace[] {
  // +0x00 revision (2, 4 with object ACEs), +0x02 size of the whole list, +0x04 number of entries
  const revision = bytes.u8(at, 'list head');
  if (revision < 2 || revision > 4) bytes.fail(`access-control list of revision ${revision} is not known`, at);
  const size = bytes.u16(at + 2, 'list size');
  const count = bytes.u16(at + 4, 'list count');
  if (size < 8) bytes.fail(`access-control list of ${size} bytes is too short`, at);
  bytes.need(at, size, 'access-control list');
  const end = at + size;
  const aces: Ace[] = [];
  let position = at + 8;
  for (let index = 0; index < count; index++) {
    if (position + 4 > end) bytes.fail(`entry ${index} of ${count} runs past its list`, position);
    const aceSize = bytes.u16(position + 2, 'entry size');
    if (aceSize < 4 || position + aceSize > end) bytes.fail(`entry ${index} of ${count} has a wrong size (${aceSize})`, position);
    aces.push(readAce(bytes.slice(position, aceSize)));
    position += aceSize;
  }
  return aces;
}

function readAce(data: Uint8Array): Ace {
  const bytes = new Bytes(FORMAT, data);
  const type = bytes.u8(0); // +0x00 type
  const flags = bytes.u8(1); // +0x01 flags
  const known = { type, flags, bytes: data };
  if (PLAIN_TYPES.has(type)) {
    return { ...known, mask: bytes.u32(4, 'access mask'), sid: readSid(bytes, 8), sidAt: 8 };
  }
  if (OBJECT_TYPES.has(type)) {
    const guids = bytes.u32(8, 'object flags') & 3; // bit 0: an object type, bit 1: an inherited object type
    const sidAt = 12 + (guids & 1 ? 16 : 0) + (guids & 2 ? 16 : 0);
    return { ...known, mask: bytes.u32(4, 'access mask'), sid: readSid(bytes, sidAt), sidAt };
  }
  return { ...known, mask: 0, sid: undefined, sidAt: data.length };
}

/** A SID that stands alone, as text: `S-1-5-18`. @throws FormatError */
export function sidText(data: Uint8Array): string {
  return readSid(new Bytes(FORMAT, data), 0);
}

function readSid(bytes: Bytes, at: number): string {
  // +0x00 revision, +0x01 number of sub-authorities, +0x02 authority (48 bits, big endian), +0x08 sub-authorities
  const revision = bytes.u8(at, 'SID');
  const count = bytes.u8(at + 1, 'SID');
  if (revision !== 1) bytes.fail(`SID of revision ${revision} is not known`, at);
  if (count > SUB_AUTHORITIES_MAX) bytes.fail(`SID with ${count} parts is too long`, at);
  bytes.need(at, 8 + 4 * count, 'SID');
  let authority = 0;
  for (let index = 2; index < 8; index++) authority = authority * 256 + bytes.u8(at + index);
  const parts = [1, authority];
  for (let index = 0; index < count; index++) parts.push(bytes.u32(at + 8 + 4 * index));
  return `S-${parts.join('-')}`;
}

/** The bytes of a SID from its text. */
export function sidBytes(sid: string): Uint8Array {
  const [revision, authority, ...parts] = sid.slice(2).split('-').map(Number);
  if (!sid.startsWith('S-') || revision !== 1 || authority === undefined || parts.length > SUB_AUTHORITIES_MAX) {
    throw new TypeError(`${sid}: is not the text of a SID`);
  }
  const data = new Uint8Array(8 + 4 * parts.length);
  const view = new DataView(data.buffer);
  data[0] = 1;
  data[1] = parts.length;
  view.setUint16(2, Math.floor(authority / 2 ** 32));
  view.setUint32(4, authority % 2 ** 32);
  for (const [index, part] of parts.entries()) view.setUint32(8 + 4 * index, part, true);
  return data;
}
