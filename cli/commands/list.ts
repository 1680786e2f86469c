// wtgforge list: steps, rules, containers and report formats, from their own metadata.
import { ConfigError } from '../../errors.ts';
import { DISM } from '../../image/containers/dism.ts';
import { containerFormats } from '../../image/open.ts';
import { RELEASE, severityOfRule } from '../../lint/profile.ts';
import { reportFormats } from '../../report/index.ts';
import { rules } from '../../rules/index.ts';
import { steps } from '../../steps/index.ts';
import type { Command } from '../command.ts';

const LISTS = {
  steps: () => steps.map(({ id, title, options }) => ({ id, title, options: Object.keys(options) })),
  rules: () => rules.map((rule) => ({ id: rule.id, title: rule.title, severity: severityOfRule(rule, RELEASE), level: rule.level })),
  containers: () => [
    ...containerFormats.map(({ id, extensions }) => ({ id, title: extensions.join(', '), experimental: false })),
    { ...DISM, experimental: true },
  ],
  formats: () => reportFormats.map(({ id, title }) => ({ id, title })),
} as const;

export const list: Command = {
  id: 'list',
  summary: 'List steps, rules, containers or report formats.',
  description: 'Details stand in docs/steps.md and docs/rules.md. What was never run on the system that it is for is marked experimental.',
  positional: { name: 'steps|rules|containers|formats', required: true, description: 'What to list.' },
  options: { json: { type: 'boolean', description: 'Print the list as JSON.' } },
  async run(input, io) {
    const what = input.positional!;
    if (!Object.hasOwn(LISTS, what)) {
      throw new ConfigError(
        'ARGUMENTS_WRONG',
        `list: ${JSON.stringify(what)} cannot be listed (there are ${Object.keys(LISTS).join(', ')})`,
        { hint: 'Name one of them.' },
      );
    }
    const items: readonly { readonly id: string; readonly title: string; readonly experimental?: boolean }[] =
      LISTS[what as keyof typeof LISTS]();
    if (input.flag('json')) {
      io.out(`${JSON.stringify(items, null, 2)}\n`);
      return 0;
    }
    const width = Math.max(...items.map(({ id }) => id.length));
    for (const { id, title, experimental } of items) {
      io.out(`${io.colours.bold(id.padEnd(width))}  ${title}${experimental ? ' (experimental)' : ''}\n`);
    }
    return 0;
  },
};
