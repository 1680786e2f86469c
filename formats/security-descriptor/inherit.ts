// The descriptor that Windows gives a new file or folder: what its folder's inheritable entries say. Facts: [MS-DTYP] 2.5.3.4 and winnt.h.
import type { Ace, SecurityDescriptor } from './model.ts';
import {
  ACE_ALLOWED,
  ACE_CONTAINER_INHERIT,
  ACE_INHERIT_ONLY,
  ACE_INHERITED,
  ACE_NO_PROPAGATE,
  ACE_OBJECT_INHERIT,
  CONTROL_DACL_AUTO_INHERITED,
  CONTROL_SACL_AUTO_INHERITED,
  fileRights,
  hasGenericRights,
} from './model.ts';
import { changedAce, plainAce } from './render.ts';

const ADMINISTRATORS = 'S-1-5-32-544';
const SYSTEM = 'S-1-5-18';
const CREATOR_OWNER = 'S-1-3-0';
const CREATOR_GROUP = 'S-1-3-1';
const ALL_FILE_RIGHTS = 0x1f01ff;
const INHERITANCE = ACE_OBJECT_INHERIT | ACE_CONTAINER_INHERIT | ACE_NO_PROPAGATE | ACE_INHERIT_ONLY;

/**
 * What a file or folder gets that an elevated process of SYSTEM makes in a folder with this descriptor.
 * Where the folder hands nothing down, Windows takes the default list of the maker's token: SYSTEM and Administrators, full.
 */
export function inheritDescriptor(parent: SecurityDescriptor, folder: boolean): SecurityDescriptor {
  const owner = ADMINISTRATORS;
  const group = SYSTEM;
  const dacl = inheritAcl(parent.dacl ?? [], folder, owner, group);
  const sacl = inheritAcl(parent.sacl ?? [], folder, owner, group);
  const inheritedSacl = sacl.length > 0;
  if (dacl.length === 0) {
    const fallback = [plainAce(ACE_ALLOWED, 0, ALL_FILE_RIGHTS, SYSTEM), plainAce(ACE_ALLOWED, 0, ALL_FILE_RIGHTS, ADMINISTRATORS)];
    const control = inheritedSacl ? CONTROL_SACL_AUTO_INHERITED : 0;
    return { control, owner, group, dacl: fallback, sacl: inheritedSacl ? sacl : undefined };
  }
  const control = CONTROL_DACL_AUTO_INHERITED | (inheritedSacl ? CONTROL_SACL_AUTO_INHERITED : 0);
  return { control, owner, group, dacl, sacl: inheritedSacl ? sacl : undefined };
}

function inheritAcl(aces: readonly Ace[], folder: boolean, owner: string, group: string): readonly Ace[] {
  const inherited: Ace[] = [];
  for (const ace of aces) {
    if (folder) inherited.push(...ontoFolder(ace, owner, group));
    else if (ace.flags & ACE_OBJECT_INHERIT) inherited.push(effective(ace, owner, group));
  }
  return inherited;
}

function ontoFolder(ace: Ace, owner: string, group: string): readonly Ace[] {
  const forFolders = (ace.flags & ACE_CONTAINER_INHERIT) !== 0;
  const forFiles = (ace.flags & ACE_OBJECT_INHERIT) !== 0;
  const handsOn = (ace.flags & ACE_NO_PROPAGATE) === 0;
  if (!forFolders) {
    // Meant for files only: a folder carries it on for the files below, without obeying it itself.
    return forFiles && handsOn ? [changedAce(ace, { flags: ace.flags | ACE_INHERIT_ONLY | ACE_INHERITED })] : [];
  }
  if (!handsOn) return [effective(ace, owner, group)];
  const generic = hasGenericRights(ace.mask) || ace.sid === CREATOR_OWNER || ace.sid === CREATOR_GROUP;
  if (!generic) return [changedAce(ace, { flags: (ace.flags & ~ACE_INHERIT_ONLY) | ACE_INHERITED })];
  // One entry cannot be both spelled out for this folder and kept general for what comes below: Windows makes two.
  return [effective(ace, owner, group), changedAce(ace, { flags: ace.flags | ACE_INHERIT_ONLY | ACE_INHERITED })];
}

/** The entry as it works on the new object itself: rights spelled out, the creator named, nothing handed on. */
function effective(ace: Ace, owner: string, group: string): Ace {
  const flags = (ace.flags & ~INHERITANCE) | ACE_INHERITED;
  if (ace.sid === undefined) return changedAce(ace, { flags });
  return changedAce(ace, { flags, mask: fileRights(ace.mask), sid: creatorOf(ace.sid, owner, group) });
}

function creatorOf(sid: string, owner: string, group: string): string {
  if (sid === CREATOR_OWNER) return owner;
  if (sid === CREATOR_GROUP) return group;
  return sid;
}
