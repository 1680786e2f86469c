// Help texts, made from the commands' own declarations.
import type { Colors } from 'picocolors/types.js';
import type { Command } from './command.ts';

const COMMON = {
  help: 'Show this text.',
  debug: 'Show causes and stacks of a failure.',
  'no-progress': 'Show no progress bars.',
} as const;

export function generalHelp(commands: readonly Command[], colours: Colors): string {
  const width = Math.max(...commands.map(({ id }) => id.length));
  const rows = commands.map(({ id, summary }) => `  ${colours.bold(id.padEnd(width))}  ${summary}`);
  return [
    'wtgforge builds golden Windows To Go images and refuses to ship an unsafe one.',
    '',
    `Usage: ${colours.bold('wtgforge COMMAND')} [...]`,
    '',
    ...rows,
    '',
    'Options of every command: --help, --debug, --no-progress. "wtgforge --version" prints the version.',
    'Exit status: 0 accepted or done, 1 rejected by findings, 2 could not decide, 130 interrupted.',
    '',
  ].join('\n');
}

export function commandHelp(command: Command, colours: Colors): string {
  const { positional } = command;
  const place = positional?.required ? positional.name : `[${positional?.name}]`;
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
