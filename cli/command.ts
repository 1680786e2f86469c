// The Command contract: options declared once; parsing and help derive from them.
import type { Colors } from 'picocolors/types.js';

export interface CommandOption {
  readonly type: 'string' | 'boolean' | 'list';
  /** What stands for the value in the help: FILE, N, STEP. */
  readonly value?: string;
  readonly description: string;
}

export interface Command {
  /** What is typed: `lint`; with its group in front inside one: `answer check`. */
  readonly id: string;
  readonly summary: string;
  /** Longer text for `--help`: what happens, what is written where, an example. */
  readonly description: string;
  /** The words without an option: one, unless `most` says how many there may be. */
  readonly positional?: { readonly name: string; readonly required: boolean; readonly description: string; readonly most?: number };
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Gives the exit code. */
  run(input: CommandInput, io: Io): Promise<number>;
}

/** Commands below one word: `answer check`, `answer merge`. */
export interface CommandGroup {
  readonly id: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}

export interface CommandInput {
  readonly positional: string | undefined;
  /** Every word without an option, for a command that takes several. */
  readonly positionals: readonly string[];
  readonly text: (option: string) => string | undefined;
  readonly list: (option: string) => readonly string[];
  readonly flag: (option: string) => boolean;
}

/** Where words go: the report on stdout, narration and progress on stderr. */
export interface Io {
  /** Bytes for a file that goes to stdout as it is. */
  readonly out: (text: string | Uint8Array) => void;
  readonly err: (text: string) => void;
  readonly colours: Colors;
  readonly errColours: Colors;
  /** Whether stdout takes colour. */
  readonly colour: boolean;
  readonly progress: boolean;
  readonly debug: boolean;
  readonly signal: AbortSignal;
}

export const EXIT = { done: 0, rejected: 1, undecided: 2, interrupted: 130 } as const;

export const VERDICT_EXIT = { accepted: EXIT.done, rejected: EXIT.rejected, undecided: EXIT.undecided } as const;
