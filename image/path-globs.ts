// Globs on the paths of an image: without case, and no legal name slips through.
import picomatch from 'picomatch';

/** A glob in braces stands for so many at the most; one that stands for more is matched as it is. */
const BRACES_MAX = 128;

interface Glob {
  /** Undefined for one that takes every path. */
  readonly matches: RegExp | undefined;
  /** Lower-case texts that every path holds which it takes, and with which it ends; '' when there is none. */
  readonly holds: string;
  readonly ends: string;
}

interface Member extends Glob {
  readonly set: number;
}

/** Answers for a path whether one of the globs takes it. */
export function pathGlobs(globs: readonly string[]): (path: string) => boolean {
  const taking = globSets([globs]);
  return (path) => taking(path).length > 0;
}

/** Answers for a path which of the sets hold a glob that takes it: their places, in order. */
export function globSets(sets: readonly (readonly string[])[]): (path: string) => readonly number[] {
  const [byEnd, others, whole] = [new Map<number, Member[]>(), [] as Member[], new Set<number>()];
  for (const [set, globs] of sets.entries())
    for (const glob of globs.flatMap(withoutBraces).map(globOf)) {
      const end = lastLetters(glob.ends);
      if (!glob.matches) whole.add(set);
      else if (end === UNKNOWN) others.push({ ...glob, set });
      else if (byEnd.has(end)) byEnd.get(end)!.push({ ...glob, set });
      else byEnd.set(end, [{ ...glob, set }]);
    }
  const isOther = anyOf(others);
  const always = [...whole];
  return (path) => {
    // Most paths are none of a glob, and that shows in their last letters: expressions are slow.
    const end = lastLetters(path);
    const near = byEnd.get(end === UNKNOWN ? lastLetters(lowerOf(path)) : end);
    if (!near && others.length === 0) return always;
    const lower = lowerOf(path);
    const far = isOther(lower);
    if (!near && !far) return always;
    const found = [...always];
    for (const members of [far ? others : [], near ?? []])
      for (const { set, ends, holds, matches } of members) {
        if (found.includes(set) || !lower.endsWith(ends) || !lower.includes(holds)) continue;
        if (matches!.test(path.startsWith('/') ? path.slice(1) : path)) found.push(set);
      }
    return found.length > 1 ? found.sort((a, b) => a - b) : found;
  };
}

/** Answers for a path in lower case whether it may hold what one of them needs: one look for all texts. */
function anyOf(members: readonly Member[]): (lower: string) => boolean {
  if (members.length === 0 || members.some(({ holds }) => holds === '')) return () => members.length > 0;
  const texts = [...new Set(members.map(({ holds }) => holds))].map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const expression = new RegExp(texts.join('|'), 's');
  return (lower) => expression.test(lower);
}

/** Answers for the path of a folder whether something below it may be taken by one of the globs. */
export function foldersOf(globs: readonly string[]): (path: string) => boolean {
  const heads = globs.flatMap(withoutBraces).map(plainHead);
  return (path) => {
    const names = path.slice(1).toLowerCase().split('/');
    return heads.some((head) => head.every((name, at) => at >= names.length || name === names[at]));
  };
}

/** The names with which every path begins that the glob takes: up to the first that is a pattern, or may have other lower-case forms. */
function plainHead(glob: string): readonly string[] {
  const names = glob.replace(/^\//, '').toLowerCase().split('/');
  const end = names.findIndex((name) => !/^[^*?\\{}\u0080-\uffff]*$/.test(name));
  return end < 0 ? names : names.slice(0, end);
}

const UNKNOWN = -1;

/** The last two letters in lower case, as a number; UNKNOWN when there are none or they are not both of ASCII. */
function lastLetters(text: string): number {
  const [a, b] = [text.charCodeAt(text.length - 2), text.charCodeAt(text.length - 1)];
  return a < 0x80 && b < 0x80 ? (lowerLetter(a) << 8) | lowerLetter(b) : UNKNOWN;
}

function lowerLetter(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}

let last = { path: '', lower: '' };

/** Many sets of globs are asked of one path after the other. */
function lowerOf(path: string): string {
  if (last.path !== path) last = { path, lower: path.toLowerCase() };
  return last.lower;
}

function globOf(glob: string): Glob {
  // `s`: a line separator (U+2028 is legal in a name) must not hide a file. Only `*`, `**`, `?` and `{a,b}` mean anything.
  const options = {
    flags: 'is',
    dot: true,
    windows: false,
    noextglob: true,
    nobracket: true,
    nonegate: true,
  } as picomatch.PicomatchOptions;
  // Without its first slash `/**/a` takes `/a` too, as `**` promises; with it picomatch wants one folder at least.
  const matches = glob === '/**' ? undefined : picomatch.makeRe(glob.replace(/^\//, '').replace(/[[\]()!+@|^$]/g, '\\$&'), options);
  // `a/**` takes `a` itself: slashes beside a wildcard are no part of what must be there. Other letters than those of ASCII have no simple lower case.
  const isPlain = /^[^\\{}]*$/.test(glob);
  const texts = isPlain ? glob.split(/[*?\u0080-\uffff]+/).map((text) => text.replace(/^\/+|\/+$/g, '').toLowerCase()) : [''];
  return { matches, ends: texts.at(-1)!, holds: texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '') };
}

/** `a.{b,c}` as `a.b` and `a.c`; braces in braces stay as they are. */
function withoutBraces(glob: string): readonly string[] {
  let made: readonly string[] = [''];
  for (const part of glob.split(/(\{[^{}]*,[^{}]*\})/)) {
    const choices = /^\{.*\}$/s.test(part) ? part.slice(1, -1).split(',') : [part];
    made = made.flatMap((start) => choices.map((choice) => start + choice));
    if (made.length > BRACES_MAX) return [glob];
  }
  return made.some((one) => /[{}]/.test(one)) ? [glob] : made;
}
