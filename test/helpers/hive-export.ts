// A hive as hivexregedit exports it: keys and values by place, to compare with what our own reader and plans say.
import { execFileSync } from 'node:child_process';

/** By lower-case `key` ("key") and `key!name` (the text behind the equals sign); the default value is `key!(default)`. */
export function exportedHive(file: string): ReadonlyMap<string, string> {
  const text = execFileSync('hivexregedit', ['--export', file, '\\'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const values = new Map<string, string>();
  let key = '';
  for (const line of text.replace(/\\\r?\n\s*/g, '').split(/\r?\n/)) {
    const heading = /^\[\\?(.*)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      key = heading.toLowerCase();
      values.set(key, 'key');
      continue;
    }
    const value = /^(?:"((?:[^"\\]|\\.)*)"|@)=(.*)$/.exec(line);
    if (value) values.set(`${key}!${(value[1] ?? '(default)').replace(/\\(.)/g, '$1')}`.toLowerCase(), value[2]!);
  }
  return values;
}
