// wtgforge answer merge: several answer files into one.
import { ConfigError } from '../../errors.ts';
import { holdsSecrets } from '../../unattend/decode.ts';
import { type MergedAnswerFile, type MergeInput, mergeAnswerFiles } from '../../unattend/merge.ts';
import { type ConflictAnswer, type MergeConflict, MergeConflictError, renderConflicts } from '../../unattend/merge-conflict.ts';
import { componentsOf, renderAnswerFile, settingsOf } from '../../unattend/model.ts';
import { readAnswerFile } from '../answer-input.ts';
import { type Command, type CommandInput, EXIT, type Io } from '../command.ts';
import { printable } from '../printable.ts';
import { checkPlace, writeWholeFile } from '../whole-file.ts';

const ANSWERS = ['later', 'error', 'base'] as const satisfies readonly ConflictAnswer[];

export const answerMerge: Command = {
  id: 'answer merge',
  summary: 'Merge answer files into one; say where they do not agree.',
  description: `The first file is the base: its formatting and comments stay. Settings of the others are added or replace its own; items of lists are
matched by their keys and numbered again. Every setting with two values is named on stderr, with both places and which one stays.
Without --output the merged file goes to stdout. An output appears whole or not at all; one that holds passwords or keys can be read
by its owner only.
Exit status 0: merged, 1: --conflict error and the files do not agree (nothing is written), 2: a file could not be read, or the
output is there already and --force is not given.`,
  positional: {
    name: 'FILE',
    required: true,
    most: Number.POSITIVE_INFINITY,
    description: 'Answer files to merge; the first one is the base.',
  },
  options: {
    output: { type: 'string', value: 'FILE', description: 'Write the merged file here instead of to stdout.' },
    force: { type: 'boolean', description: 'Replace an output that is there already.' },
    conflict: {
      type: 'string',
      value: 'ANSWER',
      description: 'Two values for one setting: later wins, error, or base wins (default: later).',
    },
    json: { type: 'boolean', description: 'Print conflicts and the origin of every setting as JSON; needs --output.' },
  },
  async run(input, io) {
    const conflict = conflictAnswer(input);
    const output = input.text('output');
    const force = input.flag('force');
    const json = input.flag('json');
    if (json && output === undefined) {
      throw new ConfigError('ARGUMENTS_WRONG', '--json: needs --output, because the merged file goes to stdout without it');
    }
    if (output !== undefined) await checkPlace(output, force);
    const inputs = await readAll(input.positionals, io);
    if (!inputs) return EXIT.undecided;
    const merged = mergedOrConflicts(inputs, conflict);
    if (merged.conflicts.length > 0) io.err(printable(renderConflicts(merged.conflicts)));
    const { file } = merged;
    if (!file) {
      if (json) io.out(jsonOf(undefined, merged));
      return EXIT.rejected;
    }
    const bytes = renderAnswerFile(file);
    if (output === undefined) io.out(bytes);
    else {
      await writeWholeFile(output, bytes, { force, secret: holdsSecrets(file) });
      if (json) io.out(jsonOf(output, merged));
      io.err(printable(`${output}: merged from ${inputs.length} ${inputs.length === 1 ? 'file' : 'files'}\n`));
    }
    return EXIT.done;
  },
};

type Outcome = MergedAnswerFile | { readonly file: undefined; readonly conflicts: readonly MergeConflict[] };

function mergedOrConflicts(inputs: readonly MergeInput[], conflict: ConflictAnswer): Outcome {
  try {
    return mergeAnswerFiles(inputs, { conflict });
  } catch (error) {
    if (error instanceof MergeConflictError) return { file: undefined, conflicts: error.conflicts };
    throw error;
  }
}

/** Every file that cannot be read is named before the merge is given up. */
async function readAll(paths: readonly string[], io: Io): Promise<readonly MergeInput[] | undefined> {
  const inputs: MergeInput[] = [];
  for (const path of paths) {
    io.signal.throwIfAborted();
    const read = await readAnswerFile(path);
    if ('fault' in read) io.err(printable(`wtgforge: ${read.fault.message}\n`));
    else inputs.push({ name: path, file: read.file });
  }
  return inputs.length === paths.length ? inputs : undefined;
}

function jsonOf(output: string | undefined, merged: Outcome): string {
  const settings = merged.file
    ? componentsOf(merged.file).flatMap((component) =>
        settingsOf(component).map(({ path, element }) => ({
          pass: component.pass,
          component: component.name,
          architecture: component.architecture,
          path,
          from: merged.provenance(element),
        })),
      )
    : [];
  const document = {
    schema: 'wtgforge/answer-merge@1',
    ...(output === undefined ? {} : { output }),
    conflicts: merged.conflicts,
    settings,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function conflictAnswer(input: CommandInput): ConflictAnswer {
  const given = input.text('conflict') ?? 'later';
  const found = ANSWERS.find((one) => one === given);
  if (found === undefined) throw new ConfigError('ARGUMENTS_WRONG', `--conflict ${given}: is not known (there are ${ANSWERS.join(', ')})`);
  return found;
}
