// What tells whether a Windows is generalized: the markers that sysprep and Setup leave, each with its place, and what they say together.
import { ImageError } from '../errors.ts';
import { FormatError } from '../formats/bytes.ts';
import { plainText } from '../formats/plain-text.ts';
import { controlSets, defaultControlSet } from './control-set.ts';
import type { Hive, HiveName, Image, StoredValue } from './image.ts';
import { machineSid } from './machine-sid.ts';
import { valueNumber, valueText } from './value-text.ts';

export const SEALED = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE';

const STATE_KEY = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const PLATFORM_KEY = 'Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform';
const SYSPREP_KEY = 'Setup\\Status\\SysprepStatus';
const STATE_FILE = '/Windows/Setup/State/State.ini';
const TAG = '/Windows/System32/Sysprep/Sysprep_succeeded.tag';
const LOG = '/Windows/System32/Sysprep/Panther/setupact.log';
const STATE_BYTES_MAX = 65_536;
const LOG_BYTES_MAX = 16 * 1024 * 1024;
/** Setup is past the sealed state in these: a sealed system that was started. (Microsoft, "Windows Setup Installation Process": ImageState) */
const STARTED = /^IMAGE_STATE_(?:SPECIALIZE_RESEAL_TO_(?:OOBE|AUDIT)|COMPLETE)$/;
/** SysprepStatus\GeneralizationState: 7 done (or never touched, booted systems hold it too), 3 failed half-way [M]. */
const STATE_DONE = 7;
/** The log has the time of its place, the hive that of Greenwich: a day apart they may be the same. And a day for whoever shuts down later. */
const LATER_MIN = 2 * 24 * 60 * 60 * 1000;

export type Place = { readonly file: string } | { readonly hive: HiveName; readonly key: string; readonly name: string };
export interface Marker<T> {
  readonly value: T;
  readonly at: Place;
}

export interface Markers {
  readonly imageState: Marker<string> | undefined;
  readonly stateFile: Marker<string> | undefined;
  readonly setupType: Marker<number> | undefined;
  readonly cmdLine: Marker<string> | undefined;
  readonly generalizationState: Marker<number> | undefined;
  readonly skipRearm: Marker<number> | undefined;
  /** Sysprep writes it when it has come to its end [M]. */
  readonly succeeded: Marker<true> | undefined;
  /** Last line of sysprep's own log; milliseconds of a clock that stood in the zone of the machine. */
  readonly sealedAt: Marker<number> | undefined;
  /** Of the control set that is loaded; milliseconds of Greenwich. */
  readonly shutDownAt: Marker<number> | undefined;
  readonly machineSid: string | undefined;
}

/**
 * `generalized`: ImageState says so and nothing contradicts it. `booted since`: it was sealed once, and Setup has gone on since, or it was shut down long
 * after. `not generalized`: anything else that ImageState can say. `unknown`: there is no ImageState, and an unknown image is not a clean one.
 */
export type GeneralizationVerdict = 'generalized' | 'not generalized' | 'booted since' | 'unknown';

export interface Generalization {
  readonly verdict: GeneralizationVerdict;
  readonly markers: Markers;
  /** What could not be looked at. */
  readonly unseen: readonly string[];
}

export async function readGeneralization(image: Pick<Image, 'find' | 'hive'>): Promise<Generalization> {
  const unseen: string[] = [];
  const hiveOf = async (name: HiveName): Promise<Hive | undefined> => {
    try {
      return await image.hive(name);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      unseen.push(error.message);
      return undefined;
    }
  };
  const software = await hiveOf('SOFTWARE');
  const system = await hiveOf('SYSTEM');
  // A stock image has an account database; one that cannot be read says nothing about the seal.
  const sam = (await image.find('/Windows/System32/config/SAM')) ? await hiveOf('SAM') : undefined;
  const shutdown = system && `${loadedSet(system)}\\Control\\Windows`;
  const markers: Markers = {
    imageState: software && textIn(software, 'SOFTWARE', STATE_KEY, 'ImageState'),
    stateFile: await stateOfFile(image, unseen),
    setupType: system && numberIn(system, 'SYSTEM', 'Setup', 'SetupType'),
    cmdLine: system && textIn(system, 'SYSTEM', 'Setup', 'CmdLine'),
    generalizationState: system && numberIn(system, 'SYSTEM', SYSPREP_KEY, 'GeneralizationState'),
    skipRearm: software && switchIn(software, 'SOFTWARE', PLATFORM_KEY, 'SkipRearm'),
    succeeded: (await image.find(TAG)) ? { value: true, at: { file: TAG } } : undefined,
    sealedAt: await lastLine(image, unseen),
    shutDownAt: system && shutdown ? fileTimeIn(system, 'SYSTEM', shutdown, 'ShutdownTime') : undefined,
    machineSid: sam && machineSid(sam),
  };
  return { verdict: verdictOf(markers), markers, unseen };
}

/** Setup would not run at the next start: what is copied would go on as this machine. */
export function isNotArmed({ setupType, cmdLine }: Markers): boolean {
  return setupType?.value === 0 && (cmdLine?.value ?? '') === '';
}

export function isStuck({ generalizationState }: Markers): boolean {
  return generalizationState !== undefined && generalizationState.value !== STATE_DONE;
}

