#!/usr/bin/env node
// The program: connects the command line to the terminal, turns signals into an abort, sets the exit code.
import picocolors from 'picocolors';
import { EXIT, type Io } from './command.ts';
import { runCli } from './run.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second signal does not wait: what is temporary is removed by the exit listeners.
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    abort.abort(new Error(`interrupted by ${signal}`));
  });
}
// A reader that goes away (`wtgforge list rules | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const wantsColour = (stream: NodeJS.WriteStream) => stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  colours: picocolors.createColors(wantsColour(process.stdout)),
  errColours: picocolors.createColors(wantsColour(process.stderr)),
  colour: wantsColour(process.stdout),
  progress: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
  debug: process.argv.includes('--debug'),
  signal: abort.signal,
};

process.exitCode = await runCli(process.argv.slice(2), io);
