// docs/steps.md and docs/rules.md, written from the metadata of the steps and rules.
import type { Rule } from '../../lint/rule.ts';
import { ruleHelp } from '../../lint/rule-help.ts';
import type { OptionDef, OptionDefs } from '../../pipeline/options.ts';
import type { Step } from '../../pipeline/step.ts';
import type { Entry } from './catalogue.ts';

const WRITTEN = '<!-- Written by `npm run gen` from the metadata in the source files; do not edit. -->';

/** What the marks behind facts mean; descriptions use them. */
const MARKS =
  'Facts stand on the sources that are named with them. A mark shows where that is less: `[M]` is reported by others or decompiled and not confirmed by a first source, `[U]` is known practice that was not confirmed at all.';

export function stepsPage(steps: readonly Entry<Step>[]): string {
  return page([
    WRITTEN,
    '# Steps',
    'Each step is imported from `wtgforge/steps` and called in the `steps` list of `build.config.ts`; the list is the order of work.',
    MARKS,
    list(steps),
    ...steps.flatMap(({ name, item: step }) => [
      `## ${step.id}`,
      `**${step.title}**`,
      step.description,
      `Import: \`import { ${name} } from 'wtgforge/steps'\``,
      ...(step.after?.length
        ? [`Stands after ${step.after.map(code).join(', ')} when the config holds ${step.after.length > 1 ? 'them' : 'it'}.`]
        : []),
      optionsTable(step.options),
    ]),
  ]);
}

export function rulesPage(rules: readonly Entry<Rule>[]): string {
  return page([
    WRITTEN,
    '# Rules',
    'Every rule runs over every image of a container. An `error` that no allowlist entry covers rejects the image. Options are given by rule id in `lint.options` of `build.config.ts`.',
    'Rules that read evidence give their findings a level; the profile of the run makes a severity of it: `certain` is always an error, in `release` so are `strong` and `opaque`, and `weak` is a warning. Two weak findings of different rules in one file, folder, task, service or image are strong.',
    MARKS,
    list(rules),
    ...rules.flatMap(({ item: rule }) => [
      `## ${rule.id}`,
      `**${rule.title}**`,
      ruleHelp(rule),
      rule.level === undefined
        ? `Severity: \`${rule.severity}\` unless the text says otherwise.`
        : `Level: \`${rule.level}\` unless the table or the text says otherwise.`,
      table(
        rule.levels ? ['message', 'level', 'text'] : ['message', 'text'],
        Object.entries(rule.messages).map(([id, text]) => [
          code(id),
          ...(rule.levels ? [code(rule.levels[id] ?? rule.level ?? '')] : []),
          cell(text),
        ]),
      ),
      optionsTable(rule.options),
    ]),
  ]);
}

function list(entries: readonly Entry<Step | Rule>[]): string {
  if (entries.length === 0) return 'There are none yet.';
  return entries.map(({ item }) => `- [\`${item.id}\`](#${anchor(item.id)}): ${item.title}`).join('\n');
}

/** GitHub drops everything but letters, digits, dashes and underscores from a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

function optionsTable(options: OptionDefs): string {
  if (Object.keys(options).length === 0) return 'Options: none.';
  return table(
    ['option', 'type', 'default', 'what it is'],
    Object.entries(options).flatMap(([name, def]) => optionRows(name, def)),
  );
}

/** The option, and below it what each object of a list holds. */
function optionRows(name: string, def: OptionDef): readonly (readonly string[])[] {
  const below = Object.entries(def.fields ?? {}).flatMap(([field, inner]) => optionRows(`${name}[].${field}`, inner));
  return [[code(name), cell(typeOf(def)), cell(defaultOf(def)), cell(def.description)], ...below];
}

function typeOf(def: OptionDef): string {
  const parts = [def.oneOf ? def.oneOf.map((choice) => code(`'${choice}'`)).join(' or ') : code(def.type)];
  if (def.oneOf && def.type === 'string[]') parts[0] = `list of ${parts[0]}`;
  if (def.min !== undefined && def.max !== undefined) parts.push(`${def.min} to ${def.max}`);
  else if (def.min !== undefined) parts.push(`at least ${def.min}`);
  else if (def.max !== undefined) parts.push(`at most ${def.max}`);
  if (def.pattern) parts.push(`matches ${code(def.pattern)}`);
  return parts.join(', ');
}

function defaultOf(def: OptionDef): string {
  if (def.required) return 'required';
  return def.default === undefined ? '' : code(JSON.stringify(def.default));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that is safe in a table cell: one line, no bare `|`. */
function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/(?<!\\)\|/g, '\\|');
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function page(parts: readonly string[]): string {
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`;
}
