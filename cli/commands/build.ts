// wtgforge build: the whole pipeline, from the config to a gated image.
import { resolve } from 'node:path';
import { build as buildImage, dryRun, type Progress } from '../../pipeline/build.ts';
import { readPlan } from '../../pipeline/saved-plan.ts';
import { reportFormats } from '../../report/index.ts';
import { rules } from '../../rules/index.ts';
import { type Command, VERDICT_EXIT } from '../command.ts';
import { debugLint } from '../debug-text.ts';
import { printPlan, stepTable } from '../plan-text.ts';
import { progressLine } from '../progress.ts';
import { ownVersion } from '../version.ts';

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  open: 'opening the base image',
  steps: 'running the steps',
  commit: 'writing the staged image',
  lint: 'linting the staged image',
  settle: 'putting the image into place',
};

export const build: Command = {
  id: 'build',
  summary: 'Build the image of a config and gate it.',
  description: `Opens the base image, runs the steps, writes <output>.staged, lints it from disk and renames it into place when it is
accepted. A rejected image is kept as <output>.rejected with its report <output>.rejected.json; an accepted one gets
<output>.report.json. The source is never written. Set SOURCE_DATE_EPOCH for times that do not change from build to build.`,
  positional: { name: 'CONFIG', required: false, description: 'The config file (default: build.config.ts).' },
  options: {
    output: { type: 'string', value: 'FILE', description: "Make this file instead of the config's output." },
    only: { type: 'list', value: 'STEP', description: 'Run only these steps.' },
    skip: { type: 'list', value: 'STEP', description: 'Leave these steps out.' },
    profile: { type: 'string', value: 'NAME', description: 'Gate with this profile: release, nightly, dev or one of the config.' },
    plan: { type: 'string', value: 'FILE', description: 'Build only if the config still gives this plan (made by "wtgforge plan --out").' },
    'dry-run': { type: 'boolean', description: 'Show what would change and write nothing.' },
    force: { type: 'boolean', description: 'Replace an output that exists, once the new one is accepted.' },
    'verify-reproducible': { type: 'boolean', description: 'Build twice and compare before the output appears.' },
    json: { type: 'boolean', description: 'Print the build report as JSON.' },
  },
  async run(input, io) {
    const config = input.positional ?? 'build.config.ts';
    const line = progressLine(io);
    const output = input.text('output');
    const profile = input.text('profile');
    const planFile = input.text('plan');
    const options = {
      only: input.list('only'),
      skip: input.list('skip'),
      force: input.flag('force'),
      verifyReproducible: input.flag('verify-reproducible'),
      signal: io.signal,
      ...(output === undefined ? {} : { output: resolve(output) }),
      ...(profile === undefined ? {} : { profile }),
      ...(planFile === undefined ? {} : { saved: await readPlan(planFile) }),
      onProgress: ({ phase, detail, ...amount }: Progress) => line.show(detail ? `${PHASES[phase]}: ${detail}` : PHASES[phase], amount),
    };
    try {
      if (input.flag('dry-run')) {
        const result = await dryRun(config, options);
        line.clear();
        printPlan(result, input.flag('json'), io);
        return 0;
      }
      const { report, artifact } = await buildImage(config, options);
      line.clear();
      if (io.debug) io.err(debugLint(report.lint));
      if (input.flag('json')) {
        io.out(`${JSON.stringify({ ...report, artifact }, null, 2)}\n`);
        return VERDICT_EXIT[report.lint.verdict];
      }
      io.out(stepTable(report.steps, io.colours));
      for (const note of report.notes) io.out(`note: ${note}\n`);
      const text = reportFormats.find(({ id }) => id === 'text');
      io.out(`\n${text?.render(report.lint, { rules, colour: io.colour, tool: { name: 'wtgforge', version: ownVersion() } })}`);
      io.out(`\n${artifact.path}\nSHA-256 ${artifact.sha256}\n`);
      for (const path of artifact.attachments) io.out(`beside it: ${path}\n`);
      io.out(`report: ${artifact.report}\n`);
      return VERDICT_EXIT[report.lint.verdict];
    } finally {
      line.clear();
    }
  },
};
