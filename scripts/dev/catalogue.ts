// What the repository holds: every step, rule, check of answer files, report format and shared view, found by its file and loaded from it.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Rule } from '../../lint/rule.ts';
import type { View } from '../../lint/view.ts';
import type { Step } from '../../pipeline/step.ts';
import type { AnswerCheck } from '../../unattend/finding.ts';

export interface Entry<T> {
  /** Id that the file stands for: `kms-client`, `activation/kms-emulator-file`, `sarif`. */
  readonly id: string;
  /** Path from the repository's root, `/` separated. */
  readonly file: string;
  /** Name of the export. */
  readonly name: string;
  readonly item: T;
}

/** What a report format shows in an index; its contract is report/format.ts. */
export interface Format {
  readonly id: string;
  readonly title: string;
}

export interface Catalogue {
  readonly steps: readonly Entry<Step>[];
  readonly rules: readonly Entry<Rule>[];
  readonly formats: readonly Entry<Format>[];
  /** Checks of answer files. */
  readonly checks: readonly Entry<AnswerCheck>[];
  readonly views: readonly Entry<View>[];
  /** Files that could not be taken: each fault names the file and the repair. */
  readonly faults: readonly string[];
}

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** `kms-emulator-file` → `kmsEmulatorFile`. */
export function camelCase(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `.ts` files below a folder, sorted, as paths from the repository's root. */
export function sourceFiles(folder: string, root = repository): readonly string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export async function loadCatalogue(root = repository): Promise<Catalogue> {
  const faults: string[] = [];
  const steps: Entry<Step>[] = [];
  const rules: Entry<Rule>[] = [];
  const formats: Entry<Format>[] = [];
  const checks: Entry<AnswerCheck>[] = [];
  const views: Entry<View>[] = [];

  for (const file of sourceFiles('steps', root).filter((file) => file !== 'steps/index.ts')) {
    const found = await exportOf(root, file, 'defineStep', faults);
    if (!found) continue;
    const step = (found.value as { step?: Step }).step;
    if (step && typeof step.run === 'function') steps.push({ ...found, item: step });
    else faults.push(`${file}: export "${found.name}" is not a step; make it with defineStep({ … }) of pipeline/step.ts`);
  }
  for (const file of sourceFiles('rules', root).filter((file) => file !== 'rules/index.ts')) {
    const found = await exportOf(root, file, 'defineRule', faults);
    if (!found) continue;
    const rule = found.value as Rule;
    if (typeof rule.create === 'function') rules.push({ ...found, item: rule });
    else faults.push(`${file}: export "${found.name}" is not a rule; make it with defineRule({ … }) of lint/rule.ts`);
  }
  for (const file of sourceFiles('unattend/checks', root).filter((file) => file !== 'unattend/checks/index.ts')) {
    const found = await exportOf(root, file, 'defineCheck', faults);
    if (!found) continue;
    const check = found.value as AnswerCheck;
    if (typeof check.run === 'function') checks.push({ ...found, id: basename(file, '.ts'), item: check });
    else faults.push(`${file}: export "${found.name}" is not a check; make it with defineCheck({ … }) of unattend/define-check.ts`);
  }
  for (const file of sourceFiles('report', root).filter((file) => file !== 'report/index.ts' && file !== 'report/format.ts')) {
    const loaded = await load(root, file, faults);
    const format = Object.entries(loaded ?? {}).find(([, value]) => isFormat(value));
    if (!format) continue; // A part that several formats share.
    const id = basename(file, '.ts');
    if (format[0] === camelCase(id)) formats.push({ id, file, name: format[0], item: format[1] as Format });
    else faults.push(`${file}: exports the format "${format[0]}"; name the export "${camelCase(id)}"`);
  }
  for (const file of sourceFiles('lint/views', root).filter((file) => file !== 'lint/views/index.ts')) {
    const found = await exportOf(root, file, 'imageView', faults);
    if (!found) continue;
    const view = found.value as View;
    if (view.of === 'image' || view.of === 'content') views.push({ ...found, item: view });
    else faults.push(`${file}: export "${found.name}" is not a view; make it with imageView({ … }) or contentView({ … }) of lint/view.ts`);
  }
  for (const entries of [steps, rules, formats, checks, views]) faults.push(...twins(entries));
  return { steps, rules, formats, checks, views, faults };
}

async function exportOf(root: string, file: string, maker: string, faults: string[]) {
  const id = file.slice(file.indexOf('/') + 1, -'.ts'.length);
  const name = camelCase(basename(id));
  const loaded = await load(root, file, faults);
  if (!loaded) return undefined;
  const value = loaded[name];
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) return { id, file, name, value };
  const names = Object.keys(loaded).join(', ') || 'nothing';
  faults.push(`${file}: exports ${names} but no "${name}"; write "export const ${name} = ${maker}({ … })"`);
  return undefined;
}

async function load(root: string, file: string, faults: string[]): Promise<Record<string, unknown> | undefined> {
  try {
    return (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
  } catch (error) {
    faults.push(`${file}: cannot be imported (${String(error).split('\n')[0]}); repair that first`);
    return undefined;
  }
}

function isFormat(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { render?: unknown }).render === 'function';
}

/** Two files whose exports have one name cannot stand in one index. */
function twins(entries: readonly Entry<unknown>[]): readonly string[] {
  return entries
    .map((entry, at) => [entry, entries.slice(0, at).find((other) => other.name === entry.name)] as const)
    .flatMap(([entry, twin]) => (twin ? [`${entry.file}: exports "${entry.name}" like ${twin.file}; give one of them another name`] : []));
}
