// `npm run gen`: writes the indexes, the reference pages, the JSON Schema of options and the compiled inner loops; `--check` only says which of them are stale.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Catalogue, type Entry, loadCatalogue, repository } from './catalogue.ts';
import { compiledAssemblies } from './gen-assembly.ts';
import { rulesPage, stepsPage } from './gen-docs.ts';
import { optionsSchema } from './gen-schema.ts';

/** The files that come from the catalogue: content by path from the repository's root. */
export function generate(catalogue: Catalogue): ReadonlyMap<string, string> {
  const { steps, rules, formats, checks, views } = catalogue;
  return new Map([
    ['steps/index.ts', formatted('steps/index.ts', stepsIndex(steps))],
    ['rules/index.ts', formatted('rules/index.ts', rulesIndex(rules))],
    ['report/index.ts', formatted('report/index.ts', reportIndex(formats))],
    ['unattend/checks/index.ts', formatted('unattend/checks/index.ts', checksIndex(checks))],
    ['lint/views/index.ts', formatted('lint/views/index.ts', viewsIndex(views))],
    ['docs/steps.md', formatted('docs/steps.md', stepsPage(steps))],
    ['docs/rules.md', formatted('docs/rules.md', rulesPage(rules))],
    ['docs/options.schema.json', `${JSON.stringify(optionsSchema(catalogue), null, 2)}\n`],
  ]);
}

/** Generated files that do not hold what they should. */
export function staleFiles(files: ReadonlyMap<string, string>, root = repository): readonly string[] {
  return [...files]
    .filter(([path, content]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== content)
    .map(([path]) => path);
}

function stepsIndex(steps: readonly Entry<unknown>[]): string {
  return `// Every built-in step; written by \`npm run gen\` from the files of this folder, do not edit.
import type { Step } from '../pipeline/step.ts';
${imports('steps', steps)}
${exported(steps)}
export const steps: readonly Step[] = [${steps.map(({ name }) => `${name}.step as unknown as Step`).join(', ')}];
`;
}

function rulesIndex(rules: readonly Entry<unknown>[]): string {
  return `// Every built-in rule; written by \`npm run gen\` from the files of this folder, do not edit.
import type { Rule } from '../lint/rule.ts';
${imports('rules', rules)}
${exported(rules)}
export const rules: readonly Rule[] = [${rules.map(({ name }) => `${name} as unknown as Rule`).join(', ')}];
`;
}

function reportIndex(formats: readonly Entry<unknown>[]): string {
  return `// Every report format; written by \`npm run gen\` from the files of this folder, do not edit.
import type { ReportFormat } from './format.ts';
${imports('report', formats)}
export const reportFormats: readonly ReportFormat[] = [${formats.map(({ name }) => name).join(', ')}];
`;
}

function checksIndex(checks: readonly Entry<unknown>[]): string {
  return `// Every check of an answer file; written by \`npm run gen\` from the files of this folder, do not edit.
import type { AnswerCheck } from '../finding.ts';
${imports('unattend/checks', checks)}
export const answerChecks: readonly AnswerCheck[] = [${checks.map(({ name }) => name).join(', ')}];
`;
}

function viewsIndex(views: readonly Entry<unknown>[]): string {
  return `// Every view that rules share; written by \`npm run gen\` from the files of this folder, do not edit.
${imports('lint/views', views)}
export const views = { ${views.map(({ name }) => name).join(', ')} };
`;
}

function imports(folder: string, entries: readonly Entry<unknown>[]): string {
  return entries.map(({ name, file }) => `import { ${name} } from './${file.slice(folder.length + 1)}';\n`).join('');
}

function exported(entries: readonly Entry<unknown>[]): string {
  return entries.length === 0 ? '' : `export { ${entries.map(({ name }) => name).join(', ')} };\n`;
}

/** The text as `npm run lint` wants it. */
function formatted(path: string, text: string): string {
  const biome = join(repository, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'check', '--write', `--stdin-file-path=${path}`], {
    cwd: repository,
    input: text,
    encoding: 'utf8',
  });
  if (run.status !== 0 || run.stdout === '') throw new Error(`${path}: biome cannot format it (${run.stderr.trim()})`);
  return run.stdout;
}

/** Writes what is stale. Steps and rules that cannot be loaded are left out and named. */
export async function main(args: readonly string[]): Promise<number> {
  const check = args.includes('--check');
  const catalogue = await loadCatalogue();
  for (const fault of catalogue.faults) console.error(fault);
  const files = new Map([...generate(catalogue), ...(await compiledAssemblies())]);
  const stale = staleFiles(files);
  for (const path of stale) {
    if (!check) writeFileSync(join(repository, path), files.get(path)!);
    console.log(check ? `${path}: is stale; run "npm run gen"` : `${path}: written`);
  }
  if (stale.length === 0) console.log(`${files.size} generated files are fresh`);
  return catalogue.faults.length > 0 || (check && stale.length > 0) ? 1 : 0;
}

if (process.argv[1] && basename(process.argv[1]) === 'gen.ts') process.exitCode = await main(process.argv.slice(2));
