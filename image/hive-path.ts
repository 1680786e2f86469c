// Where the hives lie in an image, and how a rule names every copy of one.
import type { HiveName } from './image.ts';

/** Path of a hive file in the image: the five machine hives stand in System32\config, any other is its own path. */
export function hivePath(name: HiveName): string {
  return name.startsWith('/') ? name : `/Windows/System32/config/${name}`;
}

/** Profiles of users and services (Default, LocalService, NetworkService, Windows.old, …), a mandatory one (.man) as well, and the profile before logon. */
const USER_HIVES = ['/**/ntuser.{dat,man}', '/**/config/DEFAULT'];

/**
 * Key patterns for a key of a machine hive: in the hive that Windows loads, which must be there, and in every copy of it that is
 * (RegBack, Windows.old, the store of a failed upgrade).
 */
export function inMachineHives(name: 'SOFTWARE' | 'SYSTEM', key: string): readonly string[] {
  return [`${name}\\${key}`, `/**/config/${name}\\${key}`, `/**/config/RegBack/${name}\\${key}`];
}

/** Key patterns for a key below `Software` of every user. */
export function inUserHives(key: string): readonly string[] {
  return USER_HIVES.map((hive) => `${hive}\\Software\\${key}`);
}

/** True for a hive that says how an installation once was: a backup, or one of an earlier installation. */
export function isHiveCopy(hive: HiveName): boolean {
  return isHiveBackup(hive) || EARLIER.test(hive);
}

/** True for a backup (RegBack) of the installation itself, which recovery can load in place of the hive. */
export function isHiveBackup(hive: HiveName): boolean {
  return /^\/.*\/config\/regback\//i.test(hive) && !EARLIER.test(hive);
}

const EARLIER = /^\/(?:windows\.old(?:\.\d+)?|\$windows\.~[a-z]+)\//i;
