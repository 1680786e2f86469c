// Writes a self-relative security descriptor from its parts, laid out as Windows lays it: head, SACL, DACL, owner, group.
import { FormatError } from '../bytes.ts';
import { type Ace, CONTROL_DACL_PRESENT, CONTROL_SACL_PRESENT, CONTROL_SELF_RELATIVE, type SecurityDescriptor } from './model.ts';
import { sidBytes } from './parse.ts';

/** ACE types that need list revision 4 (ACL_REVISION_DS, [MS-DTYP] 2.4.5). */
const OBJECT_TYPES = new Set([0x05, 0x06, 0x07, 0x08, 0x0b, 0x0c, 0x0f, 0x10]);

/**
 * The bytes of the descriptor. Presence bits of the control field follow the lists; every ACE goes out as its `bytes`.
 * @throws FormatError when a list is too long.
 */
export function renderDescriptor(descriptor: SecurityDescriptor): Uint8Array {
  const sacl = descriptor.sacl ? aclBytes(descriptor.sacl) : undefined;
  const dacl = descriptor.dacl ? aclBytes(descriptor.dacl) : undefined;
  const owner = descriptor.owner === undefined ? undefined : sidBytes(descriptor.owner);
  const group = descriptor.group === undefined ? undefined : sidBytes(descriptor.group);
  const parts = [sacl, dacl, owner, group];
  const data = new Uint8Array(20 + parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  const view = new DataView(data.buffer);
  let end = 20;
  const [saclAt, daclAt, ownerAt, groupAt] = parts.map((part) => {
    if (!part) return 0;
    const at = end;
    data.set(part, at);
    end += part.length;
    return at;
  });
  let control = (descriptor.control | CONTROL_SELF_RELATIVE) & ~(CONTROL_SACL_PRESENT | CONTROL_DACL_PRESENT);
  if (sacl) control |= CONTROL_SACL_PRESENT;
  // A descriptor that says "no DACL" on purpose has the bit without a list; only a list of ours sets it.
  if (dacl) control |= CONTROL_DACL_PRESENT;
  data[0] = 1;
  view.setUint16(2, control, true);
  view.setUint32(4, ownerAt!, true);
  view.setUint32(8, groupAt!, true);
  view.setUint32(12, saclAt!, true);
  view.setUint32(16, daclAt!, true);
  return data;
}

function aclBytes(aces: readonly Ace[]): Uint8Array {
  const size = 8 + aces.reduce((sum, ace) => sum + ace.bytes.length, 0);
  // The size field has 16 bits. Inheritance can double a list that just fits.
  if (size > 0xffff) throw new FormatError('security descriptor', `access-control list of ${size} bytes does not fit`);
  const data = new Uint8Array(size);
  const view = new DataView(data.buffer);
  data[0] = aces.some((ace) => OBJECT_TYPES.has(ace.type)) ? 4 : 2;
  view.setUint16(2, size, true);
  view.setUint16(4, aces.length, true);
  let at = 8;
  for (const ace of aces) {
    data.set(ace.bytes, at);
    at += ace.bytes.length;
  }
  return data;
}

/** An ACE with the plain layout (header, mask, SID). */
export function plainAce(type: number, flags: number, mask: number, sid: string): Ace {
  const tail = sidBytes(sid);
  const bytes = new Uint8Array(8 + tail.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = type;
  bytes[1] = flags;
  view.setUint16(2, bytes.length, true);
  view.setUint32(4, mask, true);
  bytes.set(tail, 8);
  return { type, flags, mask: mask >>> 0, sid, bytes, sidAt: 8 };
}

/** The same ACE with other flags, mask or SID; what stands behind the SID stays. */
export function changedAce(ace: Ace, change: { readonly flags: number; readonly mask?: number; readonly sid?: string }): Ace {
  const mask = change.mask ?? ace.mask;
  const sid = change.sid ?? ace.sid;
  if (ace.sid === undefined || sid === undefined) {
    const bytes = ace.bytes.slice();
    bytes[1] = change.flags;
    return { ...ace, flags: change.flags, bytes };
  }
  const head = ace.bytes.subarray(0, ace.sidAt);
  const behind = ace.bytes.subarray(ace.sidAt + sidBytes(ace.sid).length);
  const middle = sidBytes(sid);
  const bytes = new Uint8Array(head.length + middle.length + behind.length);
  bytes.set(head);
  bytes.set(middle, head.length);
  bytes.set(behind, head.length + middle.length);
  const view = new DataView(bytes.buffer);
  bytes[1] = change.flags;
  view.setUint16(2, bytes.length, true);
  view.setUint32(4, mask, true);
  return { ...ace, flags: change.flags, mask: mask >>> 0, sid, bytes };
}
