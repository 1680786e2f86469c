// wtgforge lint: the gate on its own, over any container that can be opened.
import { ConfigError } from '../../errors.ts';
import { engineOf } from '../../lint/cache-key.ts';
import { lintContainer } from '../../lint/lint.ts';
import { defaultCacheFolder, openVerdictCache } from '../../lint/verdict-cache.ts';
import { type BaselineUpdate, checkBaseline, updateBaseline } from '../../pipeline/baseline.ts';
import { gateOf } from '../../pipeline/gate.ts';
import { reportFormats } from '../../report/index.ts';
import { rules as builtInRules } from '../../rules/index.ts';
import { type Command, VERDICT_EXIT } from '../command.ts';
import { configOf } from '../config-of.ts';
import { debugLint } from '../debug-text.ts';
import { formatWord } from '../format-word.ts';
import { imageNumber } from '../image-number.ts';
import { progressLine } from '../progress.ts';
import { checkReportFile, writeReport } from '../report-file.ts';
import { ownVersion } from '../version.ts';

export const lint: Command = {
  id: 'lint',
  summary: 'Check every image of a container; reject what is unsafe.',
  description: `Reads the container without writing it or extracting it. Exit status 0: accepted, 1: rejected by findings, 2: could not decide.
Without --config, build.config.ts of this folder is used when it is there: its KMS hosts, profile, allowlist and rule options.`,
  positional: { name: 'CONTAINER', required: true, description: 'The file to check, such as golden.wim.' },
  options: {
    image: { type: 'list', value: 'N', description: 'Only these images (default: every image of the container).' },
    config: { type: 'string', value: 'FILE', description: 'Take KMS hosts, profile, allowlist and rule options from this config.' },
    profile: { type: 'string', value: 'NAME', description: 'release, nightly, dev or one of the config (default: release).' },
    format: { type: 'string', value: 'FORMAT', description: `${reportFormats.map((known) => known.id).join(', ')} (default: text).` },
    json: { type: 'boolean', description: 'The same as --format json.' },
    'no-archives': {
      type: 'boolean',
      description: 'Do not open archives inside the images: quicker, and nobody knows what is in them, so nothing is accepted.',
    },
    base: {
      type: 'string',
      value: 'CONTAINER',
      description: 'An image that you trust: what stands in it at the same path, byte for byte as stored, is not scanned again.',
    },
    'no-cache': { type: 'boolean', description: 'Neither use nor keep what was found clean in earlier runs.' },
    baseline: { type: 'string', value: 'FILE', description: "Take exceptions from this baseline instead of the config's." },
    'update-baseline': { type: 'string', value: 'FILE', description: "Write today's findings as exceptions that wait for their reasons." },
    output: { type: 'string', value: 'FILE', description: 'Write the report to this file instead of stdout.' },
  },
  async run(input, io) {
    const id = formatWord(input);
    const format = reportFormats.find((known) => known.id === id);
    if (!format) {
      throw new ConfigError(
        'FORMAT_UNKNOWN',
        `--format ${id}: is not a report format (there are ${reportFormats.map((known) => known.id).join(', ')})`,
        { hint: '"wtgforge list formats" says what each is for.' },
      );
    }
    const images = input.list('image').map((text) => imageNumber('--image', text));
    const config = await configOf(input.text('config'));
    const update = input.text('update-baseline');
    const output = input.text('output');
    for (const file of [output, update]) if (file !== undefined) await checkReportFile(file);
    if (update !== undefined) await checkBaseline(update);
    const baseline = update === undefined ? input.text('baseline') : 'none';
    const gate = await gateOf(config?.lint, { profile: input.text('profile'), baseline });
    const line = progressLine(io);
    const base = input.text('base');
    const cache = input.flag('no-cache') ? undefined : await openVerdictCache(defaultCacheFolder(), engineOf(ownVersion(), builtInRules));
    try {
      const result = await lintContainer(input.positional!, {
        ...gate,
        ...(images.length > 0 ? { images } : {}),
        archives: !input.flag('no-archives'),
        ...(base === undefined ? {} : { base }),
        ...(cache ? { cache } : {}),
        signal: io.signal,
        progress: (done, total, bytes) => line.show('scanning', { done, total, bytes }),
      });
      line.clear();
      if (io.debug) io.err(debugLint(result));
      const text = format.render(result, {
        rules: gate.rules,
        colour: output === undefined && io.colour,
        tool: { name: 'wtgforge', version: ownVersion() },
      });
      if (output === undefined) io.out(text);
      else {
        await writeReport(output, text);
        io.err(`${result.verdict}: the report is in ${output}\n`);
      }
      if (update !== undefined) io.err(updateText(update, await updateBaseline(update, result, new Date())));
      return VERDICT_EXIT[result.verdict];
    } finally {
      line.clear();
    }
  },
};

function updateText(file: string, { entries, open, left }: BaselineUpdate): string {
  const certain = left === 0 ? '' : `; ${left} certain finding(s) have no digest and cannot be let through`;
  return `${file}: ${entries} finding(s), ${open} without a reason yet${certain}\n`;
}
