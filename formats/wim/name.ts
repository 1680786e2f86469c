// Which names of files and streams a WIM may hold for us: what Windows could never have made is refused, not repaired.

/** What is wrong with a name (to follow "the name"), or undefined. The name itself is not repeated: it may hold terminal commands. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name === '.' || name === '..') return `is "${name}"`;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code > 0x9f) continue;
    // C0 and C1 controls and DEL: they forge lines in lists and steer terminals.
    if (code < 0x20 || code >= 0x7f) return `holds the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    if (code === 0x2f) return 'holds a slash';
    if (code === 0x5c) return 'holds a backslash';
  }
  return undefined;
}
