// .reg text for hivexregedit: which keys go, which are made, which of their values are set and removed.

export interface RegKey {
  /** Below the hive's root; '' is the root itself. */
  readonly path: string;
  readonly set: readonly { readonly name: string; readonly type: number; readonly raw: Uint8Array }[];
  readonly remove: readonly string[];
}

/**
 * Every value is written as hex(type), which keeps any type and any byte. Keys stand in the order given: a key that does not exist
 * yet must come after the one above it. Removals come first. Names may hold anything but NUL and line ends (see `nameFault`).
 */
export function regText(prefix: string, removedKeys: readonly string[], keys: readonly RegKey[]): string {
  const lines = ['Windows Registry Editor Version 5.00', ''];
  for (const path of removedKeys) lines.push(`[-${place(prefix, path)}]`, '');
  for (const key of keys) {
    lines.push(`[${place(prefix, key.path)}]`);
    for (const name of key.remove) lines.push(`${quoted(name)}=-`);
    for (const { name, type, raw } of key.set) lines.push(`${quoted(name)}=hex(${type.toString(16)}):${hex(raw)}`);
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

/** Why .reg text cannot carry a name, or undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (/[\0\r\n]/.test(name)) return 'holds a NUL or a line end';
  if (/[\ud800-\udfff]/u.test(name)) return 'is not well-formed UTF-16';
  return undefined;
}

function place(prefix: string, path: string): string {
  return path === '' ? prefix : `${prefix}\\${path}`;
}

function quoted(name: string): string {
  return name === '' ? '@' : `"${name.replace(/[\\"]/g, '\\$&')}"`;
}

function hex(raw: Uint8Array): string {
  return Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join(',');
}
