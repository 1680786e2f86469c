// Globs on the paths of an image: without case, and no legal name slips through.
import picomatch from 'picomatch';

/** Answers for a path whether one of the globs takes it. */
export function pathGlobs(globs: readonly string[]): (path: string) => boolean {
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
  const expressions = globs.map((glob) => picomatch.makeRe(glob.replace(/^\//, '').replace(/[[\]()!+@|^$]/g, '\\$&'), options));
  return (path) => expressions.some((expression) => expression.test(path.replace(/^\//, '')));
}
