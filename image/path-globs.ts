// Globs on the paths of an image: without case, and no legal name slips through.
import picomatch from 'picomatch';

/** A glob in braces stands for so many at the most; one that stands for more is matched as it is. */
const BRACES_MAX = 128;

interface Glob {
  readonly matches: RegExp;
  /** Lower-case texts that every path holds which it takes, and with which it ends; '' when there is none. */
  readonly holds: string;
  readonly ends: string;
}

/** Answers for a path whether one of the globs takes it. */
export function pathGlobs(globs: readonly string[]): (path: string) => boolean {
  const [byEnd, others] = [new Map<string, Glob[]>(), [] as Glob[]];
  for (const glob of globs.flatMap(withoutBraces).map(globOf)) {
    if (glob.ends.length < 2) others.push(glob);
    else byEnd.set(glob.ends.slice(-2), [...(byEnd.get(glob.ends.slice(-2)) ?? []), glob]);
  }
  return (path) => {
    // Most paths are none of a glob, and that shows in their last letters: expressions are slow.
    const lower = lowerOf(path);
    const takes = ({ ends, holds, matches }: Glob) =>
      lower.endsWith(ends) && lower.includes(holds) && matches.test(path.replace(/^\//, ''));
    return (byEnd.get(lower.slice(-2))?.some(takes) ?? false) || others.some(takes);
  };
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
  const matches = picomatch.makeRe(glob.replace(/^\//, '').replace(/[[\]()!+@|^$]/g, '\\$&'), options);
  // `a/**` takes `a` itself: slashes beside a wildcard are no part of what must be there. Other letters than those of ASCII have no simple lower case.
  const isPlain = /^[^\\{}\u0080-\uffff]*$/.test(glob);
  const texts = isPlain ? glob.split(/[*?]+/).map((text) => text.replace(/^\/+|\/+$/g, '').toLowerCase()) : [''];
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
