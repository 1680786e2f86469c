// What values that a file writes into the registry do to activation: the same signs as in a script that writes them, and what they will start.
import { type CommandLook, lookAtCommand } from './command.ts';
import type { ServiceStart } from './scm-entry.ts';
import { type ActivationSign, activationSigns } from './signs.ts';

export interface RegistryEdit {
  /** With its root, in any form: `HKLM\SOFTWARE\…`. */
  readonly key: string;
  /** '' for the default value. */
  readonly name: string;
  /** Text, or a number in decimal. */
  readonly data: string;
  readonly line: number; // in the file
}

export interface EditSign extends Pick<ActivationSign, 'what' | 'strength'> {
  readonly edit: RegistryEdit;
  /** As the command that writes the value. */
  readonly command: string;
}

export interface EditStart {
  readonly edit: RegistryEdit;
  readonly look: CommandLook;
}

/** Keys whose values Windows starts or loads. */
const STARTS =
  /\\(?:Run|RunOnce|RunOnceEx(?:\\[^\\]+)?|RunServices(?:Once)?|Winlogon|Command Processor|Session Manager|Active Setup\\Installed Components\\[^\\]+|Services\\[^\\]+|(?:Image File Execution Options|SilentProcessExit)\\[^\\]+|Windows NT\\CurrentVersion\\Windows|Setup)$/i;
/** Values of these keys that are looked at as commands; the rest of a file full of them says the same. */
const STARTS_MAX = 2000;
const DATA_MAX = 4096;

export function lookAtEdits(
  edits: readonly RegistryEdit[],
  kmsHosts: readonly string[],
): { readonly signs: readonly EditSign[]; readonly starts: readonly EditStart[] } {
  // One line for each value, so that the place of a sign tells the value.
  const lines = edits.map(lineOf);
  const ends: number[] = [];
  for (const line of lines) ends.push((ends.at(-1) ?? 0) + line.length + 1);
  const text = lines.join('\n');
  const layer = { language: 'unknown', text, made: [], at: (index: number) => index } as const;
  const plain = { language: 'unknown', encoding: 'utf-8', layers: [layer], carried: [], splits: 0, faults: [] } as const;
  const signs = activationSigns(plain, kmsHosts).map(({ what, strength, command, offset }) => {
    const edit = edits[ends.findIndex((end) => offset < end)] ?? edits[0]!;
    return { what, strength, command, edit };
  });
  const starting = edits.filter(({ key, data }) => data.includes('.') && STARTS.test(key)).slice(0, STARTS_MAX);
  return { signs, starts: starting.map((edit) => ({ edit, look: lookAtCommand(edit.data, kmsHosts) })) };
}

const SERVICE = /^[^\\]+\\SYSTEM\\(?:CurrentControlSet|ControlSet\d+)\\Services\\([^\\]+)(\\Parameters)?$/i;
const SERVICES_MAX = 10_000;

/** The services that the values make or change, each with the line of its program; of two values of one name the last one counts. */
export function editedServices(edits: readonly RegistryEdit[]): readonly (ServiceStart & { readonly line: number })[] {
  const found = new Map<string, { name: string; line: number; own: Map<string, string>; parameters: Map<string, string> }>();
  for (const { key, name, data, line } of edits) {
    const [, service, parameters] = SERVICE.exec(key) ?? [];
    if (service === undefined) continue;
    const id = service.toLowerCase();
    const entry = found.get(id) ?? { name: service, line, own: new Map(), parameters: new Map() };
    if (!found.has(id) && found.size < SERVICES_MAX) found.set(id, entry);
    (parameters === undefined ? entry.own : entry.parameters).set(name.toLowerCase(), data);
    if (parameters === undefined && /^imagepath$/i.test(name)) entry.line = line;
  }
  return [...found.values()].map(({ name, line, own, parameters }) => ({
    name,
    line,
    imagePath: own.get('imagepath') ?? '',
    library: parameters.get('servicedll') ?? own.get('servicedll') ?? '',
    onFailure: own.get('failurecommand') ?? '',
    start: numberOf(own.get('start')),
    type: numberOf(own.get('type')),
    parameters: [...parameters].map(([parameter, data]) => ({ name: parameter, data })),
  }));
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Whether the value is one of a service itself, which `editedServices` tells. */
export function isOfService({ key }: RegistryEdit): boolean {
  return SERVICE.test(key);
}

/** As `reg add` writes it; a line end in a text must not begin a line of ours. */
function lineOf({ key, name, data }: RegistryEdit): string {
  const plain = (text: string) => text.slice(0, DATA_MAX).replace(/[\r\n]+/g, ' ');
  return `reg add "${plain(key)}" /v "${plain(name)}" /d "${plain(data)}"`;
}
