// What a script does with a thing that it names: a script that removes an activator is honest, one that only speaks of it is weak.

/** `acts`: runs, installs or writes it, or nobody can tell; `removes`: every command that names it takes it away or speaks; `mentions`: only speaks. */
export type Purpose = 'acts' | 'removes' | 'mentions';

/** A longer script was not written by hand to tidy up: it is taken as one that acts. */
const LINES_MAX = 20_000;
const LINE_MAX = 4096;
/** Words before a command (`if`, `for`, `call`) that are taken off. */
const LEADS_MAX = 10;

/** Commands that take something away or stop it, with the verbs that would turn them round. */
const REMOVES = [
  /^(?:del|erase|rd|rmdir|rm|ri|deltree|taskkill|tskill|takeown|icacls)(?![\w.-])/,
  /^(?:remove-(?:item|itemproperty|service|mppreference|appx\w+|ciminstance|wmiobject)|unregister-scheduledtask|uninstall-package)(?![\w-])/,
  /^(?:stop-(?:process|service|scheduledtask)|disable-scheduledtask|clear-item|clear-itemproperty)(?![\w-])/,
  /^(?:net1?\s+stop|sc(?:\s+\\\\\S+)?\s+(?:delete|stop)|reg\s+delete)\b/,
  /^schtasks\b(?!.*\/(?:create|change|run)\b).*\/(?:delete|end)\b/,
  /^wmic\b(?!.*\bcreate\b).*\b(?:delete|call\s+(?:terminate|uninstall))\b/,
];
/** Commands that only look or speak. */
const SPEAKS = [
  /^(?:echo|rem|title|msg|write-(?:host|output|verbose|warning|error|information|debug)|throw)(?![\w-])/,
  /^(?:findstr|find|where|dir|tasklist|get-\w+|test-path|select-string|sc\s+query\w*|reg\s+query|schtasks\s+\/query)(?![\w-])/,
];
/** What a pipe may lead into without anything being run. */
const FILTERS =
  /^(?:where-object|\?|select-object|select|sort|sort-object|measure-object|format-\w+|ft|fl|more|out-(?:null|host|file|string)|tee-object)(?![\w-])/;
/** Files that nobody runs; what is written into any other may be a script in the making. */
const HARMLESS_TARGET = /^"?(?:nul\b|con\b|&\d|\$null\b|[^"<>|]*\.(?:log|txt)\b)/;

/** What may stand before the command that counts. */
const LEADS = [
  /^@+\s*/,
  /^if\s+(?:\/i\s+)?(?:not\s+)?(?:exist\s+(?:"[^"]*"|\S+)|errorlevel\s+\d+|defined\s+\S+|(?:"[^"]*"|\S+)\s*==\s*(?:"[^"]*"|\S+))\s*/,
  /^(?:else|do|try|begin|process|end)(?=\s|$)\s*/,
  /^call\s+(?=(?:del|rd|sc|reg)\b)/,
  /^cmd(?:\.exe)?\s+(?:\/\w\S*\s+)*?\/c\s+/,
  /^\$\w+\s*=(?!=)\s*/,
];
const OWN_PROGRAMS = /^(taskkill|tasklist|sc|reg|schtasks|net1?|wmic|icacls|takeown|find|findstr|where|msg)\.exe\b/;
/** A script that gives such a command another meaning is not believed. */
const REDEFINES =
  /\b(?:set-alias|new-alias|doskey)\b|\bfunction\s+(?:global:|script:)?(?:remove|stop|disable|unregister|uninstall|clear|write|get|test|select)-\w+|\bset\s+"?(?:del|erase|rd|echo|rem)"?=/;

/**
 * @param text the whole script, normalised as far as the caller can.
 * @param names what it names: found without case, wherever it stands in a command.
 */
export function purposeOf(text: string, names: readonly string[]): Purpose {
  const whole = text.toLowerCase();
  const wanted = names.map((name) => name.toLowerCase()).filter((name) => name !== '');
  const isNamed = (part: string) => wanted.some((name) => part.includes(name));
  if (!isNamed(whole)) return 'mentions';
  const lines = whole.split(/\r\n|\r|\n/, LINES_MAX + 1);
  if (lines.length > LINES_MAX || REDEFINES.test(whole)) return 'acts';
  let removes = false;
  for (const line of lines) {
    if (!isNamed(line)) continue;
    if (line.length > LINE_MAX) return 'acts';
    for (const pipeline of unrolled(line).split(/&+|\|\||[;(){}]/)) {
      const purpose = isNamed(pipeline) ? purposeOfPipeline(pipeline, isNamed) : 'mentions';
      if (purpose === 'acts') return purpose;
      removes ||= purpose === 'removes';
    }
  }
  return removes ? 'removes' : 'mentions';
}

/**
 * `for %%i in (a b) do del %%i` is `del a b`. Quotes keep nothing together, since `^"` is none: a `;` in the name of a file costs a false alarm,
 * and a command behind a false quote would cost a missed one.
 */
function unrolled(line: string): string {
  const plain = line.replaceAll('(x86)', 'x86');
  const loop = /^\s*@?for\s+(?:\/\w\s+(?:"[^"]*"\s+)?)?(%%\w)\s+in\s+\(([^()]*)\)\s+do\s+(.*)$/.exec(plain);
  return loop ? loop[3]!.replaceAll(loop[1]!, loop[2]!) : plain;
}

function purposeOfPipeline(pipeline: string, isNamed: (part: string) => boolean): Purpose {
  const commands = pipeline.split('|').map(bareCommand);
  const first = commands.findIndex(isNamed);
  // Only in what stands before a command, such as `if exist NAME`: then the command is another one.
  if (first < 0) return 'mentions';
  let removes = false;
  for (const command of commands.slice(first)) {
    if (isComment(command)) continue;
    if (REMOVES.some((pattern) => pattern.test(command))) removes = true;
    else if (SPEAKS.some((pattern) => pattern.test(command)) ? writes(command) : !FILTERS.test(command)) return 'acts';
  }
  return removes ? 'removes' : 'mentions';
}

/** Whether text goes into a file that somebody may run. */
function writes(command: string): boolean {
  return command
    .split(/>+/)
    .slice(1)
    .some((target) => !HARMLESS_TARGET.test(target.trim()));
}

function isComment(command: string): boolean {
  return /^\s*@?(?:rem\b|::|#|'|\/\/)/.test(command);
}

function bareCommand(command: string): string {
  let rest = command.trim();
  for (let taken = 0; taken < LEADS_MAX; taken++) {
    const lead = LEADS.find((pattern) => pattern.test(rest));
    if (!lead) break;
    rest = rest.replace(lead, '');
  }
  return rest.replace(OWN_PROGRAMS, '$1');
}
