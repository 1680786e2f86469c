// The version of wtgforge, read from its own package.json.
import { existsSync, readFileSync } from 'node:fs';

export function ownVersion(): string {
  // ../package.json from cli/main.ts, ../../package.json from dist/cli/main.js.
  const file = ['../package.json', '../../package.json'].map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : 'unknown';
}
