// What the service control manager knows (services and drivers), in every control set: what each starts, as whom, and what is called when it fails.
import { FormatError } from '../../formats/bytes.ts';
import { controlSets, defaultControlSet } from '../../image/control-set.ts';
import type { Hive } from '../../image/image.ts';
import { valueNumber, valueText } from '../../image/value-text.ts';
import { imageView } from '../view.ts';

/** A real Windows has about 700 in each control set. */
const SERVICES_MAX = 250_000;

export interface SeenService {
  readonly name: string;
  /** Key below SYSTEM. */
  readonly key: string;
  /** True in the control set that Windows loads. */
  readonly loaded: boolean;
  readonly displayName: string;
  /** Program or driver, with its arguments; '' when the key names none. */
  readonly imagePath: string;
  /** Library that svchost loads for it; '' when there is none. */
  readonly library: string;
  /** What is run when it fails; '' when there is nothing. */
  readonly onFailure: string;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled. */
  readonly start: number | undefined;
  /** Bits: 1 and 2 drivers, 0x10 and 0x20 programs. */
  readonly type: number | undefined;
  readonly account: string;
  /** Values below `Parameters`: the name in lower case, and the text or the number in decimal; '' for anything else. */
  readonly parameters: readonly { readonly name: string; readonly data: string }[];
}

export const scmEntries = imageView<readonly SeenService[]>({
  async read(image) {
    return servicesOf(await image.hive('SYSTEM'));
  },
});

/** @throws FormatError when there are more than an honest hive can hold. */
export function servicesOf(system: Hive): readonly SeenService[] {
  const loaded = loadedSet(system);
  const found: SeenService[] = [];
  for (const set of controlSets(system)) {
    for (const name of system.keys(`${set}\\Services`)) {
      if (found.length >= SERVICES_MAX) throw new FormatError('services', `there are more than ${SERVICES_MAX}`);
      found.push(serviceOf(system, `${set}\\Services\\${name}`, name, set.toLowerCase() === loaded));
    }
  }
  return found;
}

/** A hive of a broken Select still has services; then none of them counts as loaded. */
function loadedSet(system: Hive): string | undefined {
  try {
    return defaultControlSet(system).toLowerCase();
  } catch {
    return undefined;
  }
}

function serviceOf(system: Hive, key: string, name: string, loaded: boolean): SeenService {
  const values = new Map(system.values(key).map((value) => [value.name.toLowerCase(), value]));
  const parameters = system.values(`${key}\\Parameters`);
  const library = parameters.find((value) => value.name.toLowerCase() === 'servicedll') ?? values.get('servicedll');
  const text = (of: string) => valueText(values.get(of)) ?? '';
  return {
    name,
    key,
    loaded,
    displayName: text('displayname'),
    imagePath: text('imagepath'),
    library: valueText(library) ?? '',
    onFailure: text('failurecommand'),
    start: valueNumber(values.get('start')),
    type: valueNumber(values.get('type')),
    account: text('objectname'),
    parameters: parameters.map((value) => ({
      name: value.name.toLowerCase(),
      data: valueText(value) ?? valueNumber(value)?.toString() ?? '',
    })),
  };
}
