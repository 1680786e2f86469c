// Which of the groups that every local user belongs to may change a file or folder.
import type { Ace, SecurityDescriptor } from './model.ts';
import {
  ACE_ALLOWED,
  ACE_ALLOWED_CALLBACK,
  ACE_ALLOWED_CALLBACK_OBJECT,
  ACE_ALLOWED_OBJECT,
  ACE_DENIED,
  ACE_INHERIT_ONLY,
  fileRights,
} from './model.ts';

const EVERYONE = 'S-1-1-0';

/** SIDs that a user without any privilege can hold ("Well-known SIDs", [MS-DTYP] 2.4.2.4). */
const BROAD = new Set([
  EVERYONE,
  'S-1-2-0', // LOCAL
  'S-1-2-1', // CONSOLE LOGON
  'S-1-5-2', // NETWORK
  'S-1-5-3', // BATCH
  'S-1-5-4', // INTERACTIVE
  'S-1-5-7', // ANONYMOUS LOGON
  'S-1-5-11', // Authenticated Users
  'S-1-5-14', // REMOTE INTERACTIVE LOGON
  'S-1-5-15', // This Organization
  'S-1-5-113', // Local account
  'S-1-5-32-545', // Users
  'S-1-5-32-546', // Guests
]);

/** Domain Users, Domain Guests and Domain Computers of any domain. */
const BROAD_IN_DOMAIN = /^S-1-5-21-\d+-\d+-\d+-51[345]$/;

/** An entry for OWNER RIGHTS replaces what an owner may do by being the owner. */
const OWNER_RIGHTS = 'S-1-3-4';

const WRITE_DATA = 0x2; // on a folder: create files in it
const APPEND_DATA = 0x4; // on a folder: create folders in it
const DELETE_CHILD = 0x40; // means something on folders only
const DELETE = 0x10000;
const WRITE_DAC = 0x40000;
const WRITE_OWNER = 0x80000;
/** Rights that let their holder put other content in the place of what stands there, at once or in a second move. */
const WRITING = WRITE_DATA | APPEND_DATA | DELETE | WRITE_DAC | WRITE_OWNER;

/** Entries that may give rights; a conditional one is taken to hold, since the condition is decided at the time of access. */
const ALLOWING = new Set([ACE_ALLOWED, ACE_ALLOWED_OBJECT, ACE_ALLOWED_CALLBACK, ACE_ALLOWED_CALLBACK_OBJECT]);

/**
 * The broad groups among those that may write, replace, delete or take over the file or folder, in the order of its list.
 * Denying entries count where they stand in front; inherit-only entries say nothing about the object itself.
 */
export function writersOf(descriptor: SecurityDescriptor, folder: boolean): readonly string[] {
  return holdersOf(descriptor, folder ? WRITING | DELETE_CHILD : WRITING);
}

/**
 * The broad groups that may put another file in the place of any that lies in this folder, however that is guarded itself: they may
 * delete in it, or give themselves that right. Making new files, as ProgramData and Temp let users do, is not enough.
 */
export function replacersOf(descriptor: SecurityDescriptor): readonly string[] {
  return holdersOf(descriptor, DELETE_CHILD | WRITE_DAC | WRITE_OWNER);
}

function holdersOf(descriptor: SecurityDescriptor, wanted: number): readonly string[] {
  if (!descriptor.dacl) return [EVERYONE];
  const writers = new Set<string>();
  const denied = new Map<string, number>();
  for (const ace of descriptor.dacl) {
    if (ace.sid === undefined || ace.flags & ACE_INHERIT_ONLY) continue;
    const rights = fileRights(ace.mask);
    if (ace.type === ACE_DENIED) denied.set(ace.sid, (denied.get(ace.sid) ?? 0) | rights);
    if (!ALLOWING.has(ace.type) || !isBroad(ace.sid)) continue;
    // A right denied to everyone is denied to each group. Denied to one group, another may still hold it.
    const taken = (denied.get(ace.sid) ?? 0) | (denied.get(EVERYONE) ?? 0);
    if ((rights & wanted & ~taken) !== 0) writers.add(ace.sid);
  }
  if (ownerMayTakeOver(descriptor)) writers.add(descriptor.owner!);
  return [...writers];
}

/** An owner may always change the list itself, unless an entry for OWNER RIGHTS says otherwise. */
function ownerMayTakeOver({ owner, dacl }: SecurityDescriptor): boolean {
  if (owner === undefined || !isBroad(owner)) return false;
  return !dacl!.some((ace: Ace) => ace.sid === OWNER_RIGHTS && !(ace.flags & ACE_INHERIT_ONLY));
}

function isBroad(sid: string): boolean {
  return BROAD.has(sid) || BROAD_IN_DOMAIN.test(sid);
}
