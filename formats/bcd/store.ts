// A store of boot configuration data: objects and their elements, as Microsoft's BCD reference numbers them.
import { FormatError, utf16 } from '../bytes.ts';

/** What is asked of the hive that a store is. */
export interface KeySource {
  has(key: string): boolean;
  keys(key: string): readonly string[];
  value(key: string, name: string): { readonly type: number; readonly raw: Uint8Array } | undefined;
}

export type BcdObjectKind =
  | 'boot manager'
  | 'windows loader'
  | 'resume'
  | 'memory tester'
  | 'old loader'
  | 'boot sector'
  | 'settings'
  | 'device'
  | 'other';

export type BcdElement = { readonly type: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly on: boolean }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'objects'; readonly ids: readonly string[] }
  | { readonly kind: 'device'; readonly path: string | undefined } // a file that is booted from: ramdisk, VHD
  | { readonly kind: 'unknown' }
);

export interface BcdObject {
  readonly id: string; // `{…}`, lower case
  readonly type: number;
  readonly kind: BcdObjectKind;
  readonly elements: ReadonlyMap<number, BcdElement>;
}

export interface BcdStore {
  readonly objects: readonly BcdObject[];
  /** Elements that are not what their number says. */
  readonly faults: readonly string[];
}

/** Numbers of elements (Microsoft, BcdLibraryElementTypes, BcdBootMgrElementTypes and BcdOSLoaderElementTypes). */
export const BCD = {
  device: 0x11000001,
  path: 0x12000002,
  description: 0x12000004,
  loadOptions: 0x12000030,
  noIntegrityChecks: 0x16000048,
  testSigning: 0x16000049,
  osDevice: 0x21000001,
  systemRoot: 0x22000002,
  kernel: 0x22000011,
  hal: 0x22000012,
  debugTransport: 0x22000013,
  detectHal: 0x26000010,
  winPe: 0x26000022,
  oldTestSigning: 0x26000027,
} as const;

const OBJECTS_MAX = 2000;
const ELEMENTS_MAX = 512;
const DATA_MAX = 64 * 1024;

const KINDS: Readonly<Record<number, BcdObjectKind>> = {
  1: 'other',
  2: 'boot manager',
  3: 'windows loader',
  4: 'resume',
  5: 'memory tester',
  6: 'old loader',
  8: 'boot sector',
};

export function isBcdStore(hive: KeySource): boolean {
  return hive.has('Objects');
}

/** @throws FormatError when the hive is no store, or holds more than any store does. */
export function readBcdStore(hive: KeySource): BcdStore {
  if (!hive.has('Objects')) throw new FormatError('BCD store', 'has no key Objects');
  const ids = hive.keys('Objects');
  if (ids.length > OBJECTS_MAX) throw new FormatError('BCD store', `holds ${ids.length} objects`);
  const faults: string[] = [];
  const objects = ids.map((id): BcdObject => {
    const type = numberOf(hive.value(`Objects\\${id}\\Description`, 'Type')) ?? 0;
    return { id: id.toLowerCase(), type, kind: kindOf(type), elements: elementsOf(hive, id, faults) };
  });
  return { objects, faults };
}

/** The upper digit is what it is (1 application, 2 inheritable settings, 3 device); applications have their kind in the lowest byte. */
function kindOf(type: number): BcdObjectKind {
  if (type >>> 28 === 1) return KINDS[type & 0xfffff] ?? 'other';
  if (type >>> 28 === 2) return 'settings';
  return type >>> 28 === 3 ? 'device' : 'other';
}

function elementsOf(hive: KeySource, id: string, faults: string[]): ReadonlyMap<number, BcdElement> {
  const root = `Objects\\${id}\\Elements`;
  const names = hive.keys(root);
  if (names.length > ELEMENTS_MAX) throw new FormatError('BCD store', `holds an object of ${names.length} elements`);
  const elements = new Map<number, BcdElement>();
  for (const name of names) {
    if (!/^[0-9a-f]{8}$/i.test(name)) {
      faults.push(`${id}: the element ${JSON.stringify(name)} has no number`);
      continue;
    }
    const type = Number.parseInt(name, 16);
    const value = hive.value(`${root}\\${name}`, 'Element');
    const element = value && value.raw.length <= DATA_MAX ? elementOf(type, value.raw) : undefined;
    if (element) elements.set(type, element);
    else faults.push(`${id}: the element ${name} is not what its number says`);
  }
  return elements;
}

/** The format is the second digit of the number. */
function elementOf(type: number, raw: Uint8Array): BcdElement | undefined {
  switch ((type >>> 24) & 0xf) {
    case 1:
      return { type, kind: 'device', path: pathOf(raw) };
    case 2:
      return { type, kind: 'text', text: textOf(raw) };
    case 3:
    case 4:
      return { type, kind: 'objects', ids: textsOf(raw) };
    case 5:
      return raw.length >= 1 && raw.length <= 8 ? { type, kind: 'integer', value: integerOf(raw) } : undefined;
    case 6:
      return raw.length >= 1 ? { type, kind: 'boolean', on: raw[0] !== 0 } : undefined;
    default:
      return { type, kind: 'unknown' };
  }
}

function textOf(raw: Uint8Array): string {
  return utf16(raw).replace(/\0.*$/s, '');
}

function textsOf(raw: Uint8Array): readonly string[] {
  return utf16(raw)
    .split('\0')
    .filter((text) => text !== '')
    .map((text) => text.toLowerCase());
}

function integerOf(raw: Uint8Array): bigint {
  return raw.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function numberOf(value: { readonly raw: Uint8Array } | undefined): number | undefined {
  return value && value.raw.length === 4 ? Number(integerOf(value.raw)) : undefined;
}

/** The file of a device that is one: a path in UTF-16 somewhere behind the numbers. */
function pathOf(raw: Uint8Array): string | undefined {
  for (const start of [0, 1]) {
    const found = /\\[\x20-\x7e]{3,259}/.exec(utf16(raw.subarray(start)))?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
