// Globs without case: on paths of the image, on key names, and on the text of a location.
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

/** A glob on the text of a location, whose separators are `/`, `\` and `!`. Everything but `*`, `**`, `?` and `{a,b}` stands for itself. */
export function locationGlob(glob: string): (text: string) => boolean {
  const source = glob.replace(/\*\*|[*?]|\{[^{}]*,[^{}]*\}|[^*?{]+|\{/g, (token) => {
    if (token === '**') return '.*';
    if (token === '*') return '[^/\\\\!]*';
    if (token === '?') return '[^/\\\\!]';
    if (/^\{.*,.*\}$/s.test(token)) return `(?:${token.slice(1, -1).split(',').map(escapeText).join('|')})`;
    return escapeText(token);
  });
  const expression = new RegExp(`^${source}$`, 'is');
  return (text) => expression.test(text);
}

/** A key name in a pattern: `*` stands for any run of characters. */
export function nameGlob(glob: string): (name: string) => boolean {
  const expression = new RegExp(`^${glob.split('*').map(escapeText).join('.*')}$`, 'is');
  return (name) => expression.test(name);
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
