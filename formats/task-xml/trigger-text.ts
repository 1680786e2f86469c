// Triggers of a scheduled task as an author writes them: "boot PT5M", "daily 03:00", "weekly Mon,Fri 22:30", "event System Provider 19".
import { escapeText } from '../xml/render.ts';
import { type TaskTrigger, WEEKDAYS, type Weekday } from './task.ts';

const DELAY = /^PT(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
/** Event ids are 16 bits. */
const EVENT_MAX = 65535;

export const TRIGGER_FORMS =
  'boot, boot PT5M, logon, logon PT30S, daily 03:00, weekly Mon,Fri 22:30, or event LOG PROVIDER ID (with a delay behind it)';

/** The trigger, or the reason why there is none: goes after `trigger "…" `. */
export function readTrigger(text: string): TaskTrigger | string {
  const [kind, ...words] = text.trim().split(/\s+/);
  switch (kind) {
    case 'boot':
    case 'logon':
      return delayed({ kind }, words);
    case 'daily':
      return words.length === 1 && TIME.test(words[0]!) ? { kind, at: words[0]! } : 'needs a time of day, as "daily 03:00"';
    case 'weekly':
      return weekly(words);
    case 'event':
      return event(text);
    default:
      return `is none of ${TRIGGER_FORMS}`;
  }
}

type Delayable = Exclude<TaskTrigger, { readonly at: string }>;

function delayed(trigger: Delayable, words: readonly string[]): TaskTrigger | string {
  if (words.length === 0) return trigger;
  return words.length === 1 && DELAY.test(words[0]!) ? { ...trigger, delay: words[0]! } : 'has a delay that is none: PT30S, PT5M, PT1H';
}

function weekly([list = '', at = '', ...rest]: readonly string[]): TaskTrigger | string {
  const days = list.split(',').map(weekday);
  if (rest.length > 0 || !TIME.test(at) || days.includes(undefined)) return 'needs days and a time, as "weekly Mon,Fri 22:30"';
  return { kind: 'weekly', at, days: days as Weekday[] };
}

/** By its first three letters or its whole English name. */
function weekday(text: string): Weekday | undefined {
  const wanted = text.toLowerCase();
  return WEEKDAYS.find((day) => [day.toLowerCase(), day.slice(0, 3).toLowerCase()].includes(wanted));
}

/** Names of logs and providers hold spaces, so they may stand in quotes. */
function event(text: string): TaskTrigger | string {
  const name = String.raw`("[^"']{1,256}"|[^\s"']{1,256})`;
  const match = new RegExp(`^event\\s+${name}\\s+${name}\\s+(\\d{1,5})(?:\\s+(\\S+))?$`).exec(text.trim());
  if (!match) return 'needs a log, a provider and a number, as "event System Microsoft-Windows-WindowsUpdateClient 19"';
  const [log, provider] = [match[1]!, match[2]!].map((word) => word.replaceAll('"', ''));
  const id = Number(match[3]);
  if (id > EVENT_MAX) return `names event ${id}, and ${EVENT_MAX} is the last`;
  const query =
    `<QueryList><Query Id="0" Path="${escapeText(log!)}"><Select Path="${escapeText(log!)}">` +
    `*[System[Provider[@Name='${escapeText(provider!)}'] and EventID=${id}]]</Select></Query></QueryList>`;
  return delayed({ kind: 'event', query }, match[4] === undefined ? [] : [match[4]]);
}
