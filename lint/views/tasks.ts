// The scheduled tasks of an image from both stores: the XML files, and the registry, which is what the task service acts on.
import { WtgforgeError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { upcase } from '../../formats/hive/upcase.ts';
import { type CachedActions, parseActions } from '../../formats/task-cache/actions.ts';
import { type CachedTriggers, parseTriggers } from '../../formats/task-cache/triggers.ts';
import { parseTaskFile, type TaskView } from '../../formats/task-xml/task.ts';
import type { Hive, Image } from '../../image/image.ts';
import { valueText } from '../../image/value-text.ts';
import type { Location } from '../location.ts';
import { imageView, type Sight } from '../view.ts';

const FOLDER = '/Windows/System32/Tasks';
const CACHE = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache';
/** A real Windows has about 200. */
const TASKS_MAX = 50_000;
/** The largest real task file has some kilobytes. */
const FILE_MAX = 4 * 1024 * 1024;

/** What the registry holds of a task. */
export interface TaskEntry {
  /** `{GUID}` */
  readonly id: string;
  /** Key below `Tree` that names it; undefined: nothing shows the task, and the service still has it. */
  readonly tree: string | undefined;
  /** Key below `Tasks`; undefined: the name leads nowhere. */
  readonly data: string | undefined;
  /** Whether the name carries a security descriptor. Windows before 10 writes none. */
  readonly guarded: boolean;
  /** Undefined on Windows 7, which keeps the actions in the file alone. */
  readonly actions: CachedActions | undefined;
  readonly triggers: CachedTriggers | undefined;
  readonly author: string | undefined;
  readonly source: string | undefined;
}

export type SeenAction =
  | { readonly kind: 'exec'; readonly command: string; readonly arguments: string }
  | { readonly kind: 'com'; readonly classId: string }
  | { readonly kind: 'other'; readonly name: string };

export interface SeenTask {
  /** `\Folder\Name` as Windows shows it. */
  readonly path: string;
  /** Where a finding about it points: its file, else its name in the registry. */
  readonly at: Location;
  readonly file: string | undefined;
  readonly xml: TaskView | undefined;
  readonly entry: TaskEntry | undefined;
  /** Of both stores, equal ones once. */
  readonly actions: readonly SeenAction[];
  /** SIDs and names that it runs as, in either store. */
  readonly accounts: readonly string[];
  readonly hidden: boolean;
  readonly enabled: boolean;
  readonly networkOnly: boolean;
}

export const tasks = imageView<readonly SeenTask[]>({
  async read(image, sight) {
    const found = new Map<string, Halves>();
    await readFiles(image, sight, found);
    // Without the hive the files are still there to be looked at.
    await tell(sight, 'SOFTWARE', () => readRegistry(image, sight, found));
    return [...found.values()].map(joined);
  },
});

interface Halves {
  readonly path: string;
  file?: string;
  xml?: TaskView | undefined;
  entry?: TaskEntry;
}

function halvesOf(found: Map<string, Halves>, path: string): Halves {
  const halves = found.get(upcase(path)) ?? { path };
  if (found.size >= TASKS_MAX) throw new FormatError('tasks', `there are more than ${TASKS_MAX}`);
  found.set(upcase(path), halves);
  return halves;
}

async function readFiles(image: Image, sight: Sight, found: Map<string, Halves>): Promise<void> {
  for await (const file of image.walk({ files: [`${FOLDER}/**`] })) {
    if (file.folder) continue;
    const halves = halvesOf(found, file.path.slice(FOLDER.length).replaceAll('/', '\\'));
    halves.file = file.path;
    if (file.size > FILE_MAX) sight.unseen(`${file.path}: is too large for a task (${file.size} bytes)`);
    else halves.xml = await tell(sight, file.path, async () => parseTaskFile(await file.read()));
  }
}

async function readRegistry(image: Image, sight: Sight, found: Map<string, Halves>): Promise<void> {
  const hive = await image.hive('SOFTWARE');
  const named = new Set<string>();
  const open = [''];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const tree = `${CACHE}\\Tree${path}`;
    for (const name of [...hive.keys(tree)].reverse()) open.push(`${path}\\${name}`);
    const id = valueText(hive.value(tree, 'Id'));
    if (id === undefined) continue;
    named.add(upcase(id));
    halvesOf(found, path).entry = await entryOf(hive, sight, id, tree);
  }
  for (const id of hive.keys(`${CACHE}\\Tasks`)) {
    if (named.has(upcase(id))) continue;
    const path = valueText(hive.value(`${CACHE}\\Tasks\\${id}`, 'Path')) || `\\${id}`;
    const halves = halvesOf(found, path);
    halves.entry ??= await entryOf(hive, sight, id, undefined);
  }
}

async function entryOf(hive: Hive, sight: Sight, id: string, tree: string | undefined): Promise<TaskEntry> {
  const data = `${CACHE}\\Tasks\\${id}`;
  const parsed = <T>(name: string, parse: (bytes: Uint8Array) => T) => {
    const value = hive.value(data, name);
    return value && tell(sight, `SOFTWARE\\${data}: ${name}`, async () => parse(value.raw));
  };
  return {
    id,
    tree,
    data: hive.has(data) ? data : undefined,
    guarded: tree !== undefined && hive.value(tree, 'SD') !== undefined,
    actions: await parsed('Actions', parseActions),
    triggers: await parsed('Triggers', parseTriggers),
    author: valueText(hive.value(data, 'Author')),
    source: valueText(hive.value(data, 'Source')),
  };
}

function joined({ path, file, xml, entry }: Halves): SeenTask {
  const triggers = entry?.triggers;
  const accounts = [...(xml?.principals ?? []).flatMap(({ userId, groupId }) => [userId, groupId]), triggers?.account];
  const key = entry?.tree ?? entry?.data ?? `${CACHE}\\Tree`;
  return {
    path,
    at: file === undefined ? { hive: 'SOFTWARE', key } : { file },
    file,
    xml,
    entry,
    actions: actionsOf(xml, entry),
    accounts: [...new Set(accounts.filter((account) => account !== undefined && account !== ''))] as string[],
    hidden: (xml?.hidden ?? false) || (triggers?.hidden ?? false),
    enabled: triggers?.enabled ?? xml?.enabled ?? true,
    networkOnly: (xml?.networkOnly ?? false) || (triggers?.networkOnly ?? false),
  };
}

function actionsOf(xml: TaskView | undefined, entry: TaskEntry | undefined): readonly SeenAction[] {
  const stored = (entry?.actions?.actions ?? []).map((action): SeenAction => {
    if (action.kind === 'exec') return { kind: 'exec', command: action.command, arguments: action.arguments };
    return action.kind === 'com' ? { kind: 'com', classId: action.classId } : { kind: 'other', name: action.kind };
  });
  const written = (xml?.actions ?? []).map((action): SeenAction => {
    if (action.kind === 'exec') return { kind: 'exec', command: action.command, arguments: action.arguments };
    return action.kind === 'com' ? { kind: 'com', classId: action.classId.toLowerCase() } : { kind: 'other', name: action.name };
  });
  const unique = new Map([...stored, ...written].map((action) => [JSON.stringify(action).toLowerCase(), action]));
  return [...unique.values()];
}

/** A part that cannot be read is told, and the rest is looked at. */
async function tell<T>(sight: Sight, what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof WtgforgeError)) throw error;
    sight.unseen(`${what}: ${error.message}`);
    return undefined;
  }
}
