// Runs the command line in this process with captured output.
import picocolors from 'picocolors';
import { runCli } from '../../cli/run.ts';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function cli(argv: readonly string[], signal: AbortSignal = new AbortController().signal): Promise<CliRun> {
  let out = '';
  let err = '';
  const colours = picocolors.createColors(false);
  const code = await runCli(argv, {
    out: (text) => {
      out += typeof text === 'string' ? text : Buffer.from(text).toString();
    },
    err: (text) => {
      err += text;
    },
    colours,
    errColours: colours,
    colour: false,
    progress: false,
    debug: argv.includes('--debug'),
    signal,
  });
  return { code, out, err };
}
