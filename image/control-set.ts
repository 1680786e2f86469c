// Which control set of a SYSTEM hive Windows will load: offline there is no CurrentControlSet.
import { ImageError } from '../errors.ts';
import type { Hive } from './image.ts';

/**
 * Name of the control set that the loader picks (`ControlSet001`): `Select\Default`; `Current` is only the last one used.
 * @throws ImageError CONTROL_SET_ABSENT when Select\Default is missing or names a set that is not there.
 */
export function defaultControlSet(system: Hive): string {
  const name = selected(system, 'Default');
  if (!name || !system.has(name)) {
    throw new ImageError('CONTROL_SET_ABSENT', `SYSTEM: Select\\Default names no control set that exists (${name ?? 'no value'})`, {
      hint: 'Use an image whose SYSTEM hive is whole.',
    });
  }
  return name;
}

/** What `Select\Default` and `Select\Current` name when they differ: Windows then starts another set than the one last used. */
export function controlSetMismatch(system: Hive): { readonly default: string; readonly current: string } | undefined {
  const [byDefault, current] = [selected(system, 'Default'), selected(system, 'Current')];
  return byDefault && current && byDefault !== current ? { default: byDefault, current } : undefined;
}

/** Every control set of the hive. */
export function controlSets(system: Hive): readonly string[] {
  return system.keys('').filter((name) => /^ControlSet\d{3}$/i.test(name));
}

function selected(system: Hive, which: 'Default' | 'Current'): string | undefined {
  const decoded = system.value('Select', which)?.decoded;
  return decoded?.type === 'REG_DWORD' ? `ControlSet${String(decoded.data).padStart(3, '0')}` : undefined;
}
