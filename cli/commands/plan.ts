// wtgforge plan: what would run and change; nothing is written but the plan file when asked for.
import { dryRun } from '../../pipeline/build.ts';
import type { Command } from '../command.ts';
import { planJson, printPlan } from '../plan-text.ts';
import { writeReport } from '../report-file.ts';

export const plan: Command = {
  id: 'plan',
  summary: 'Show what would run and change, before → after.',
  description: 'Opens the base image read-only and runs the steps into a journal. Nothing is written; secrets stay references.',
  positional: { name: 'CONFIG', required: false, description: 'The config file (default: build.config.ts).' },
  options: {
    out: { type: 'string', value: 'FILE', description: 'Write the plan as JSON, for "wtgforge build --plan FILE".' },
    only: { type: 'list', value: 'STEP', description: 'Only these steps.' },
    skip: { type: 'list', value: 'STEP', description: 'Without these steps.' },
    json: { type: 'boolean', description: 'Print the plan as JSON.' },
  },
  async run(input, io) {
    const result = await dryRun(input.positional ?? 'build.config.ts', {
      only: input.list('only'),
      skip: input.list('skip'),
      signal: io.signal,
    });
    const out = input.text('out');
    if (out !== undefined) await writeReport(out, planJson(result));
    printPlan(result, input.flag('json'), io);
    return 0;
  },
};
