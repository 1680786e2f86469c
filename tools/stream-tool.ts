// Runs a tool and hands its output on while it comes, with memory flat however much that is.
import type { Readable } from 'node:stream';
import { endOf, failureOf, type Tool } from './tool.ts';

/**
 * The output of a tool, piece by piece. The tool is killed when the caller stops early or the signal aborts.
 * @throws ToolError TOOL_MISSING or TOOL_FAILED after the last piece; the signal's reason when aborted.
 */
export async function* streamTool(
  tool: Tool,
  args: readonly string[],
  options: { readonly signal?: AbortSignal | undefined; readonly env?: Readonly<Record<string, string>> } = {},
): AsyncGenerator<Uint8Array> {
  const { $ } = await import('zx/core'); // late, as in runTool
  options.signal?.throwIfAborted();
  const shell = $({
    nothrow: true,
    quiet: true,
    prefix: 'exec ', // the tool itself is our child, so that the signal to kill reaches it
    postfix: '',
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
    // zx listens to stdout without holding the tool back and keeps all of it; it leaves a fourth pipe alone.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  } as Parameters<typeof $>[0] & object);
  const process_ = shell`${tool.name} ${[...args]} >&3`;
  const child = process_.child!;
  const ended = endOf(child, process_);
  const kill = () => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', kill, { once: true });
  let output: Awaited<typeof process_>;
  try {
    for await (const piece of child.stdio[3] as Readable) yield piece as Buffer;
  } finally {
    // After the last piece the tool has ended or is about to; the kill is for a caller who stops early.
    if (!(child.stdio[3] as Readable).readableEnded) kill();
    output = await ended;
    options.signal?.removeEventListener('abort', kill);
  }
  options.signal?.throwIfAborted();
  const exitCode = output.exitCode ?? -1;
  if (exitCode !== 0) throw failureOf(tool, args, exitCode, output.stderr, output.signal);
}
