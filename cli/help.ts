// Help texts, made from the commands' own declarations.
import type { Colors } from 'picocolors/types.js';
import type { Command, CommandGroup } from './command.ts';

const COMMON = {
  help: 'Show this text.',
  debug: 'Show causes and stacks of a failure.',
  'no-progress': 'Show no progress bars.',
} as const;

export function generalHelp(commands: readonly (Command | CommandGroup)[], colours: Colors): string {
  return [
    'wtgforge builds golden Windows To Go images and refuses to ship an unsafe one.',
    '',
    `Usage: ${colours.bold('wtgforge COMMAND')} [...]`,
    '',
    ...summaryRows(commands, colours),
    '',
    'Options of every command: --help, --debug, --no-progress. "wtgforge --version" prints the version.',
    'Exit status: 0 accepted or done, 1 rejected by findings, 2 could not decide, 130 interrupted.',
    '',
  ].join('\n');
}

export function groupHelp({ id, summary, commands }: CommandGroup, colours: Colors): string {
  const usage = `Usage: ${colours.bold(`wtgforge ${id}`)} ${commands.map((command) => ownWord(command)).join('|')} [...]`;
  return [summary, '', usage, '', ...summaryRows(commands, colours), '', `"wtgforge ${id} COMMAND --help" explains each.`, ''].join('\n');
}

/** The word of a command inside its group. */
export function ownWord({ id }: Command): string {
  return id.slice(id.indexOf(' ') + 1);
}

function summaryRows(commands: readonly (Command | CommandGroup)[], colours: Colors): readonly string[] {
  const width = Math.max(...commands.map(({ id }) => id.length));
  return commands.map(({ id, summary }) => `  ${colours.bold(id.padEnd(width))}  ${summary}`);
}

export function commandHelp(command: Command, colours: Colors): string {
  const { positional } = command;
  const name = `${positional?.name}${positional?.most === Number.POSITIVE_INFINITY ? '…' : ''}`;
  const place = positional?.required ? name : `[${name}]`;
  const rows = Object.entries(command.options).map(([name, option]) => [
    `--${name}${option.type === 'boolean' ? '' : ` ${option.value ?? 'TEXT'}${option.type === 'list' ? '…' : ''}`}`,
    option.description,
  ]);
  rows.push(...Object.entries(COMMON).map(([name, description]) => [`--${name}`, description]));
  const width = Math.max(...rows.map(([left]) => left!.length), positional?.name.length ?? 0);
  return [
    command.summary,
    '',
    `Usage: ${colours.bold(`wtgforge ${command.id}`)}${positional ? ` ${place}` : ''} [options]`,
    '',
    command.description,
    '',
    ...(positional ? [`  ${positional.name.padEnd(width)}  ${positional.description}`] : []),
    ...rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`),
    '',
  ].join('\n');
}
