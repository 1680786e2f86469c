// What a command line that Windows starts by itself does: whether it activates, fetches and runs, or runs from where anybody's data lies.
import { normaliseCommand } from '../script/normalise.ts';
import { type ActivationSign, activationSigns } from './signs.ts';

/** Longer command lines are none that Windows runs. */
const COMMAND_MAX = 32_767;

const FETCH = /\b(?:irm|iwr|invoke-restmethod|invoke-webrequest|curl(?:\.exe)?|wget|downloadstring|downloaddata|openread)\b/gi;
const RUN = /\biex\b|\binvoke-expression\b|\[scriptblock\]::create|&\s{0,40}\(\s{0,40}\[scriptblock\]/gi;
/** What stands in this order on one line. Each part is sought once: one expression for all would try every part behind every other one. */
const FETCH_AND_RUN: readonly (readonly RegExp[])[] = [
  [FETCH, /\|/g, RUN],
  [RUN, FETCH],
  [/\bmshta(?:\.exe)?\s+["']?(?:https?|javascript|vbscript):/gi],
  [/\bregsvr32(?:\.exe)?\b/gi, /\/i:https?:/gi],
  [/\brundll32(?:\.exe)?\b/gi, /\bjavascript:/gi],
  [/\bscrobj\.dll\b/gi, /\bhttps?:/gi],
];

/** A download into a file. What runs it is on the same line, or in the same short script. */
const DOWNLOAD =
  /\b(?:curl(?:\.exe)?|wget|bitsadmin|certutil|irm|iwr|invoke-restmethod|invoke-webrequest|start-bitstransfer|downloadfile)\b/gi;
/** Characters of the command of a download that are looked at, and those before the address. */
const DOWNLOAD_MAX = 1000;
const ADDRESS_MAX = 400;
/** Each is compared with all that follows; a text of more has been made to keep a reader busy, and what it runs is not known. */
const DOWNLOADS_MAX = 1000;
const ADDRESS = /\bhttps?:\/\//i;
const COMMAND_END = /[\r\n&;|]/;
/** The file's own name. */
const TARGET = /(?:^|[\s"'\\/])([\w.-]{1,120}\.(?:exe|com|scr|cmd|bat|ps1|vbs|js|wsf|hta|msi|dll))["']?(?=[\s)]|$)/gi;

/** Folders in which data and left-overs of everybody lie: no installer puts there what Windows is to start. */
const DATA_FOLDERS =
  /^"?(?:[a-z]:|%systemdrive%)?\\?(?:%(?:temp|tmp|public|appdata|localappdata)%|users\\public|users\\[^\\]+\\appdata\\local\\temp|windows\\temp|temp|perflogs|\$recycle\.bin|%(?:systemroot|windir)%\\temp)\\/i;

export interface CommandLook {
  readonly signs: readonly ActivationSign[];
  /** Fetches a text or program and runs it, whatever it is: what it will be cannot be known. */
  readonly fetches: boolean;
  /** The program or script lies in a folder for anybody's data. */
  readonly fromData: boolean;
  readonly faults: readonly string[];
}

export function lookAtCommand(line: string, kmsHosts: readonly string[]): CommandLook {
  const text = line.slice(0, COMMAND_MAX);
  const plain = normaliseCommand(text);
  return {
    signs: activationSigns(plain, kmsHosts),
    fetches: plain.layers.some((layer) => fetchesAndRuns(layer.text)),
    fromData: DATA_FOLDERS.test(text.trim().replaceAll('/', '\\')),
    faults: plain.faults,
  };
}

/** Whether a text of commands fetches something and runs it, as a text or by way of a file. */
export function fetchesAndRuns(text: string): boolean {
  for (const line of text.split(/[\r\n]+/)) if (FETCH_AND_RUN.some((parts) => standInOrder(line, parts))) return true;
  const whole = text.toLowerCase();
  let downloads = 0;
  for (const match of text.matchAll(DOWNLOAD)) {
    const target = downloadedTo(text.slice(match.index, match.index + DOWNLOAD_MAX));
    if (!target) continue;
    if (++downloads > DOWNLOADS_MAX || whole.includes(target.name.toLowerCase(), match.index + target.end)) return true;
  }
  return false;
}

function standInOrder(line: string, parts: readonly RegExp[]): boolean {
  let from = 0;
  for (const part of parts) {
    part.lastIndex = from;
    if (!part.test(line)) return false;
    from = part.lastIndex;
  }
  return true;
}

/** The last name of a program behind the address, and where it ends. */
function downloadedTo(text: string): { readonly name: string; readonly end: number } | undefined {
  const command = text.split(COMMAND_END, 1)[0]!;
  const address = ADDRESS.exec(command);
  if (!address || address.index > ADDRESS_MAX) return undefined;
  const from = address.index + address[0].length;
  const last = [...command.slice(from).matchAll(TARGET)].at(-1);
  return last && { name: last[1]!, end: from + last.index + last[0].length };
}
