// What an INF writes into the registry: the entries of its AddReg sections with full keys, those of a service below the key of that service.

import { withDirectories } from './directories.ts';
import type { Inf, InfEntry } from './inf.ts';

export interface InfValue {
  /** With its root: `HKLM\SOFTWARE\…`; `HKR\…` for the key of a device, which only Windows knows. */
  readonly key: string;
  /** '' for the default value. */
  readonly name: string;
  /** Text, numbers in decimal, the parts of a list with blanks between them, bytes as the text that they are. */
  readonly data: string;
  readonly line: number;
}

/** Values of one INF; those of display drivers have some thousands. */
const VALUES_MAX = 50_000;
const BINARY = 0x1;
const DELETES = 0x4;
const NUMBER = 0x10001;
const KEY_ONLY = 0x10;
const ROOTS: Readonly<Record<string, string>> = { hkcr: 'HKCR', hkcu: 'HKCU', hklm: 'HKLM', hku: 'HKU', hkr: 'HKR' };

/**
 * @param services the names of services by their install section, in lower case
 */
export function infValues(inf: Inf, services: ReadonlyMap<string, string>): readonly InfValue[] {
  const found: InfValue[] = [];
  const seen = new Set<string>();
  for (const [section, entries] of inf.sections) {
    const service = services.get(section);
    for (const { key, values } of entries) {
      if (!/^AddReg$/i.test(key)) continue;
      for (const name of values) {
        const id = `${service ?? ''}\0${name.toLowerCase()}`;
        if (name === '' || seen.has(id)) continue;
        seen.add(id);
        for (const entry of inf.sections.get(name.toLowerCase()) ?? []) {
          if (found.length >= VALUES_MAX) return found;
          const value = infValueOf(entry, service);
          if (value) found.push(value);
        }
      }
    }
  }
  return found;
}

/** root, key, name, flags, data…; (Microsoft, "INF AddReg Directive") */
function infValueOf(entry: InfEntry, service: string | undefined): InfValue | undefined {
  const [root = '', below = '', name = '', flags = '', ...data] = fieldsOf(entry);
  const known = ROOTS[root.toLowerCase()];
  const bits = numberOf(flags) ?? 0;
  if (known === undefined || (bits & (DELETES | KEY_ONLY)) !== 0) return undefined;
  const base = known === 'HKR' && service !== undefined ? `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${service}` : known;
  const key = [base, ...below.split('\\').filter((part) => part !== '')].join('\\');
  return { key, name, data: withDirectories(dataOf(data, bits)), line: entry.line };
}

function dataOf(data: readonly string[], bits: number): string {
  if ((bits & NUMBER) === NUMBER) return String(data.length > 1 ? littleEndian(data) : (numberOf(data[0] ?? '') ?? data[0] ?? ''));
  if ((bits & BINARY) === 0) return data.join(' ');
  const bytes = Buffer.from(data.map((byte) => Number.parseInt(byte, 16) & 0xff));
  const wide = bytes.length > 1 && bytes[1] === 0;
  return bytes
    .toString(wide ? 'utf16le' : 'latin1')
    .replaceAll('\0', ' ')
    .trim();
}

function littleEndian(bytes: readonly string[]): number {
  return bytes.slice(0, 4).reduce((sum, byte, at) => sum + (Number.parseInt(byte, 16) & 0xff) * 256 ** at, 0);
}

/** An equals sign in the data is no sign of a name: `HKR,,Line,,a=b`. */
function fieldsOf({ key, values }: InfEntry): readonly string[] {
  if (key === '') return values;
  const fields = key.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  return [...fields.slice(0, -1), `${fields.at(-1)}=${values[0] ?? ''}`, ...values.slice(1)];
}

function numberOf(text: string): number | undefined {
  return /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text.trim()) ? Number(text) : undefined;
}
