// A fake program first on PATH, which logs how it was called: for tests of what we say to external tools.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface MockedCommand {
  /** The arguments of every call so far, in order. */
  calls(): readonly (readonly string[])[];
}

/** Runs `use` while `name` is a shell script with this body (`exit 0` when empty). PATH is put back afterwards, whatever happened. */
export async function withMockCommand<T>(name: string, body: string, use: (mock: MockedCommand) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-mock-'));
  const before = process.env.PATH;
  const log = join(folder, '.calls');
  const program = join(folder, name);
  // The count goes first, so that arguments with line feeds and empty arguments are told apart.
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$#" "$@" >> '${log}'\n${body}\n`);
  chmodSync(program, 0o755);
  process.env.PATH = `${folder}${delimiter}${before ?? ''}`;
  try {
    return await use({ calls: () => (existsSync(log) ? parseCalls(readFileSync(log, 'utf8')) : []) });
  } finally {
    if (before === undefined) delete process.env.PATH;
    else process.env.PATH = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

function parseCalls(log: string): readonly (readonly string[])[] {
  const parts = log.split('\0').slice(0, -1);
  const calls: string[][] = [];
  for (let at = 0; at < parts.length; at += 1 + Number(parts[at])) calls.push(parts.slice(at + 1, at + 1 + Number(parts[at])));
  return calls;
}