/** Shut down days after sysprep wrote its last line. */
export function isShutDownLater({ sealedAt, shutDownAt }: Markers): boolean {
  return sealedAt !== undefined && shutDownAt !== undefined && shutDownAt.value - sealedAt.value > LATER_MIN;
}

function verdictOf(markers: Markers): GeneralizationVerdict {
  const state = (markers.imageState ?? markers.stateFile)?.value;
  if (state === undefined) return 'unknown';
  if (state !== SEALED) return STARTED.test(state) && markers.succeeded ? 'booted since' : 'not generalized';
  if (isShutDownLater(markers)) return 'booted since';
  return isNotArmed(markers) && isStuck(markers) ? 'not generalized' : 'generalized';
}

/** One line for reports: every marker that was looked for, and what it says. */
export function evidenceOf(markers: Markers): string {
  const { imageState, stateFile, setupType, cmdLine, generalizationState, skipRearm, succeeded, sealedAt, shutDownAt } = markers;
  const shown = (marker: Marker<string | number> | undefined): string =>
    marker === undefined || marker.value === '' ? '(none)' : String(marker.value);
  const when = (marker: Marker<number> | undefined): string => (marker ? new Date(marker.value).toISOString().slice(0, 16) : '(none)');
  return [
    `ImageState=${shown(imageState)}`,
    `State.ini=${shown(stateFile)}`,
    `SetupType=${shown(setupType)}`,
    `CmdLine=${shown(cmdLine)}`,
    `GeneralizationState=${shown(generalizationState)}`,
    `SkipRearm=${shown(skipRearm)}`,
    `Sysprep_succeeded.tag=${succeeded ? 'there' : '(none)'}`,
    `sealed=${when(sealedAt)}`,
    `shut down=${when(shutDownAt)}`,
    `machine SID=${markers.machineSid ?? '(none)'}`,
  ].join(', ');
}

function loadedSet(system: Hive): string | undefined {
  try {
    return defaultControlSet(system);
  } catch (error) {
    if (error instanceof ImageError) return controlSets(system)[0];
    throw error;
  }
}

function textIn(hive: Hive, name: HiveName, key: string, value: string): Marker<string> | undefined {
  const text = valueText(hive.value(key, value));
  return text === undefined ? undefined : { value: text, at: { hive: name, key, name: value } };
}

function numberIn(hive: Hive, name: HiveName, key: string, value: string): Marker<number> | undefined {
  const number = valueNumber(hive.value(key, value));
  return number === undefined ? undefined : { value: number, at: { hive: name, key, name: value } };
}

/** A switch whatever its type: what is not plainly 0 counts as set. */
function switchIn(hive: Hive, name: HiveName, key: string, value: string): Marker<number> | undefined {
  const stored = hive.value(key, value);
  return stored && { value: switchOf(stored), at: { hive: name, key, name: value } };
}

function switchOf(stored: StoredValue): number {
  const { decoded, raw } = stored;
  if (decoded?.type === 'REG_DWORD') return decoded.data;
  if (decoded?.type === 'REG_SZ' || decoded?.type === 'REG_EXPAND_SZ') return /^\s*(?:0x)?0*\s*$/i.test(decoded.data) ? 0 : 1;
  return raw.some((byte) => byte !== 0) ? 1 : 0;
}

/** 100 ns since 1601, as every FILETIME. */
function fileTimeIn(hive: Hive, name: HiveName, key: string, value: string): Marker<number> | undefined {
  const raw = hive.value(key, value)?.raw;
  if (raw?.length !== 8) return undefined;
  const time = Number(new DataView(raw.buffer, raw.byteOffset, 8).getBigUint64(0, true) / 10_000n) - 11_644_473_600_000;
  return time > 0 && time < 8.64e15 ? { value: time, at: { hive: name, key, name: value } } : undefined;
}

/** `[State]` / `ImageState=…`, in ASCII or UTF-16. */
async function stateOfFile(image: Pick<Image, 'find'>, unseen: string[]): Promise<Marker<string> | undefined> {
  const text = await textOfFile(image, STATE_FILE, STATE_BYTES_MAX, unseen);
  const state = text && /^\s*ImageState\s*=\s*(\w+)/im.exec(text)?.[1];
  return state ? { value: state, at: { file: STATE_FILE } } : undefined;
}

async function lastLine(image: Pick<Image, 'find'>, unseen: string[]): Promise<Marker<number> | undefined> {
  const text = await textOfFile(image, LOG, LOG_BYTES_MAX, unseen);
  const times = text?.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=,)/gm);
  const time = times ? Date.parse(`${times.at(-1)!.replace(' ', 'T')}Z`) : Number.NaN;
  return Number.isNaN(time) ? undefined : { value: time, at: { file: LOG } };
}

async function textOfFile(image: Pick<Image, 'find'>, path: string, max: number, unseen: string[]): Promise<string | undefined> {
  try {
    const file = await image.find(path);
    if (!file || file.folder) return undefined;
    if (file.size > max) {
      unseen.push(`${path}: is too large to be looked at (${file.size} bytes)`);
      return undefined;
    }
    return plainText(await file.read());
  } catch (error) {
    if (!(error instanceof ImageError) && !(error instanceof FormatError)) throw error;
    unseen.push(error.message);
    return undefined;
  }
}
