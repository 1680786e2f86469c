// Lays the source file and the mirrored test of a new step or rule from the templates; refuses what could not work.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { camelCase, repository } from './catalogue.ts';

export type Kind = 'step' | 'rule';

const SHAPE: Readonly<
  Record<Kind, { readonly pattern: RegExp; readonly form: string; readonly folder: string; readonly command: string }>
> = {
  step: {
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    form: 'kebab-case like kms-client',
    folder: 'steps',
    command: 'npm run new:step kms-client',
  },
  rule: {
    pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    form: 'FAMILY/ID in kebab-case like secrets/wifi-psk',
    folder: 'rules',
    command: 'npm run new:rule secrets/wifi-psk',
  },
};

/** Names that cannot be an export, or that the house refuses. */
const REFUSED = /^(?:index|steps?|rules?|utils?|helpers?|managers?|services?|handlers?|common|misc|base|core)$/;

/** An id that cannot be taken; the message is one line for the user. */
export class ScaffoldError extends Error {}

/** The new files: content by path. Throws a ScaffoldError for a bad id and for files that exist. */
export function scaffold(kind: Kind, id: string | undefined, root = repository): ReadonlyMap<string, string> {
  const shape = SHAPE[kind];
  if (id === undefined || id === '') throw new ScaffoldError(`the id is missing: write "${shape.command}"`);
  if (!shape.pattern.test(id)) throw new ScaffoldError(`${JSON.stringify(id)}: is not an id of a ${kind} (it must be ${shape.form})`);
  const refused = id.split(/[/-]/).find((word) => REFUSED.test(word));
  if (refused) throw new ScaffoldError(`${id}: "${refused}" says nothing about the ${kind}; name it after what it does`);
  const slug = basename(id);
  const name = camelCase(slug);
  if (isReserved(name)) throw new ScaffoldError(`${id}: "${name}" is a word of the language and cannot be an export; choose another id`);

  const fill = (template: string) =>
    readFileSync(join(repository, 'scripts/dev/templates', template), 'utf8').replace(
      /\{\{(id|name|slug)\}\}/g,
      (_, key: 'id' | 'name' | 'slug') => ({ id, name, slug })[key],
    );
  const files = new Map([
    [`${shape.folder}/${id}.ts`, fill(`${kind}.ts.txt`)],
    [`test/${shape.folder}/${id}.test.ts`, fill(`${kind}.test.ts.txt`)],
  ]);
  for (const path of files.keys()) {
    if (existsSync(join(root, path))) throw new ScaffoldError(`${path}: exists already; choose another id or edit that file`);
  }
  return files;
}

function isReserved(name: string): boolean {
  try {
    new Function(`'use strict'; const ${name} = 0;`);
    return false;
  } catch {
    return true;
  }
}

export function lay(files: ReadonlyMap<string, string>, root = repository): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { flag: 'wx' });
  }
}

/** The whole command: lays the files, writes the indexes, says what to do next. */
export async function main(kind: Kind, args: readonly string[]): Promise<number> {
  try {
    if (args.length > 1) throw new ScaffoldError(`one id at a time: write "${SHAPE[kind].command}"`);
    const files = scaffold(kind, args[0]);
    lay(files);
    for (const path of files.keys()) console.log(`${path}: written`);
  } catch (error) {
    if (!(error instanceof ScaffoldError)) throw error;
    console.error(error.message);
    return 2;
  }
  const { main: gen } = await import('./gen.ts');
  const code = await gen([]);
  console.log(`Next: write the ${kind}, then replace the placeholder case of its test (docs/writing-a-${kind}.md).`);
  return code;
}
