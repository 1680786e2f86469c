// What a command line that Windows starts by itself does: whether it activates, fetches and runs, or runs from where anybody's data lies.
import { normaliseCommand } from '../script/normalise.ts';
import { type ActivationSign, activationSigns } from './signs.ts';

/** Longer command lines are none that Windows runs. */
const COMMAND_MAX = 32_767;

const FETCH = String.raw`\b(?:irm|iwr|invoke-restmethod|invoke-webrequest|curl(?:\.exe)?|wget|downloadstring|downloaddata|openread)\b`;
const RUN = String.raw`(?:\biex\b|\binvoke-expression\b|\[scriptblock\]::create|&\s*\(\s*\[scriptblock\])`;
const FETCH_AND_RUN = [
  new RegExp(`${FETCH}[^\\r\\n]*\\|[^\\r\\n]*${RUN}`, 'i'),
  new RegExp(`${RUN}[^\\r\\n]*${FETCH}`, 'i'),
  /\bmshta(?:\.exe)?\s+["']?(?:https?|javascript|vbscript):/i,
  /\bregsvr32(?:\.exe)?\b[^\r\n]*\/i:https?:/i,
  /\brundll32(?:\.exe)?\b[^\r\n]*\bjavascript:/i,
  /\bscrobj\.dll\b[^\r\n]*\bhttps?:/i,
];

/** A download into a file; the first group is the file's own name. What follows is on the same line, or in the same short script. */
const DOWNLOAD =
  /\b(?:curl(?:\.exe)?|wget|bitsadmin|certutil|irm|iwr|invoke-restmethod|invoke-webrequest|start-bitstransfer|downloadfile)\b[^\r\n&;|]{0,400}?\bhttps?:\/\/[^\r\n&;|]{0,600}(?:^|[\s"'\\/])([\w.-]+\.(?:exe|com|scr|cmd|bat|ps1|vbs|js|wsf|hta|msi|dll))["']?(?=[\s)&;|]|$)/gim;

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
  if (FETCH_AND_RUN.some((expression) => expression.test(text))) return true;
  return [...text.matchAll(DOWNLOAD)].some((match) => {
    const behind = text.slice(match.index + match[0].length).toLowerCase();
    return behind.includes(match[1]!.toLowerCase());
  });
}
