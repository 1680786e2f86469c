// From words to an exit code: finds the command, parses its options, prints known failures as one line and a hint.
import { parseArgs } from 'node:util';
import { ConfigError, WtgforgeError } from '../errors.ts';
import { argumentFault } from './argument-fault.ts';
import { type Command, type CommandGroup, type CommandInput, EXIT, type Io } from './command.ts';
import { debugText } from './debug-text.ts';
import { commandHelp, generalHelp, groupHelp, ownWord } from './help.ts';
import { printable } from './printable.ts';
import { ownVersion } from './version.ts';

/** Loaded only when asked for: `--version` must not wait for a YARA engine. */
const COMMANDS: Readonly<Record<string, () => Promise<Command | CommandGroup>>> = {
  build: async () => (await import('./commands/build.ts')).build,
  plan: async () => (await import('./commands/plan.ts')).plan,
  lint: async () => (await import('./commands/lint.ts')).lint,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  mount: async () => (await import('./commands/mount.ts')).mount,
  unmount: async () => (await import('./commands/unmount.ts')).unmount,
  answer: async () => (await import('./commands/answer.ts')).answer,
  explain: async () => (await import('./commands/explain.ts')).explain,
  list: async () => (await import('./commands/list.ts')).list,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  init: async () => (await import('./commands/init.ts')).init,
};

/** Runs one command line; never throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(
      argv.filter((word) => word !== '--debug'),
      io,
    );
  } catch (error) {
    if (io.signal.aborted) {
      io.err('wtgforge: interrupted, nothing was left behind\n');
      return EXIT.interrupted;
    }
    printFailure(error, io);
    return EXIT.undecided;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-V') {
    io.out(`${ownVersion()}\n`);
    return EXIT.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const [about, ...more] = rest.filter((word) => !word.startsWith('-'));
    io.out(about === undefined ? generalHelp(await allCommands(), io.colours) : helpOf(await loaded(about), more, io));
    return name === undefined ? EXIT.undecided : EXIT.done;
  }
  const asked = await loaded(name);
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(helpOf(asked, rest, io));
    return EXIT.done;
  }
  const command = 'commands' in asked ? memberOf(asked, rest[0]) : asked;
  const words = command === asked ? rest : rest.slice(1);
  return command.run(parse(command, words), { ...io, progress: io.progress && !words.includes('--no-progress') });
}

async function loaded(name: string): Promise<Command | CommandGroup> {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name]!();
  throw new ConfigError('COMMAND_UNKNOWN', `${name}: is not a command (there are ${Object.keys(COMMANDS).join(', ')})`, {
    hint: 'See "wtgforge --help".',
  });
}

/** Of a group with one of its commands behind it: that one's. */
function helpOf(asked: Command | CommandGroup, [word]: readonly string[], io: Io): string {
  if (!('commands' in asked)) return commandHelp(asked, io.colours);
  const member = asked.commands.find((command) => ownWord(command) === word);
  return member ? commandHelp(member, io.colours) : groupHelp(asked, io.colours);
}

function memberOf({ id, commands }: CommandGroup, word: string | undefined): Command {
  const found = commands.find((command) => ownWord(command) === word);
  if (found) return found;
  const known = commands.map(ownWord).join(', ');
  const what = word === undefined || word.startsWith('-') ? 'a command is missing' : `${word}: is not a command`;
  throw new ConfigError('COMMAND_UNKNOWN', `${id}: ${what} (there are ${known})`, { hint: `See "wtgforge ${id} --help".` });
}

function allCommands(): Promise<(Command | CommandGroup)[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}

function parse(command: Command, argv: readonly string[]): CommandInput {
  const options = Object.entries({ ...command.options, 'no-progress': { type: 'boolean' as const } });
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: Object.fromEntries(
        options.map(([name, { type }]) => [
          name,
          { type: type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: (type as string) === 'list' },
        ]),
      ),
    });
    const most = command.positional ? (command.positional.most ?? 1) : 0;
    if (positionals.length > most) throw new Error(`${positionals[most]}: is one word too many`);
    if (command.positional?.required && positionals.length === 0) throw new Error(`${command.positional.name} is missing`);
    return {
      positional: positionals[0],
      positionals,
      text: (name) => values[name] as string | undefined,
      // Several after one option or one after each: `--only a,b` and `--only a --only b` mean the same.
      list: (name) => ((values[name] as string[] | undefined) ?? []).flatMap((item) => item.split(',')).filter((item) => item !== ''),
      flag: (name) => values[name] === true,
    };
  } catch (cause) {
    throw new ConfigError('ARGUMENTS_WRONG', `${command.id}: ${argumentFault(cause).split('\n')[0]}`, {
      hint: `See "wtgforge ${command.id} --help".`,
      cause,
    });
  }
}

function printFailure(error: unknown, io: Io): void {
  const { bold, red, dim } = io.errColours;
  if (!(error instanceof WtgforgeError)) {
    io.err(
      `${red(bold('wtgforge: this is a bug'))}\n${printable(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
    );
    return;
  }
  io.err(`${red(bold('wtgforge:'))} ${printable(error.message)}\n`);
  if (error.hint) io.err(`  ${dim('hint:')} ${printable(error.hint)}\n`);
  if (io.debug) io.err(debugText(error));
}
