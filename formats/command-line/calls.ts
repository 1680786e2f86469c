// Which scripts and programs a script starts: the lines of a batch file or PowerShell script that name a file to run.
import { targetsOf } from './targets.ts';

/** Lines that are looked at; a longer script is not a hook of Setup. */
const LINES_MAX = 20_000;
const CALLS_MAX = 500;
/** What a line may begin with before the command. */
const LEAD =
  /^[\s@(&|]*(?:(?:call|start(?:\s+"[^"]*")?(?:\s+\/\w+)*|cmd(?:\.exe)?(?:\s+\/\w+)*|if\s+(?:not\s+)?exist\s+(?:"[^"]*"|\S+)|else|do|&)\s+)*/i;
const COMMENT = /^\s*@?(?:rem\b|::|#|')/i;

/**
 * Paths in the image that the script may start, from the root with `/`, in order and each once. `folder` is where the script lies, as its
 * relative names and `%~dp0` stand on it.
 */
export function callsOf(text: string, folder: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.split(/\r?\n|&{1,2}|\|\|/, LINES_MAX)) {
    if (COMMENT.test(line)) continue;
    const command = line.replace(LEAD, '').trim();
    if (command === '') continue;
    for (const target of targetsOf(command, folder)) for (const path of target) if (found.size < CALLS_MAX) found.add(path);
  }
  return [...found];
}
