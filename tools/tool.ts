// What we know of an external program, and the one way to start it: zx, arguments as an array, no shell string made from data.
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ToolError } from '../errors.ts';

export interface Tool {
  readonly name: string;
  /** The Debian package that brings it. */
  readonly package: string;
  /** What we use it for, for `doctor`. */
  readonly purpose: string;
  /** Arguments that make it print its version, and where the version stands in what it prints. */
  readonly versionArgs: readonly string[];
  readonly versionPattern: RegExp;
  /** How to get it, where a plain `apt-get install` would do more than that. */
  readonly advice?: string;
  /** The lowest version that was tried, or undefined when any will do. */
  readonly minimum?: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly input?: string | Buffer | Readable;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Exit codes that are not a failure; 0 alone unless given. */
  readonly accept?: readonly number[];
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How many of the tool's last stderr lines an error shows. */
const STDERR_LINES = 5;

/** A zx store that keeps nothing. */
const DISCARD = {
  length: 0,
  push: () => 0,
  join: () => '',
  reduce: <T>(_fold: unknown, start: T) => start,
  [Symbol.iterator]: () => [][Symbol.iterator](),
} as unknown as Buffer[];

/**
 * Runs a tool to its end and gives its output whole.
 * @throws ToolError TOOL_MISSING (names the package), TOOL_FAILED (exit code and last stderr lines); the signal's reason when aborted.
 */
export async function runTool(tool: Tool, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  // Loaded when a tool is first needed: that takes longer than a command that starts none.
  const { $ } = await import('zx/core');
  options.signal?.throwIfAborted();
  // zx joins what it stores as UTF-8 text, which destroys bytes, and mixes stderr into its buffer: the chunks are kept here as they come.
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const shell = $({
    nothrow: true,
    store: { stdout, stderr, stdall: DISCARD },
    quiet: true,
    // `exec` makes the tool itself our child, so that a signal reaches it and not only the shell in front of it.
    prefix: 'exec ',
    postfix: '',
    killSignal: 'SIGKILL',
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
    ...(options.input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] as const } : { input: options.input }),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  } as Parameters<typeof $>[0] & object);
  const process_ = shell`${tool.name} ${[...args]}`;
  // A tool that ends before it has read all of its input is judged by how it ended, not by the pipe that broke: unheard, that error would end us.
  process_.child?.stdin?.on('error', () => {});
  const output = await endOf(process_.child, process_);
  options.signal?.throwIfAborted();
  const exitCode = output.exitCode ?? -1;
  const said = Buffer.concat(stderr).toString();
  if (!(options.accept ?? [0]).includes(exitCode)) throw failureOf(tool, args, exitCode, said, output.signal);
  return { exitCode, stdout: Buffer.concat(stdout), stderr: said };
}

/** Tools at work. zx gives each a process group of its own, so that no signal of the terminal reaches them: they are ended at exit. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Waits for a tool, which is killed should we exit before it ends. */
export async function endOf<T>(child: ChildProcess | undefined, ended: PromiseLike<T>): Promise<T> {
  if (child) running.add(child);
  try {
    return await ended;
  } finally {
    if (child) running.delete(child);
  }
}

/** The error for a tool that ended badly. bash answers 127 for a program that is not there. */
export function failureOf(tool: Tool, args: readonly string[], exitCode: number, stderr: string, signal?: string | null): ToolError {
  if (exitCode === 127) return missingTool(tool);
  const said = stderr.trim().split('\n').slice(-STDERR_LINES).join(' / ');
  const how = signal ? `was ended by ${signal}` : `failed with exit code ${exitCode}`;
  return new ToolError('TOOL_FAILED', `${tool.name}: ${how}${said ? ` (${said})` : ''}`, {
    hint: `Run "wtgforge doctor" to see whether ${tool.name} is as it should be.`,
    cause: { argv: [tool.name, ...args], exitCode, stderr },
  });
}

export function missingTool(tool: Tool): ToolError {
  return new ToolError('TOOL_MISSING', `${tool.name}: is not installed (it comes with the Debian package ${tool.package})`, {
    hint: adviceFor(tool),
  });
}

/** One sentence: how to get the tool. */
export function adviceFor(tool: Tool): string {
  return tool.advice ?? `Install it: apt-get install ${tool.package}`;
}

/** The version that the tool prints, or undefined when it is not installed. */
export async function toolVersion(tool: Tool): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await runTool(tool, tool.versionArgs, { accept: Array.from({ length: 127 }, (_, code) => code) });
    return tool.versionPattern.exec(`${stdout.toString()}\n${stderr}`)?.[1] ?? 'unknown';
  } catch (error) {
    if (error instanceof ToolError && error.code === 'TOOL_MISSING') return undefined;
    throw error;
  }
}

/** Compares dotted versions number by number: 1.9 is older than 1.13. */
export function isOlder(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < want.length; at++) {
    if ((have[at] ?? 0) !== want[at]) return (have[at] ?? 0) < want[at]!;
  }
  return false;
}
