// What a driver's INF says: its class, the machines it is for, the services it installs and when Windows starts them.
import type { Inf, InfEntry } from './inf.ts';

export interface DriverService {
  readonly name: string;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled; undefined when it is not a number. */
  readonly start: number | undefined;
  readonly line: number;
}

export interface DriverFacts {
  readonly className: string;
  /** Lower case, with braces. */
  readonly classGuid: string;
  readonly provider: string;
  /** Whether [Version] names a catalogue, in which the signature stands. */
  readonly catalogue: boolean;
  /** Architectures of its models sections; x86 for undecorated ones, which Windows takes on x86 alone since Windows 10's signing rules. [M] */
  readonly architectures: readonly ('x86' | 'amd64' | 'arm64')[];
  readonly services: readonly DriverService[];
  /** Why it must be there before Windows can load drivers from its own volume, or undefined. */
  readonly bootCritical: string | undefined;
}

/** Setup classes whose drivers carry the system volume. (Microsoft, system-defined device setup classes) */
const STORAGE_CLASSES: Readonly<Record<string, string>> = {
  '{4d36e97b-e325-11ce-bfc1-08002be10318}': 'SCSIAdapter',
  '{4d36e96a-e325-11ce-bfc1-08002be10318}': 'HDC',
};
const ARCHITECTURES = ['x86', 'amd64', 'arm64'] as const;
/** No service type has more services than devices have functions. */
const SERVICES_MAX = 200;

export function driverFacts(inf: Inf): DriverFacts {
  const version = inf.sections.get('version') ?? [];
  const classGuid = firstValue(version, 'ClassGuid').toLowerCase();
  const services = servicesOf(inf);
  return {
    className: firstValue(version, 'Class'),
    classGuid,
    provider: firstValue(version, 'Provider'),
    catalogue: version.some(({ key }) => /^CatalogFile(?:\.|$)/i.test(key)),
    architectures: architecturesOf(inf),
    services,
    bootCritical: reasonOf(classGuid, services),
  };
}

function reasonOf(classGuid: string, services: readonly DriverService[]): string | undefined {
  const early = services.find(({ start }) => start === 0);
  if (early) return `its service ${early.name} starts at boot (StartType 0, line ${early.line})`;
  const storage = STORAGE_CLASSES[classGuid];
  return storage === undefined ? undefined : `it is of the class ${storage}, which carries the system volume`;
}

/** AddService = name, flags, install-section in every section; StartType stands in the install section. */
function servicesOf(inf: Inf): readonly DriverService[] {
  const found: DriverService[] = [];
  for (const entries of inf.sections.values()) {
    for (const { key, values, line } of entries) {
      const [name = '', , section = ''] = values;
      if (!/^AddService$/i.test(key) || name === '' || found.length >= SERVICES_MAX) continue;
      const start = entry(inf.sections.get(section.toLowerCase()) ?? [], 'StartType');
      if (found.some((service) => service.name === name && service.line === (start?.line ?? line))) continue;
      found.push({ name, start: numberOf(start?.values[0]), line: start?.line ?? line });
    }
  }
  return found;
}

/** [Manufacturer] name = models, decoration …: NTamd64.10.0, NTx86, NTarm64; NT or nothing is for x86. */
function architecturesOf(inf: Inf): DriverFacts['architectures'] {
  const found = new Set<'x86' | 'amd64' | 'arm64'>();
  for (const { values } of inf.sections.get('manufacturer') ?? []) {
    if (values.length <= 1) found.add('x86');
    for (const decoration of values.slice(1)) {
      const named = /^NT(x86|amd64|arm64)/i.exec(decoration)?.[1]?.toLowerCase();
      found.add(ARCHITECTURES.find((name) => name === named) ?? 'x86');
    }
  }
  return ARCHITECTURES.filter((name) => found.has(name));
}

function entry(entries: readonly InfEntry[], key: string): InfEntry | undefined {
  return entries.find((one) => one.key.toLowerCase() === key.toLowerCase());
}

function firstValue(entries: readonly InfEntry[], key: string): string {
  return entry(entries, key)?.values[0] ?? '';
}

/** Decimal or 0x…; INF files write numbers both ways. */
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0x[0-9a-f]{1,8}|\d{1,9})$/i.test(text) ? Number(text) : undefined;
}
