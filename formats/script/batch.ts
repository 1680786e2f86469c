// What cmd.exe makes of a batch file before it runs a line: carets, continued lines, variables and parts of them.
import { type MappedText, replaceMapped } from './mapped.ts';

export interface PlainBatch {
  readonly text: MappedText;
  /** Variables that vanish in the middle of a word: honest scripts have none to speak of. */
  readonly splits: number;
  /** Why the rest was left as it is; undefined when all was done. */
  readonly fault: string | undefined;
}

/** Rounds of expansion: `call set x=%%y%%` needs a second one. */
const ROUNDS_MAX = 3;
/** Characters to which a script may grow by its variables. */
const GROWTH_MAX = 4 * 1024 * 1024;
const SETS_MAX = 20_000;

/** Set by Windows, or for each run: what they stand for is not in the script. */
const ENVIRONMENT = new Set(
  `allusersprofile appdata cd cmdcmdline cmdextversion commonprogramfiles commonprogramfiles(x86) commonprogramw6432 computername comspec date
  driverdata errorlevel highestnumanodenumber homedrive homepath localappdata logonserver number_of_processors os path pathext
  processor_architecture processor_architew6432 processor_identifier processor_level processor_revision programdata programfiles
  programfiles(x86) programw6432 prompt psmodulepath public random sessionname systemdrive systemroot temp time tmp userdomain
  userdomain_roamingprofile username userprofile windir`.split(/\s+/),
);

/** `set "a=b"`, `set a=b`; not `set /a`, `set /p`. The name ends at the first equals sign. */
const SET = /(?<=^|[&|(\s@])set[ \t]+(?:"([^"=\r\n/][^"=\r\n]{0,63})=([^"\r\n]*)|([^"=\r\n/\s&|][^"=\r\n&|]{0,63})=([^\r\n&|]*))/gim;
/** Asked for or reckoned while the script runs. */
const ASKED = /(?<=^|[&|(\s@])set[ \t]+\/[ap][ \t]+"?([^"=\r\n+*/&|<>^-][^"=\r\n]{0,63}?)[ \t]*[-+*/%&|^]?=/gim;
/**
 * `%name%`, `%name:~1,2%`, `%name:a=b%`, the same with `!`. A doubled sign and the parameters of the script (`%1`, `%~dp0`) come first and
 * are left as they are.
 */
const VARIABLE =
  /%%|%(?:\d|\*|~[a-z$:]{0,20}\d)|%([^%=:\r\n]{1,64})(?::([^%\r\n]{1,128}))?%|!([A-Za-z_#$.@[\]{}()-][\w#$.@[\]{}() -]{0,63})(?::([^!\r\n]{1,128}))?!/gi;

interface Definition {
  readonly at: number;
  readonly value: string;
}

export function plainBatch(source: MappedText): PlainBatch {
  let text = replaceMapped(source, /\^(?:\r?\n)?([^\r\n])?/g, ([, next]) => next ?? '');
  let splits = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const sets = definitionsOf(text.text);
    const asked = new Set([...text.text.matchAll(ASKED)].map((match) => match[1]!.trim().toLowerCase()));
    if (sets === undefined) return { text, splits, fault: `sets more than ${SETS_MAX} variables` };
    let grown = text.text.length;
    let changed = false;
    const before = text;
    const next = replaceMapped(text, VARIABLE, (match) => {
      if (grown > source.text.length + GROWTH_MAX) return undefined;
      const value = expanded(match, sets, asked);
      if (value === undefined) return undefined;
      if (value === '' && isInWord(before.text, match.index, match[0].length)) splits++;
      grown += value.length - match[0].length;
      changed = true;
      return value;
    });
    if (grown > source.text.length + GROWTH_MAX) return { text: next, splits, fault: 'grows without end by its own variables' };
    // For a second expansion. One letter may be the variable of a loop, as in `%%a%%b`.
    text = replaceMapped(next, /%%([^%\s]{1,64})%%/g, ([, name]) =>
      name!.length > 1 || sets.has(name!.toLowerCase()) ? `%${name}%` : undefined,
    );
    if (!changed && text === next) break;
  }
  return { text, splits, fault: undefined };
}

function definitionsOf(text: string): ReadonlyMap<string, readonly Definition[]> | undefined {
  const sets = new Map<string, Definition[]>();
  let count = 0;
  for (const match of text.matchAll(SET)) {
    if (++count > SETS_MAX) return undefined;
    const name = (match[1] ?? match[3] ?? '').trim().toLowerCase();
    const known = sets.get(name) ?? [];
    known.push({ at: match.index, value: match[2] ?? match[4] ?? '' });
    sets.set(name, known);
  }
  return sets;
}

/** What the variable stands for; undefined when that is not in the script. */
function expanded(
  match: RegExpExecArray,
  sets: ReadonlyMap<string, readonly Definition[]>,
  asked: ReadonlySet<string>,
): string | undefined {
  if (match[1] === undefined && match[3] === undefined) return undefined;
  const name = (match[1] ?? match[3] ?? '').trim().toLowerCase();
  const part = match[2] ?? match[4];
  const known = sets.get(name);
  if (!known) {
    // Exclamation marks stand in messages; only what looks like a name is taken for one that was never set.
    if (ENVIRONMENT.has(name) || asked.has(name) || (match[3] !== undefined && /\s/.test(name))) return undefined;
    return '';
  }
  const value = (known.findLast(({ at }) => at < match.index) ?? known[0]!).value;
  return part === undefined ? value : partOf(value, part);
}

/** `~start,length` counts from the end when negative; `old=new` replaces in any case, `*old=new` up to and with the first one. */
function partOf(value: string, part: string): string {
  const cut = /^~\s*(-?\d{1,6})?\s*(?:,\s*(-?\d{1,6}))?$/.exec(part);
  if (cut) {
    const first = Number(cut[1] ?? 0);
    const start = first < 0 ? Math.max(0, value.length + first) : first;
    if (cut[2] === undefined) return value.slice(start);
    const length = Number(cut[2]);
    return length < 0 ? value.slice(start, Math.max(start, value.length + length)) : value.slice(start, start + length);
  }
  const [old = '', ...fresh] = part.split('=');
  if (fresh.length === 0 || old === '') return value;
  const by = fresh.join('=');
  if (!old.startsWith('*')) return value.split(new RegExp(escaped(old), 'i')).join(by);
  const at = value.toLowerCase().indexOf(old.slice(1).toLowerCase());
  return at < 0 ? value : `${by}${value.slice(at + old.length - 1)}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function isInWord(text: string, at: number, length: number): boolean {
  return /\w/.test(text[at - 1] ?? '') && /\w/.test(text[at + length] ?? '');
}
