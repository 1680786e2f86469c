// The Triggers value of a task in the registry: its settings, who it runs as, and when it starts.
import { sidText } from '../security-descriptor/parse.ts';
import { Blob } from './blob.ts';

/** The task service takes 48 triggers. */
export const TRIGGERS_MAX = 4096;
const QUERIES_MAX = 4096;

/** From these versions on the blob names the principal, and the account as shown. */
const WITH_PRINCIPAL = 0x16;
const WITH_DISPLAY_NAME = 0x17;

export type TriggerKind = 'boot' | 'logon' | 'time' | 'event' | 'registration' | 'session' | 'idle' | 'wnf';

const KINDS: ReadonlyMap<number, TriggerKind> = new Map([
  [0x6666, 'wnf'],
  [0x7777, 'session'],
  [0x8888, 'registration'],
  [0xaaaa, 'logon'],
  [0xcccc, 'event'],
  [0xdddd, 'time'],
  [0xeeee, 'idle'],
  [0xffff, 'boot'],
]);

export interface CachedTrigger {
  readonly kind: TriggerKind;
  readonly enabled: boolean;
  /** The event query of an event trigger, as XML text. */
  readonly subscription?: string;
}

export interface CachedTriggers {
  /** CRC-32 of the task's XML, which need not be right: the task service mends it. */
  readonly xmlChecksum: number;
  readonly principal: string;
  /** The account: a SID (`S-1-5-18`) where there is one, else the name, '' when the blob names none. */
  readonly account: string;
  readonly enabled: boolean;
  readonly hidden: boolean;
  readonly highestRights: boolean;
  readonly networkOnly: boolean;
  readonly triggers: readonly CachedTrigger[];
}

const FLAG_NETWORK = 0x80;
const FLAG_ENABLED = 0x400000;
const FLAG_HIDDEN = 0x800000;
const FLAG_HIGHEST = 0x1000000;

/** @throws FormatError for what the task service could not read either */
export function parseTriggers(data: Uint8Array): CachedTriggers {
  const blob = new Blob(data);
  const version = blob.u8Block();
  skipTimes(blob, 2);
  const flags = blob.u32Block();
  const xmlChecksum = blob.u32Block();
  const principal = version >= WITH_PRINCIPAL ? blob.textBlocks() : '';
  if (version >= WITH_DISPLAY_NAME) blob.textBlocks();
  const account = readUser(blob);
  skipSettings(blob);
  const triggers: CachedTrigger[] = [];
  while (!blob.done) {
    if (triggers.length >= TRIGGERS_MAX) blob.fail(`holds more than ${TRIGGERS_MAX} triggers`);
    triggers.push(readTrigger(blob, version));
  }
  const has = (flag: number) => (flags & flag) !== 0;
  return {
    xmlChecksum,
    principal: principal.replace(/\0+$/, ''),
    account,
    enabled: has(FLAG_ENABLED),
    hidden: has(FLAG_HIDDEN),
    highestRights: has(FLAG_HIGHEST),
    networkOnly: has(FLAG_NETWORK),
    triggers,
  };
}

/** A time is a mark for local time in a block, and a FILETIME. */
function skipTimes(blob: Blob, count: number): void {
  blob.skip(count * 16);
}

function readUser(blob: Blob): string {
  if (blob.u8Block() !== 0) return '';
  const withoutSid = blob.u8Block() !== 0;
  let sid = '';
  if (!withoutSid) {
    blob.skip(8); // kind of the account
    const size = blob.u32Block();
    sid = sidOf(blob.take(size));
    blob.pad(size);
  }
  const name = blob.textBlocks().replace(/\0+$/, '');
  return sid === '' ? name : sid;
}

function sidOf(bytes: Uint8Array): string {
  return bytes.length === 0 ? '' : sidText(bytes);
}

/** Priority, idle times and the like: nothing that says what the task does. */
function skipSettings(blob: Blob): void {
  const size = blob.u32Block();
  if (size > 0x400) blob.fail(`settings claim ${size} bytes`);
  blob.skip(size);
  blob.pad(size);
}

function readTrigger(blob: Blob, version: number): CachedTrigger {
  const magic = blob.u32Block();
  const kind = KINDS.get(magic);
  if (kind === undefined) return blob.fail(`trigger of kind 0x${magic.toString(16)} is not known`);
  if (kind === 'time') return { kind, enabled: readSchedule(blob, version) };
  const enabled = readGeneric(blob, version);
  switch (kind) {
    case 'wnf': {
      blob.skip(8); // name of the state
      blob.skip(blob.u32Block());
      return { kind, enabled };
    }
    case 'session':
      blob.skip(8); // the change
      readUser(blob);
      return { kind, enabled };
    case 'logon':
      readUser(blob);
      return { kind, enabled };
    case 'event':
      return { kind, enabled, subscription: readEvent(blob) };
    default:
      return { kind, enabled };
  }
}

/** What all triggers but the timed ones begin with. Gives whether it is enabled. */
function readGeneric(blob: Blob, version: number): boolean {
  skipTimes(blob, 2);
  blob.skip(5 * 4 + 4); // delay, timeout, repetition (3), stop at the end of the duration
  const enabled = blob.u8Block() !== 0;
  blob.skip(8);
  readTriggerId(blob, version);
  return enabled;
}

function readSchedule(blob: Blob, version: number): boolean {
  skipTimes(blob, 3);
  blob.skip(4 * 4 + 4 * 2 + 1); // repetition, time limit, mode; days, weeks, months; stop at the end of the duration
  const enabled = blob.u8() !== 0;
  blob.skip(2 + 3 * 4);
  readTriggerId(blob, version);
  return enabled;
}

/** Unlike the other texts its count is not padded, only count and text together. */
function readTriggerId(blob: Blob, version: number): void {
  if (version < WITH_PRINCIPAL) return;
  const from = blob.offset;
  blob.text();
  blob.pad(blob.offset - from);
}

function readEvent(blob: Blob): string {
  const subscription = blob.countedTextBlocks();
  blob.skip(8);
  blob.countedTextBlocks();
  const count = blob.u32Block();
  if (count > QUERIES_MAX) blob.fail(`event trigger with ${count} value queries`);
  for (let query = 0; query < count * 2; query++) blob.countedTextBlocks();
  return subscription;
}
