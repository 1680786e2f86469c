// Lint rules over every answer file that an image holds: the walk that they share, and the rule of each check.
import { WtgforgeError } from '../errors.ts';
import { bufferOf, FormatError } from '../formats/bytes.ts';
import { NOTHING, type Rule, type RuleContext, type Severity, type Visitor } from '../lint/rule.ts';
import { commandFiles } from './command-files.ts';
import type { AnswerCheck, AnswerContext } from './finding.ts';
import { ANSWER_FILE_VALUE, answerFileLocations } from './locations.ts';
import { type AnswerFile, parseAnswerFile } from './model.ts';
import { imagePathOf } from './windows-path.ts';

/** One answer file of the image, or what would be one if it could be read. */
export interface HeldAnswerFile {
  readonly path: string;
  readonly file: AnswerFile | undefined;
  /** Why it could not be read. */
  readonly fault: string;
  /** True when Setup looks for an answer file here. */
  readonly searched: boolean;
}

/** The parts of an image that the walk asks for. */
type WalkedImage = Parameters<NonNullable<Visitor['end']>>[0];

/** An image with more of them was made to flood the report. */
const FILES_MAX = 500;
/** What every answer file holds somewhere, in 8-bit text and in UTF-16: other XML is not parsed. */
const MARKS = (['latin1', 'utf16le'] as const).map((encoding) => Buffer.from('unattend', encoding));

const REPAIR = '**Repair.**';
/** What holds for every check that does not say it of itself. */
const SHARED: readonly (readonly [begin: string, more: string])[] = [
  [
    '**Honest look-alikes.**',
    ' Templates and samples in the image are answer files, too: an error weighs as a warning where Setup does not look.',
  ],
  ['**Cannot be proved.**', ' Whether Setup takes this file on a given machine, and what a script writes into it before.'],
  ['Source', 's: Microsoft, reference of the components and settings of answer files.'],
];

const searchedPaths = new Set(answerFileLocations.map(({ path }) => path.toLowerCase()));
const marked = new WeakMap<Uint8Array, boolean>();
const parsed = new WeakMap<Uint8Array, Pick<HeldAnswerFile, 'file' | 'fault'> | undefined>();

/** What the rules ask the engine for. */
export const ANSWER_FILE_SELECT: Rule['select'] = {
  files: ['/**/*.xml', '/**/*unattend*'],
  keys: ['SYSTEM\\Setup'],
  content: 'whole',
  large: 'visit',
};

/** Hands every answer file to `judge` once, after the walk. */
export function answerFileVisitor(
  unable: (reason: string) => void,
  judge: (held: HeldAnswerFile, image: WalkedImage) => Promise<void> | void,
): Visitor {
  const held = new Map<string, HeldAnswerFile>();
  let named: string | undefined;

  /** False when the content is no answer file. */
  function keep(path: string, content: Uint8Array, searched: boolean): boolean {
    const reading = readOnce(content, searched);
    if (!reading) return false;
    if (held.has(path.toLowerCase())) return true;
    if (held.size < FILES_MAX) held.set(path.toLowerCase(), { path, searched, ...reading });
    else unable(`there are more than ${FILES_MAX} answer files`);
    return true;
  }

  return {
    file(file, content) {
      const searched = searchedPaths.has(file.path.toLowerCase());
      if (!file.folder && content) return keep(file.path, content, searched) ? undefined : NOTHING;
      if (!file.folder && searched) unable(`${file.path}: is too large to be read (${file.size} bytes)`);
      return undefined;
    },
    key(key) {
      const value = key.values.get(ANSWER_FILE_VALUE.name.toLowerCase())?.decoded;
      if (value?.type === 'REG_SZ' || value?.type === 'REG_EXPAND_SZ') named = imagePathOf(value.data);
    },
    async end(image) {
      try {
        const file = named && !searchedPaths.has(named.toLowerCase()) ? await image.find(named) : undefined;
        if (file && !file.folder && !file.reparse) {
          held.delete(file.path.toLowerCase());
          keep(file.path, await file.read(), true);
        }
      } catch (error) {
        if (!(error instanceof WtgforgeError)) throw error;
        unable(error.message);
      }
      for (const one of held.values()) await judge(one, image);
    },
  };
}

