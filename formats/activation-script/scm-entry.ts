// What a service or driver gives away by what it starts and what it is told, wherever that is written: the registry, or an INF.
import { lookAtCommand } from './command.ts';
import type { ActivationSign } from './signs.ts';

export interface ServiceStart {
  readonly name: string;
  /** Program or driver, with its arguments; '' when there is none. */
  readonly imagePath: string;
  /** Library that svchost loads for it; '' when there is none. */
  readonly library: string;
  /** What is run when it fails; '' when there is nothing. */
  readonly onFailure: string;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled. */
  readonly start: number | undefined;
  /** Bits: 1 and 2 drivers, 0x10 and 0x20 programs. */
  readonly type: number | undefined;
  /** Values below `Parameters`: the name in lower case, and the text or the number in decimal. */
  readonly parameters: readonly { readonly name: string; readonly data: string }[];
}

export type ServiceSignKind =
  | 'replaced'
  | 'library'
  | 'disabled'
  | 'settings'
  | 'listens'
  | 'redirects'
  | 'port'
  | 'activates'
  | 'fetches'
  | 'interpreter'
  | 'fromData';

export interface ServiceSign {
  readonly kind: ServiceSignKind;
  /** The value in which it stands; undefined for the parameters. */
  readonly value: 'ImagePath' | 'FailureCommand' | 'Start' | undefined;
  readonly evidence: string;
  /** The end of a sentence that begins with the service. */
  readonly what: string;
  /** Of `activates`: how much the command proves. */
  readonly strength?: ActivationSign['strength'];
}

export interface ServiceLook {
  readonly signs: readonly ServiceSign[];
  readonly faults: readonly string[];
}

const PHRASES: Readonly<Record<Exclude<ServiceSignKind, 'activates'>, string>> = {
  replaced: 'runs another program than the one of licensing',
  library: 'loads another library than the one of licensing',
  disabled: 'is one of licensing and is switched off',
  settings: 'has settings that only a KMS emulator reads',
  listens: 'listens at the port of activation',
  redirects: 'is a driver that is told the port of activation',
  port: 'is told the port of activation',
  fetches: 'fetches a text and runs it',
  interpreter: 'is a shell or a script',
  fromData: 'starts by itself from a folder for anybody’s data',
};

/** What each licensing service runs, in every Windows and Office that has it. */
const LICENSING: Readonly<Record<string, RegExp>> = {
  sppsvc: system32('sppsvc\\.exe'),
  slsvc: system32('slsvc\\.exe'),
  clipsvc: system32('svchost\\.exe\\s+-k\\s+\\S+(?:\\s+-p)?(?:\\s+-s\\s+clipsvc)?'),
  osppsvc:
    /^"?(?:c:\\program files(?: \(x86\))?|%(?:common)?programfiles(?:\(x86\))?%)\\(?:common files\\)?microsoft shared\\officesoftwareprotectionplatform\\osppsvc\.exe"?$/i,
};
const CLIP_LIBRARY = system32('clipsvc\\.dll');
/** These two run in every Windows that is activated. */
const NEEDED = new Set(['sppsvc', 'clipsvc']);
const DISABLED = 4;
const DRIVER = 0x3;

/** Settings of KMS emulators; one alone may be something else's. */
const SETTINGS = new Set(['kmspid', 'kmshwid', 'kmsport', 'defaultkmspid', 'randomkmspid', 'killprocessonport', 'defaultkmshwid']);
/** The port of activation as an argument: after a switch, an equals sign, or behind an address. */
const PORT = /(?:^|[\s:=,"'])1688(?=$|[\s"',])/;
/** The same as a setting: any number may be 1688, that of a port is told by the name. */
const PORT_SETTING = /port|listen|bind|endpoint|address/;
/** A listener is told to run, to listen, and where. */
const LISTENS = /(?:^|\s)(?:--?|\/)(?:l|listen|d|daemon)\b|0\.0\.0\.0|\[?::\]?:/i;
/** What runs whatever it is told: a service that is one of these is a script. */
const INTERPRETER = new RegExp(
  ['^"(?:[^"]*\\\\)?NAME(?:\\.exe)?"(?=\\s|$)', '^(?:[^"\\s]*\\\\)?NAME(?:\\.exe)?(?=\\s|$)', '^[^"]*?\\\\NAME\\.exe(?=\\s|$)']
    .map((form) => form.replace('NAME', '(?:cmd|powershell|pwsh|wscript|cscript|mshta|bash|wsl|python\\w*|perl)'))
    .concat('^"?[^"]*\\.(?:cmd|bat|ps1|vbs|vbe|js|jse|wsf|hta)"?(?=\\s|$)')
    .join('|'),
  'i',
);

function system32(program: string): RegExp {
  return new RegExp(`^"?(?:%(?:systemroot|windir)%|\\\\?systemroot|c:\\\\windows|(?=system32))\\\\?system32\\\\${program}"?$`, 'i');
}

export function lookAtServiceStart(service: ServiceStart, kmsHosts: readonly string[]): ServiceLook {
  const { name, imagePath, library, onFailure, start, type = 0, parameters } = service;
  const signs: ServiceSign[] = [];
  const faults: string[] = [];
  const add = (kind: Exclude<ServiceSignKind, 'activates'>, value: ServiceSign['value'], evidence: string) =>
    void signs.push({ kind, value, evidence, what: PHRASES[kind] });
  const own = name.toLowerCase();
  if (Object.hasOwn(LICENSING, own)) {
    if (imagePath !== '' && !LICENSING[own]!.test(imagePath)) add('replaced', 'ImagePath', imagePath);
    if (library !== '' && (own !== 'clipsvc' || !CLIP_LIBRARY.test(library))) add('library', undefined, library);
    if (NEEDED.has(own) && start === DISABLED) add('disabled', 'Start', 'Start = 4');
  }
  const settings = parameters.map((one) => one.name).filter((one) => SETTINGS.has(one));
  if (settings.length > 1) add('settings', undefined, settings.join(', '));
  const told = parameters.find((one) => PORT_SETTING.test(one.name) && PORT.test(one.data));
  if (told) add((type & DRIVER) === 0 ? 'port' : 'redirects', undefined, `${told.name} = ${told.data}`);
  for (const [value, line] of [
    ['ImagePath', imagePath],
    ['FailureCommand', onFailure],
  ] as const) {
    if (line === '') continue;
    const look = lookAtCommand(line, kmsHosts);
    for (const { what, strength, command } of look.signs) signs.push({ kind: 'activates', value, evidence: command, what, strength });
    faults.push(...look.faults);
    if (look.fetches) add('fetches', value, line);
    else if (value === 'ImagePath' && INTERPRETER.test(line)) add('interpreter', value, line);
    if (PORT.test(line)) add(LISTENS.test(line) ? 'listens' : 'port', value, line);
    if (look.fromData && start !== undefined && start < 3) add('fromData', value, line);
  }
  return { signs, faults };
}
