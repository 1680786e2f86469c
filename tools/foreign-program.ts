// A program of the user over a mounted image: no shell, a time limit, an environment without secrets, and nothing of it left when it ends.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { ToolError } from '../errors.ts';
import { MARK_VARIABLE } from './mount-keeper.ts';

export interface ForeignProgram {
  /** A path, or a name that is sought in PATH. */
  readonly command: string;
  readonly arguments: readonly string[];
  /** After which it is ended. */
  readonly seconds: number;
}

/** What a program needs of our environment; secrets of the user may stand in the rest. */
const ENVIRONMENT = ['PATH', 'LANG', 'LC_ALL', 'HOME', 'USER', 'LD_LIBRARY_PATH'];
const SAID_MAX = 4096;
const LINES = 5;
/** Two looks after each other see what was begun during the first. */
const LOOKS_MAX = 20;
const SETTLE_MS = 50;

/**
 * Runs it to its end, in `folder` as working and temporary folder. `mark` stands in its environment, so that all that it starts is found again.
 * @throws ToolError PROGRAM_ABSENT, PROGRAM_FAILED, PROGRAM_TIMEOUT, PROGRAM_LEFT; the signal's reason when aborted. No process of it is left.
 */
export async function runForeign(
  program: ForeignProgram,
  { folder, mark, signal }: { readonly folder: string; readonly mark: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  signal?.throwIfAborted();
  const { command, seconds } = program;
  const kept = Object.fromEntries(ENVIRONMENT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  const child = spawn(command, program.arguments, {
    cwd: folder,
    // A group of its own: a signal of the terminal is ours to handle.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...kept, TMPDIR: folder, [MARK_VARIABLE]: mark },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => {
      said = `${said}${piece}`.slice(-SAID_MAX);
    });
  }
  const endAll = () => killMarked(mark);
  process.on('exit', endAll);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endAll();
  }, seconds * 1000);
  signal?.addEventListener('abort', endAll, { once: true });
  try {
    const ended = await new Promise<{ code: number | null; by: string | null; error?: NodeJS.ErrnoException }>((resolve) => {
      child.once('error', (error) => resolve({ code: null, by: null, error }));
      child.once('exit', (code, by) => resolve({ code, by }));
    });
    const first = killMarked(mark);
    // What it said last may still be on its way to us; and a process that becomes another program has no environment for a moment.
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const left = [...new Set([...first, ...killMarked(mark)])];
    signal?.throwIfAborted();
    if (ended.error) throw absent(command, ended.error);
    const lines = said.trim().split('\n').slice(-LINES).join(' / ');
    if (late) {
      throw new ToolError('PROGRAM_TIMEOUT', `${command}: did not end within ${seconds} s and was ended`, {
        hint: 'See what it waits for, or give it more time with "timeLimit".',
      });
    }
    if (ended.code !== 0) {
      const how = ended.by ? `was ended by ${ended.by}` : `failed with exit code ${ended.code}`;
      throw new ToolError('PROGRAM_FAILED', `${command}: ${how}${lines ? ` (${lines})` : ''}`, {
        hint: 'Nothing of what it did is taken. Run it by hand on a copy to see why it fails.',
      });
    }
    if (left.length > 0) {
      throw new ToolError('PROGRAM_LEFT', `${command}: has ended, but left ${left.length} process(es) running (${left.join(', ')})`, {
        hint: 'Let it wait for all that it starts: what goes on would change the image after it was looked at.',
      });
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', endAll);
    process.off('exit', endAll);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function absent(command: string, cause: NodeJS.ErrnoException): ToolError {
  const why = cause.code === 'EACCES' ? 'may not be run (EACCES)' : `cannot be run (${cause.code ?? 'unknown'})`;
  return new ToolError('PROGRAM_ABSENT', `${command}: ${why}`, {
    hint: 'Install it, make it executable, or name it by its path from the folder of the config.',
    cause,
  });
}

/** Ends every process with the mark in its environment, wherever it went; gives the names of those that were running. */
function killMarked(mark: string): readonly string[] {
  const names: string[] = [];
  const wanted = `${MARK_VARIABLE}=${mark}`;
  for (let look = 0; look < LOOKS_MAX; look++) {
    const found = marked(wanted);
    if (found.length === 0) break;
    for (const { pid, name } of found) {
      try {
        process.kill(pid, 'SIGKILL');
        if (!names.includes(name)) names.push(name);
      } catch {
        // It has ended by itself.
      }
    }
  }
  return names;
}

function marked(wanted: string): readonly { readonly pid: number; readonly name: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // A dead process that nobody has waited for yet has no environment.
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(wanted)) return [];
        return [{ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }];
      } catch {
        return [];
      }
    });
}
