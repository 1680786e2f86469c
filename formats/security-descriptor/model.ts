// A security descriptor as a value, and the numbers of its format. Facts: [MS-DTYP] 2.4.2 (SID), 2.4.4 (ACE), 2.4.5 (ACL), 2.4.6 (SECURITY_DESCRIPTOR).

export interface Ace {
  readonly type: number; // ACE_*
  readonly flags: number; // inheritance and audit bits
  readonly mask: number; // access mask, unsigned; 0 in a type that we do not know
  readonly sid: string | undefined; // 'S-1-5-18'; undefined in a type that we do not know
  readonly bytes: Uint8Array; // the whole ACE as stored
  /** Where the SID starts in `bytes`; what stands behind it (conditions, attributes) is kept as stored. */
  readonly sidAt: number;
}

export interface SecurityDescriptor {
  readonly control: number; // CONTROL_*
  readonly owner: string | undefined;
  readonly group: string | undefined;
  /** undefined: there is no DACL at all, which Windows reads as "everyone may do everything". An empty list lets nobody in. */
  readonly dacl: readonly Ace[] | undefined;
  readonly sacl: readonly Ace[] | undefined;
}

export const CONTROL_DACL_PRESENT = 0x0004;
export const CONTROL_SACL_PRESENT = 0x0010;
export const CONTROL_DACL_AUTO_INHERITED = 0x0400;
export const CONTROL_SACL_AUTO_INHERITED = 0x0800;
export const CONTROL_SELF_RELATIVE = 0x8000;

export const ACE_ALLOWED = 0x00;
export const ACE_DENIED = 0x01;
export const ACE_ALLOWED_OBJECT = 0x05;
export const ACE_ALLOWED_CALLBACK = 0x09;
export const ACE_ALLOWED_CALLBACK_OBJECT = 0x0b;

export const ACE_OBJECT_INHERIT = 0x01;
export const ACE_CONTAINER_INHERIT = 0x02;
export const ACE_NO_PROPAGATE = 0x04;
export const ACE_INHERIT_ONLY = 0x08;
export const ACE_INHERITED = 0x10;

export const GENERIC_ALL = 0x10000000;
export const GENERIC_EXECUTE = 0x20000000;
export const GENERIC_WRITE = 0x40000000;
export const GENERIC_READ = 0x80000000;

/** What the generic rights mean on a file or folder: FILE_GENERIC_READ, _WRITE, _EXECUTE, FILE_ALL_ACCESS (winnt.h). */
const GENERIC_ON_FILES = [
  [GENERIC_READ, 0x00120089],
  [GENERIC_WRITE, 0x00120116],
  [GENERIC_EXECUTE, 0x001200a0],
  [GENERIC_ALL, 0x001f01ff],
] as const;

const ANY_GENERIC = GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL;

/** The access mask with its generic rights spelled out as file rights. */
export function fileRights(mask: number): number {
  let rights = mask & ~ANY_GENERIC;
  for (const [generic, specific] of GENERIC_ON_FILES) if ((mask & generic) !== 0) rights |= specific;
  return rights >>> 0;
}

export function hasGenericRights(mask: number): boolean {
  return (mask & ANY_GENERIC) !== 0;
}
