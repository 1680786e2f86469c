#!/usr/bin/env node
// The program: connects the command line to the terminal, turns signals into an abort, sets the exit code.
import { closeSync } from 'node:fs';
import picocolors from 'picocolors';
import { keepYoungSpaceSmall } from '../tools/young-space.ts';
import { EXIT, type Io } from './command.ts';
import { printable } from './printable.ts';
import { runCli } from './run.ts';
import { stallSeconds, watchForStalls } from './stall.ts';

/** How long an interrupted command may take to tidy up before it is ended. */
const PATIENCE_MS = 2000;

keepYoungSpaceSmall();

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second signal does not wait: what is temporary is removed by the exit listeners.
    if (abort.signal.aborted) process.exit(EXIT.interrupted);
    abort.abort(new Error(`interrupted by ${signal}`));
    // A config, step or rule of the user may wait for something that never comes.
    setTimeout(() => {
      io.err('wtgforge: interrupted, something did not stop by itself and was ended\n');
      process.exit(EXIT.interrupted);
    }, PATIENCE_MS);
  });
}

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

// A reader that goes away (`wtgforge list rules | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE')
    fail(`standard output cannot be written (${error.code ?? 'unknown'})`, 'See where it goes, and whether there is room.');
});
process.stderr.on('error', () => undefined);

/** An end that nobody planned must not look like "accepted" (0) or "rejected" (1), which are what Node.js and a config may end with. */
let isDone = false;
process.exitCode = EXIT.undecided;
process.on('exit', () => {
  if (isDone || abort.signal.aborted) return;
  process.exitCode = EXIT.undecided;
  // One write: what a second one leaves to be written later is lost at this point.
  io.err(
    'wtgforge: the program ended before its work was done\n' +
      '  hint: A config, step or rule calls process.exit, or waits for something that never comes.\n',
  );
});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    // With --debug only: a stranger's message may hold anything, a secret too.
    if (io.debug) io.err(`${error instanceof Error ? error.stack : String(error)}\n`);
    fail(
      'something failed where nobody waited for it',
      'Look for a promise without await in the config, its steps and rules; --debug shows where.',
    );
  });
}

function fail(what: string, hint: string): never {
  isDone = true;
  io.err(`wtgforge: ${what}\n  hint: ${hint}\n`);
  process.exit(EXIT.undecided);
}

/** Those that run what a user wrote, or read what a stranger made. */
if (/^(?:build|plan|lint)$/.test(process.argv[2] ?? '')) {
  const seconds = stallSeconds(process.env['WTGFORGE_STALL_SECONDS']);
  if (seconds === undefined) fail('WTGFORGE_STALL_SECONDS: is not a number of seconds', 'Give a whole number from 1, or leave it out.');
  watchForStalls(seconds, (where) => {
    isDone = true;
    io.err(
      `wtgforge: ${printable(where)}: did not come back within ${seconds} seconds and was ended; nothing is decided\n` +
        '  hint: Bound the loop or the regular expression there; WTGFORGE_STALL_SECONDS gives it more time.\n',
    );
    // Node.js would speak of a debugger.
    closeSync(2);
    process.exit(EXIT.undecided);
  });
}

const code = await runCli(process.argv.slice(2), io);
isDone = true;
process.exitCode = code;
// A timer or server that a config left open is not waited for, output that still waits for its reader is.
process.stdout.write('', (error) => {
  if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(code);
});