/** The rule `answer-file/<check>`: the findings of the check in each answer file, with what the image says about it. */
export function answerFileRule(check: AnswerCheck, severity: Severity = 'warning'): Rule<Record<never, never>, string> {
  return {
    id: `answer-file/${check.id}`,
    title: `Answer files: ${check.title.charAt(0).toLowerCase()}${check.title.slice(1)}`,
    ...textsOf(check.description),
    severity,
    options: {},
    messages: check.messages,
    select: ANSWER_FILE_SELECT,
    create: (ctx: RuleContext) =>
      answerFileVisitor(
        (reason) => ctx.unable(reason),
        async ({ path, file, searched }, image) => {
          if (!file) return; // The rule `answer-file/readable` says so.
          const context: AnswerContext = {
            architecture: ctx.info.architecture,
            place: placeOf(searched, ctx.info.edition),
            hasFile: await filesOf(file, image),
          };
          for (const { messageId, severity: found, data = {}, at } of check.run(file, context)) {
            // What Setup does not read cannot break it: a deployment share in the image holds files for other machines, too.
            const weight = found === 'error' && !searched ? 'warning' : found;
            ctx.report({ messageId, severity: weight, data, at: { file: path, ...(at ? { line: at.line } : {}) } });
          }
        },
      ),
  };
}

/** The description of a check stands for itself; a rule says apart why a finding matters and what to do. */
function textsOf(text: string): Pick<Rule, 'description' | 'why' | 'repair'> {
  const [why = '', ...rest] = text.trim().split(/\n\s*\n/);
  const repair = rest.find((paragraph) => paragraph.startsWith(REPAIR));
  const said = [why, ...rest.filter((paragraph) => paragraph !== repair)];
  const added = SHARED.filter(([begin]) => !said.some((paragraph) => paragraph.startsWith(begin))).map(([begin, more]) => begin + more);
  const description = [...said, ...added].join('\n\n');
  return { description, why, ...(repair === undefined ? {} : { repair: { text: repair.slice(REPAIR.length).trim() } }) };
}

/** Windows PE is the medium: it processes the passes that an installed image does not. */
function placeOf(searched: boolean, edition: string): AnswerContext['place'] {
  if (edition.toLowerCase() === 'windowspe') return 'media';
  return searched ? 'installed-image' : 'unknown';
}

/** Answers for the files that the commands name, asked once, because a check cannot wait. */
async function filesOf(file: AnswerFile, image: WalkedImage): Promise<NonNullable<AnswerContext['hasFile']>> {
  const answers = new Map<string, boolean | undefined>();
  for (const { windowsPath } of commandFiles(file)) {
    const path = imagePathOf(windowsPath);
    try {
      answers.set(windowsPath, path === undefined ? undefined : await image.has(path));
    } catch (error) {
      if (!(error instanceof WtgforgeError)) throw error; // The path runs through a link: it cannot be told.
    }
  }
  return (windowsPath) => answers.get(windowsPath);
}

/** The same content goes to every rule, and is parsed for the first one. Undefined when it is no answer file and stands where none is looked for. */
function readOnce(content: Uint8Array, searched: boolean): Pick<HeldAnswerFile, 'file' | 'fault'> | undefined {
  if (!searched && !isMarked(content)) return undefined;
  if (!parsed.has(content)) parsed.set(content, reading(content));
  return parsed.get(content);
}

function isMarked(content: Uint8Array): boolean {
  const known = marked.get(content);
  if (known !== undefined) return known;
  const is = MARKS.some((mark) => bufferOf(content).includes(mark));
  marked.set(content, is);
  return is;
}

function reading(content: Uint8Array): Pick<HeldAnswerFile, 'file' | 'fault'> {
  try {
    return { file: parseAnswerFile(content), fault: '' };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { file: undefined, fault: error.message };
  }
}
