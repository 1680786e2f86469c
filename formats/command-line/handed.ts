// Which files a text of commands hands to something that runs texts, whatever those files are called.
import { pathsIn } from './targets.ts';

/** Lines that are looked at, and files in all; a longer text is no list of commands. */
const LINES_MAX = 20_000;
const FILES_MAX = 500;
/** Script hosts, shells and other programs that run what a text says take one of any name as an argument, piped or redirected into them. */
const RUNS_TEXTS = new RegExp(
  `\\b(?:${[
    'wscript|cscript|mshta|powershell|pwsh|cmd|regsvr32|rundll32|iex|invoke-expression|scriptblock|odbcconf|wmic|msxsl|ftp|diskshadow|schtasks',
    'msbuild|installutil|csc|python\\w*|pyw?|perl|ruby|node|bash|wsl|sh|autoit\\w*|autohotkey\\w*|register-scheduledtask',
  ].join('|')})\\b|%comspec%|\\bfor\\s+\\/f\\b`,
  'i',
);
/** Copied or renamed to a name under which it can be run. */
const BECOMES_SCRIPT =
  /\b(?:x?copy|ren|rename|move|type|copy-item|move-item|rename-item|cp|mv|cpi|mi|rni)\b.*\.(?:cmd|bat|ps1|psm1|vbs|js|wsf|hta)\b/i;
/** Carets and variables; a colon behind a name; endings of scripts. */
const MAY_HIDE = /[\^`%!]|[^\s"'=(,/-][^\s"'=(,:]:(?![\\/])\S|\.(?:cmd|bat|ps1|psm1|vb[se]|jse?|ws[fc]|hta|sct)\b/i;
const COMMENT = /^\s*@?(?:rem\b|::|#|')/i;

/** Quick: false where no word names what runs texts, a script or a named stream, and nothing could hide such a word. */
export function mayHandFiles(line: string): boolean {
  return RUNS_TEXTS.test(line) || MAY_HIDE.test(line);
}

/**
 * Paths from the image root with `/`, a named stream behind a colon, in order and each once. `folder` is what relative names and `%~dp0`
 * stand on; without it they are left out.
 */
export function handedFiles(text: string, folder?: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.split(/\r?\n/, LINES_MAX)) {
    if (COMMENT.test(line) || !(RUNS_TEXTS.test(line) || BECOMES_SCRIPT.test(line))) continue;
    for (const path of pathsIn(line, folder)) if (found.size < FILES_MAX) found.add(path);
  }
  return [...found];
}
