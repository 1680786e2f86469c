// Where an image keeps KMS settings: every key of every hive at which a client, or an activator, may have put a host.
import { ImageError } from '../errors.ts';
import { type KmsHost, readKmsHost } from '../formats/kms-host/host.ts';
import { isPublicActivationHost } from '../formats/kms-host/public-hosts.ts';
import type { Draft } from './draft.ts';
import type { Hive, HiveName } from './image.ts';

/** The key that Windows itself reads, below SOFTWARE. */
export const SPP_KEY = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';

export interface KmsPlace {
  readonly hive: HiveName;
  readonly key: string;
}

/** Roots of Windows, of Vista, and of Office 2010; activators write the 32-bit views, too. */
const ROOTS = [SPP_KEY, 'Microsoft\\Windows NT\\CurrentVersion\\SL', 'Microsoft\\OfficeSoftwareProtectionPlatform'].flatMap((key) => [
  key,
  `Wow6432Node\\${key}`,
]);

/** NetworkService's hive first: the activation service runs in its name. The others have no effect, but the gate looks there. */
const PROFILES = ['/**/ntuser.dat', '/Windows/System32/config/DEFAULT'];

/** AppID, AppID\SkuID, Policies\AppID\SkuID. */
const DEPTH_MAX = 3;
/** A platform key holds at most some hundreds of products. */
const KEYS_MAX = 5000;

export interface KmsPlaces {
  readonly places: readonly KmsPlace[];
  /** Hives that could not be read, with the reason; the gate judges them. */
  readonly unread: readonly string[];
}

/** Every key that may hold KMS settings and is there: the roots first, then what lies below. */
export async function kmsPlaces(draft: Pick<Draft, 'hive' | 'walk'>): Promise<KmsPlaces> {
  const places: KmsPlace[] = keysBelow(await draft.hive('SOFTWARE'), ROOTS).map((key) => ({ hive: 'SOFTWARE', key }));
  const unread: string[] = [];
  for await (const file of draft.walk({ files: PROFILES })) {
    if (file.folder || file.reparse || file.size === 0) continue;
    const hive = file.path as HiveName;
    try {
      const roots = ROOTS.map((key) => `Software\\${key}`);
      places.push(...keysBelow(await draft.hive(hive), roots).map((key) => ({ hive, key })));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      unread.push(error.message);
    }
  }
  return { places, unread };
}

function keysBelow(hive: Pick<Hive, 'has' | 'keys'>, roots: readonly string[]): readonly string[] {
  const found: string[] = [];
  let level = roots.filter((key) => hive.has(key));
  for (let depth = 0; level.length > 0 && depth <= DEPTH_MAX && found.length < KEYS_MAX; depth++) {
    found.push(...level);
    level = level.flatMap((key) => hive.keys(key).map((name) => `${key}\\${name}`));
  }
  return found.slice(0, KEYS_MAX);
}

/** What a pinned host proves, as a sentence; undefined when it proves nothing. */
export function signOfForgery(text: string): string | undefined {
  const { host, kind }: KmsHost = readKmsHost(text);
  if (kind === 'loopback') return `the image was bound to the KMS host ${host}, the machine itself, where only an emulator answers`;
  return isPublicActivationHost(host) ? `the image was bound to ${host}, a public activation host of strangers` : undefined;
}
