// wtgforge answer check: what is the matter with answer files.
import { ConfigError } from '../../errors.ts';
import { chooseImage, openContainer } from '../../image/open.ts';
import { pathIndex } from '../../image/path-index.ts';
import { answerJson } from '../../report/answer/json.ts';
import { answerVerdict, type CheckedAnswerFile } from '../../report/answer/result.ts';
import { answerSarif } from '../../report/answer/sarif.ts';
import { answerText } from '../../report/answer/text.ts';
import { checkAnswerFile } from '../../unattend/check.ts';
import { answerChecks } from '../../unattend/checks/index.ts';
import type { AnswerContext } from '../../unattend/finding.ts';
import { imagePathOf } from '../../unattend/windows-path.ts';
import { readAnswerFile } from '../answer-input.ts';
import { type Command, type CommandInput, VERDICT_EXIT } from '../command.ts';
import { formatWord } from '../format-word.ts';
import { imageNumber } from '../image-number.ts';
import { writeReport } from '../report-file.ts';
import { ownVersion } from '../version.ts';

const FORMATS = ['text', 'json', 'sarif'] as const;
const ARCHITECTURES = ['amd64', 'x86', 'arm64'] as const;

export const answerCheck: Command = {
  id: 'answer check',
  summary: 'Find unknown settings, wrong passes, duplicates, wrong values and wrong passwords.',
  description: `Reads only. Each finding has its line and column; no password or key is ever shown. With --image the files are checked as
if they lay in that image: its architecture, the files that commands need, the passes that nothing runs there.
Exit status 0: no errors (warnings and notes may be there), 1: errors found, 2: a file could not be read as an answer file. The other
files are checked all the same, and 2 stands above 1: what could not be read was not decided.`,
  positional: { name: 'FILE', required: true, most: Number.POSITIVE_INFINITY, description: 'Answer files to check.' },
  options: {
    architecture: { type: 'string', value: 'NAME', description: 'The architecture that the files are for: amd64, x86 or arm64.' },
    image: { type: 'string', value: 'CONTAINER', description: 'Check for this image: its architecture, the files in it.' },
    index: { type: 'string', value: 'N', description: 'Which image of the container (needed when it holds several).' },
    format: { type: 'string', value: 'FORMAT', description: 'text, json or sarif (default: text).' },
    json: { type: 'boolean', description: 'The same as --format json.' },
    output: { type: 'string', value: 'FILE', description: 'Write the report to this file instead of stdout.' },
  },
  async run(input, io) {
    const format = oneOf(FORMATS, '--format', formatWord(input));
    const context = await contextOf(input);
    const files: CheckedAnswerFile[] = [];
    for (const path of input.positionals) {
      io.signal.throwIfAborted();
      const read = await readAnswerFile(path);
      if ('fault' in read) files.push({ path, fault: read.fault, findings: [] });
      else files.push({ path, fault: undefined, findings: checkAnswerFile(read.file, context) });
    }
    const verdict = answerVerdict(files);
    const output = input.text('output');
    const text = {
      text: () => answerText(files, output === undefined && io.colour),
      json: () => answerJson(files),
      sarif: () => answerSarif(files, answerChecks, { name: 'wtgforge', version: ownVersion() }),
    }[format]();
    if (output === undefined) io.out(text);
    else {
      await writeReport(output, text);
      io.err(`${verdict}: the report is in ${output}\n`);
    }
    return VERDICT_EXIT[verdict];
  },
};

async function contextOf(input: CommandInput): Promise<AnswerContext> {
  const path = input.text('image');
  const named = input.text('architecture');
  const index = input.text('index');
  if (path === undefined) {
    if (index !== undefined) throw new ConfigError('ARGUMENTS_WRONG', '--index: means nothing without --image');
    return named === undefined ? {} : { architecture: oneOf(ARCHITECTURES, '--architecture', named) };
  }
  if (named !== undefined) {
    throw new ConfigError('ARGUMENTS_WRONG', '--architecture: cannot stand beside --image, which says it', {
      hint: 'Leave one of them out.',
    });
  }
  const number = index === undefined ? undefined : imageNumber('--index', index);
  const container = await openContainer(path);
  try {
    const image = await container.open(chooseImage(container, { index: number }));
    const { architecture } = image.info;
    const inImage = await pathIndex(image);
    await image.close();
    const hasFile = (windowsPath: string) => {
      const inside = imagePathOf(windowsPath);
      return inside === undefined ? undefined : inImage(inside);
    };
    return { ...(architecture === 'unknown' ? {} : { architecture }), place: 'installed-image', hasFile };
  } finally {
    await container.close();
  }
}

function oneOf<const T extends string>(known: readonly T[], option: string, given: string): T {
  const found = known.find((one) => one === given);
  if (found === undefined) {
    throw new ConfigError('ARGUMENTS_WRONG', `${option} ${given}: is not known (there are ${known.join(', ')})`);
  }
  return found;
}
