// Where a key of the running registry lies in an image: `HKEY_LOCAL_MACHINE\SOFTWARE\…` is a hive file and a key in it.
import { defaultControlSet } from './control-set.ts';
import type { Hive, HiveName } from './image.ts';

export interface RegistryPlace {
  readonly hive: HiveName;
  /** Below the hive's root; '' for the root itself. */
  readonly key: string;
}

/** A place, or why there is none that may be written. */
export type FoundPlace = { readonly place: RegistryPlace } | { readonly fault: string };

/** The profile that Windows copies for every new user. */
export const DEFAULT_USER: HiveName = '/Users/Default/NTUSER.DAT';

const ROOTS: Readonly<Record<string, string>> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCR: 'HKEY_CLASSES_ROOT',
  HKCU: 'HKEY_CURRENT_USER',
  HKU: 'HKEY_USERS',
  HKCC: 'HKEY_CURRENT_CONFIG',
};

/** Profiles of services, by security identifier: their hives lie where Windows loads them from. */
const USERS: Readonly<Record<string, HiveName>> = {
  // Not the profile of new users: HKEY_USERS\.DEFAULT is that of the local system.
  '.DEFAULT': 'DEFAULT',
  'S-1-5-18': 'DEFAULT',
  'S-1-5-19': '/Windows/ServiceProfiles/LocalService/NTUSER.DAT',
  'S-1-5-20': '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT',
};

/** Hives in which nothing is configuration: accounts, their secrets, the servicing store. */
const CLOSED = /(?:^|\/)(?:SAM|SECURITY|COMPONENTS)$/i;

/**
 * Where `path` lies. A hive may also be named by its file: `/Users/Default/NTUSER.DAT\Software\Key`.
 * @param currentUser the hive that stands for HKEY_CURRENT_USER; undefined refuses it
 */
export function registryPlace(path: string, system: Hive | undefined, currentUser?: HiveName): FoundPlace {
  const [first = '', ...rest] = path.split('\\');
  if (first.startsWith('/')) return open(first as HiveName, rest);
  const root = ROOTS[first.toUpperCase()] ?? first.toUpperCase();
  const [second = '', ...below] = rest;
  switch (root) {
    case 'HKEY_LOCAL_MACHINE':
      return machinePlace(second, below, system);
    case 'HKEY_CLASSES_ROOT':
      return { place: { hive: 'SOFTWARE', key: ['Classes', ...rest].join('\\') } };
    case 'HKEY_CURRENT_USER':
      return currentUser === undefined
        ? { fault: 'is a key of HKEY_CURRENT_USER, and an image has no current user' }
        : { place: { hive: currentUser, key: rest.join('\\') } };
    case 'HKEY_USERS': {
      const hive = USERS[second.toUpperCase()];
      return hive
        ? { place: { hive, key: below.join('\\') } }
        : { fault: `is a key of the user ${second || '(none)'}, whom the image does not have` };
    }
    case 'HKEY_CURRENT_CONFIG':
      return { fault: 'is a key of HKEY_CURRENT_CONFIG, which Windows makes when it starts' };
    default:
      return { fault: `begins with ${first || 'nothing'}, which is no root of the registry` };
  }
}

function machinePlace(hive: string, below: readonly string[], system: Hive | undefined): FoundPlace {
  const name = hive.toUpperCase();
  if (CLOSED.test(name)) return closed(name);
  if (name === 'SOFTWARE') return { place: { hive: 'SOFTWARE', key: below.join('\\') } };
  if (name !== 'SYSTEM') return { fault: `is a key of HKEY_LOCAL_MACHINE\\${hive}, which is no hive of the image` };
  const [set = '', ...rest] = below;
  if (!/^CurrentControlSet$/i.test(set)) return { place: { hive: 'SYSTEM', key: below.join('\\') } };
  if (!system) return { fault: 'is a key of CurrentControlSet, and the image has no SYSTEM hive' };
  return { place: { hive: 'SYSTEM', key: [defaultControlSet(system), ...rest].join('\\') } };
}

function open(hive: HiveName, rest: readonly string[]): FoundPlace {
  const [set = '', ...below] = rest;
  if (CLOSED.test(hive)) return closed(hive);
  if (/\/SYSTEM$/i.test(hive) && /^CurrentControlSet$/i.test(set)) {
    return { fault: `names CurrentControlSet of ${hive}; write HKLM\\SYSTEM\\CurrentControlSet\\${below.join('\\')}` };
  }
  return { place: { hive, key: rest.join('\\') } };
}

function closed(hive: string): FoundPlace {
  return { fault: `is a key of the hive ${hive}, which is not written: it holds no settings` };
}
