// A process that runs a script of our own and talks with us in messages: what it reads may end it, and does not end us.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FormatError } from '../formats/bytes.ts';
import { encodeFrame, type Frame, FrameReader } from '../formats/frame.ts';
import { endOf } from './tool.ts';

/** The most that its objects may take: it works on buffers of fixed size. */
const HEAP_MB = 512;
/** Its buffers live outside of the heap, so little is made anew in it. */
const YOUNG_MB = 2;
/** How often in its time a silent script is looked at. */
const LOOKS = 3;
/** It may take so many times as long to say its first word. */
const STARTING = 10;
/** What a script needs of our environment; secrets of the user may stand in the rest. */
const ENVIRONMENT = ['PATH', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'HOME'];

/** The C library would learn from the first large buffer to keep such memory for later ones (mallopt(3), M_MMAP_THRESHOLD). */
const MEMORY = { MALLOC_MMAP_THRESHOLD_: '262144' };

export interface NodeProcess {
  send(head: unknown, body?: Uint8Array): void;
  /** Its messages until it ends or is stopped. @throws FormatError for what is none; an Error that says how it ended badly. */
  messages(): AsyncIterable<Frame>;
  /** No more is sent: a script at its end ends. */
  finish(): void;
  stop(): void;
}

/** Starts the script. It answers on descriptor 3; `files` are open files that it gets from 4 on. `patience`: ms of silence after which it is stopped. */
export function startNode(script: URL, { files, patience }: { readonly files: readonly number[]; readonly patience: number }): NodeProcess {
  const env = Object.fromEntries(ENVIRONMENT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  const child = spawn(
    process.execPath,
    [...loaders(), `--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB}`, fileURLToPath(script)],
    {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', ...files],
      env: { ...env, ...MEMORY },
    },
  );
  const input = child.stdin as Writable;
  // It may end while we write; how it ended is told by `messages`.
  input.on('error', () => {});
  let said = '';
  (child.stderr as Readable).on('data', (piece: Buffer) => {
    said = `${said}${piece}`.slice(-4096);
  });
  const exit = endOf(child, exitOf(child));
  return {
    send(head, body) {
      for (const part of encodeFrame(head, body)) if (part.length > 0) input.write(part);
    },
    messages: () => messagesOf(child, exit, patience, () => said),
    finish: () => input.end(),
    stop: () => child.kill('SIGKILL'),
  };
}

/** What made our own sources loadable makes those of the script loadable. */
function loaders(): readonly string[] {
  const found: string[] = [];
  for (const [at, argument] of process.execArgv.entries()) {
    if (/^--(?:import|require|loader|experimental-loader)=/.test(argument)) found.push(argument);
    else if (/^(?:--import|--require|-r|--loader|--experimental-loader)$/.test(argument))
      found.push(argument, process.execArgv[at + 1] ?? '');
  }
  return found;
}

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

async function* messagesOf(child: ChildProcess, exit: Promise<Exit>, patience: number, said: () => string): AsyncGenerator<Frame> {
  const reader = new FrameReader();
  let silent = 0;
  let listening = true;
  let started = false;
  let hung = false;
  // Several looks: after a long pause of our own the first one may come before what it said meanwhile.
  const watch = setInterval(() => {
    if (!listening || ++silent < (started ? LOOKS : LOOKS * STARTING)) return;
    hung = true;
    child.kill('SIGKILL');
  }, patience / LOOKS);
  try {
    for await (const piece of child.stdio[3] as Readable) {
      listening = false;
      started = true;
      yield* reader.push(piece as Buffer);
      listening = true;
      silent = 0;
    }
  } catch (error) {
    child.kill('SIGKILL');
    if (error instanceof FormatError) throw error;
    // A stream that broke is told by how the process ended.
  } finally {
    clearInterval(watch);
    if (child.exitCode === null && child.signalCode === null && !(child.stdio[3] as Readable).readableEnded) child.kill('SIGKILL');
  }
  const { code, signal } = await exit;
  if (hung) throw new Error(`did not answer for ${Math.round(patience / 1000)} s`);
  if (code !== 0) throw new Error(`${signal ? `was ended by ${signal}` : `ended with exit code ${code}`}${thrown(said())}`);
  if (reader.open) throw new Error('ended in the middle of a message');
}

/** What a script threw stands in the middle of what Node prints of it. */
function thrown(text: string): string {
  const line = text.split('\n').find((one) => /^\w*Error\b.*:/.test(one));
  return line ? ` (${line.slice(0, 200)})` : '';
}
