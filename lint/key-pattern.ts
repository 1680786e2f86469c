// The patterns of select.keys: which hive, which keys of it.
import { upcase } from '../formats/hive/upcase.ts';
import type { HiveName } from '../image/image.ts';
import { pathGlobs } from '../image/path-globs.ts';
import { nameGlob } from './glob.ts';

const MACHINE_HIVES = ['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'] as const;

export interface KeyPattern {
  readonly text: string;
  /** One hive by name or by its whole path. A missing one is a fault. */
  readonly hive: HiveName | undefined;
  /** Hives by a glob on their path: as many as there are, none is fine. */
  readonly hives: ((path: string) => boolean) | undefined;
  readonly segments: readonly ((name: string) => boolean)[];
  /** Everything below the last segment, too (and not the key itself). */
  readonly below: boolean;
}

/**
 * `SOFTWARE\Microsoft\*\Run`, `SYSTEM\ControlSet*\Services\**`, `/Users/*\/NTUSER.DAT\Software\**`: the hive, then names below its root.
 * @throws Error for what is no pattern: the author of the rule must act.
 */
export function parseKeyPattern(text: string): KeyPattern {
  const [hive = '', ...names] = text.split('\\');
  const below = names.at(-1) === '**';
  const own = below ? names.slice(0, -1) : names;
  if (own.some((name) => name === '' || name.includes('**')))
    throw new Error(`key pattern ${text}: "**" may stand at the end only, and no name is empty`);
  const system = hive.toUpperCase() === 'SYSTEM';
  if (system && own[0]?.toLowerCase() === 'currentcontrolset') {
    throw new Error(`key pattern ${text}: a hive on disk has no CurrentControlSet; write ControlSet*`);
  }
  const segments = own.map((name, at) => segmentOf(name, system && at === 0));
  return { text, ...hiveOf(hive, text), segments, below };
}

function hiveOf(hive: string, text: string): Pick<KeyPattern, 'hive' | 'hives'> {
  if (hive.startsWith('/')) {
    if (/[*?{]/.test(hive)) return { hive: undefined, hives: pathGlobs([hive]) };
    return { hive: hive as HiveName, hives: undefined };
  }
  const known = MACHINE_HIVES.find((name) => name === hive.toUpperCase());
  if (!known) throw new Error(`key pattern ${text}: begins with neither a hive (${MACHINE_HIVES.join(', ')}) nor the path of one`);
  return { hive: known, hives: undefined };
}

function segmentOf(name: string, first: boolean): (name: string) => boolean {
  // `ControlSet*` must not take ControlSetBackup or the like: only what the loader can pick.
  if (first && name.toLowerCase() === 'controlset*') return (found) => /^ControlSet\d{3}$/i.test(found);
  if (name.includes('*')) return nameGlob(name);
  const wanted = upcase(name);
  return (found) => upcase(found) === wanted;
}
