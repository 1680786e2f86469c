// What an INF puts into a system that runs or is loaded: services as they will stand in the registry, commands, copied files.
import { withDirectories } from './directories.ts';
import type { Inf, InfEntry } from './inf.ts';
import { type InfValue, infValues } from './registry.ts';

export interface InfService {
  readonly name: string;
  readonly line: number;
  /** Program or driver with its arguments, folders by number replaced; '' when there is none. */
  readonly imagePath: string;
  readonly library: string;
  readonly onFailure: string;
  readonly start: number | undefined;
  readonly type: number | undefined;
  /** Values below `Parameters`, names in lower case. */
  readonly parameters: readonly { readonly name: string; readonly data: string }[];
}

export interface InfCommand {
  readonly text: string;
  readonly line: number;
}

/** A file that is copied to a folder of the system: `C:\Windows\System32\x.dll`. */
export interface InfCopy {
  readonly to: string;
  readonly line: number;
}

export interface InfInstalls {
  readonly services: readonly InfService[];
  readonly values: readonly InfValue[];
  readonly commands: readonly InfCommand[];
  readonly copies: readonly InfCopy[];
}

/** Of services, commands and files each. */
const FOUND_MAX = 20_000;

export function infInstalls(inf: Inf): InfInstalls {
  const added = servicesOf(inf);
  const values = infValues(inf, new Map(added.map(({ section, name }) => [section, name])));
  return {
    services: added.map((one) => serviceOf(inf, one, values)),
    values,
    commands: commandsOf(inf),
    copies: copiesOf(inf),
  };
}

interface Added {
  readonly name: string;
  readonly section: string; // lower case
  readonly line: number;
}

/** `AddService = name, flags, install-section` in any section: which one Windows takes depends on the machine. */
function servicesOf(inf: Inf): readonly Added[] {
  const found = new Map<string, Added>();
  for (const { key, values, line } of entriesOf(inf)) {
    const [name = '', , section = ''] = values;
    const id = `${name}\0${section}`.toLowerCase();
    if (!/^AddService$/i.test(key) || name === '' || found.has(id) || found.size >= FOUND_MAX) continue;
    found.set(id, { name, section: section.toLowerCase(), line });
  }
  return [...found.values()];
}

/** What AddReg writes below the key of the service comes last, and wins. */
function serviceOf(inf: Inf, { name, section, line }: Added, values: readonly InfValue[]): InfService {
  const entries = inf.sections.get(section) ?? [];
  const key = `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${name}`.toLowerCase();
  const own = values.filter((value) =>
    value.key
      .replace(/\\ControlSet00\d\\/i, '\\CurrentControlSet\\')
      .toLowerCase()
      .startsWith(key),
  );
  const isAt = (value: InfValue, below: string) => value.key.toLowerCase().endsWith(`${name}${below}`.toLowerCase());
  const written = (below: string, what: string) => own.find((value) => isAt(value, below) && value.name.toLowerCase() === what)?.data;
  const binary = entries.find((entry) => /^ServiceBinary$/i.test(entry.key));
  return {
    name,
    line: binary?.line ?? line,
    imagePath: written('', 'imagepath') ?? withDirectories(binary?.values.join(', ') ?? ''),
    library: written('\\parameters', 'servicedll') ?? '',
    onFailure: written('', 'failurecommand') ?? '',
    start: numberOf(written('', 'start') ?? first(entries, 'StartType')),
    type: numberOf(written('', 'type') ?? first(entries, 'ServiceType')),
    parameters: own.filter((value) => isAt(value, '\\parameters')).map((value) => ({ name: value.name.toLowerCase(), data: value.data })),
  };
}

/** Commands around the installation (advpack), and the program of a software component. */
function commandsOf(inf: Inf): readonly InfCommand[] {
  const found: InfCommand[] = [];
  const add = (text: string, line: number) => {
    if (text.trim() !== '' && found.length < FOUND_MAX) found.push({ text: withDirectories(text), line });
  };
  const whole = ({ key, values }: InfEntry) => (key === '' ? values.join(',') : `${key}=${values.join(',')}`);
  for (const { key, values, line } of entriesOf(inf)) {
    if (/^Run(?:Pre|Post)(?:Un)?SetupCommands$/i.test(key)) {
      // A section may have switches behind its name: `Commands:1`.
      for (const name of values)
        for (const entry of inf.sections.get(name.replace(/:\d+$/, '').toLowerCase()) ?? []) add(whole(entry), entry.line);
    } else if (/^AddSoftware$/i.test(key)) {
      const entries = inf.sections.get((values[2] ?? '').toLowerCase()) ?? [];
      const program = first(entries, 'SoftwareBinary');
      if (program !== undefined) add(`${program} ${first(entries, 'SoftwareArguments') ?? ''}`, line);
    } else if (/^(?:Un)?Register(?:Dlls|OCXs)$/i.test(key)) {
      for (const name of values) for (const entry of inf.sections.get(name.toLowerCase()) ?? []) add(whole(entry), entry.line);
    }
  }
  return found;
}

/** `CopyFiles = section, …` or `@file`, and where [DestinationDirs] says that each goes. */
function copiesOf(inf: Inf): readonly InfCopy[] {
  const destinations = new Map((inf.sections.get('destinationdirs') ?? []).map(({ key, values }) => [key.toLowerCase(), folderOf(values)]));
  const usual = destinations.get('defaultdestdir');
  const found: InfCopy[] = [];
  const add = (folder: string | undefined, file: string, line: number) => {
    if (folder !== undefined && file !== '' && found.length < FOUND_MAX) found.push({ to: `${folder}\\${file}`, line });
  };
  for (const { key, values, line } of entriesOf(inf)) {
    if (!/^CopyFiles$/i.test(key)) continue;
    for (const name of values) {
      if (name.startsWith('@')) add(usual, name.slice(1), line);
      else
        for (const entry of inf.sections.get(name.toLowerCase()) ?? [])
          add(destinations.get(name.toLowerCase()) ?? usual, entry.values[0] ?? '', entry.line);
    }
  }
  return found;
}

function folderOf([id = '', below = '']: readonly string[]): string | undefined {
  const folder = withDirectories(`%${id}%`);
  if (folder.startsWith('%')) return undefined;
  return below === '' ? folder : `${folder}\\${below}`;
}

function* entriesOf(inf: Inf): Iterable<InfEntry> {
  for (const entries of inf.sections.values()) yield* entries;
}

function first(entries: readonly InfEntry[], key: string): string | undefined {
  return entries.find((one) => one.key.toLowerCase() === key.toLowerCase())?.values[0];
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0x[0-9a-f]{1,8}|\d{1,9})$/i.test(text) ? Number(text) : undefined;
}
