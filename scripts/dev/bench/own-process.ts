// Code that runs in a process of its own, so that memory and start-up count; the last line that it prints is JSON.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../catalogue.ts';
import { PROCESSOR } from './measure.ts';

/** The public API, as a word of the code. */
export const OURS = JSON.stringify(join(repository, 'dist/index.js'));
/** `peak()`: megabytes that the process has held at most. Needs `readFileSync`. */
export const PEAK = `const peak = () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;`;

export interface Built {
  /** Seconds and megabytes until the output was written. */
  readonly written: number;
  /** Of the processor, all processes together. */
  readonly cpuWritten: number;
  readonly peakWritten: number;
  /** Of all. */
  readonly seconds: number;
  readonly peak: number;
}

/** Words: a config, and `lint` when the build is to go on after the output is written. */
export const BUILD = `
import { readFileSync } from 'node:fs';
import { build } from ${OURS};
${PEAK}
${PROCESSOR}
const lint = process.argv[2] === 'lint';
const stop = new AbortController();
let written, cpuWritten, peakWritten;
try {
  await build(process.argv[1], { force: true, signal: stop.signal, onProgress: ({ phase }) => {
    if (phase !== 'lint' || written !== undefined) return;
    written = performance.now() / 1000;
    cpuWritten = cpu();
    peakWritten = peak();
    if (!lint) stop.abort();
  } });
} catch (error) { if (!stop.signal.aborted) throw error; }
console.log(JSON.stringify({ written, cpuWritten, peakWritten, seconds: performance.now() / 1000, peak: peak() }));
`;

/** @throws Error when the process fails */
export function inNode<T>(folder: string, code: string, ...words: string[]): T {
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', code, ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  if (done.status !== 0) throw new Error(`the measured process failed (${done.status})`);
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as T;
}
