// Globs without case on key names and on the text of a location.

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
