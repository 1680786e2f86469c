// Which control set of a SYSTEM hive Windows will load: offline there is no CurrentControlSet.
import { ImageError } from '../errors.ts';
import type { Hive } from './image.ts';

/**
 * Name of the control set that the loader picks (`ControlSet001`): `Select\Default`; `Current` is only the last one used.
 * @throws ImageError CONTROL_SET_ABSENT when Select\Default is missing or names a set that is not there.
 */
export function defaultControlSet(system: Hive): string {
  const name = selectedByDefault(system);
  if (!name || !system.has(name)) {
    throw new ImageError('CONTROL_SET_ABSENT', `SYSTEM: Select\\Default names no control set that exists (${name ?? 'no value'})`, {
      hint: 'Use an image whose SYSTEM hive is whole.',
    });
  }
  return name;
}

/** Every control set of the hive. */
export function controlSets(system: Hive): readonly string[] {
  return system.keys('').filter((name) => /^ControlSet\d{3}$/i.test(name));
}

function selectedByDefault(system: Hive): string | undefined {
  const decoded = system.value('Select', 'Default')?.decoded;
  return decoded?.type === 'REG_DWORD' ? `ControlSet${String(decoded.data).padStart(3, '0')}` : undefined;
}
