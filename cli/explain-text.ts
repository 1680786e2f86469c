// What explain prints of a rule, a step or a code: one text for people, one value for programs.
import type { Colors } from 'picocolors/types.js';
import type { ActivationCode } from '../formats/activation-code/codes.ts';
import { severityAt, severityOfRule } from '../lint/profile.ts';
import type { Profile } from '../lint/result.ts';
import type { Rule } from '../lint/rule.ts';
import type { OptionDefs } from '../pipeline/options.ts';
import type { Step } from '../pipeline/step.ts';
import { printable } from './printable.ts';

export interface Explained {
  text(colours: Colors): string;
  readonly json: Readonly<Record<string, unknown>>;
}

const WIDTH = 100;

export function ruleText(rule: Rule, profile: Profile): Explained {
  const { id, title, description, why, repair, level, messages, options } = rule;
  const told = Object.entries(messages).map(([name, text]) => {
    const own = rule.levels?.[name] ?? level;
    return { id: name, level: own, severity: own === undefined ? severityOfRule(rule, profile) : severityAt(own, profile), text };
  });
  return {
    json: {
      kind: 'rule',
      id,
      title,
      profile: profile.id,
      level,
      severity: severityOfRule(rule, profile),
      description,
      why,
      repair,
      messages: told,
      options,
    },
    text: (colours) =>
      page(colours, `${id}: ${title}`, [
        weightText(rule, profile),
        prose(description),
        ...(why === undefined ? [] : [headed(colours, 'Why it matters', why)]),
        ...(repair === undefined
          ? []
          : [
              headed(
                colours,
                'Repair',
                repair.step === undefined ? repair.text : `${repair.text} Step: ${repair.step} (wtgforge explain ${repair.step}).`,
              ),
            ]),
        `${colours.bold('Messages')}\n${told.map((one) => wrapped(`${one.severity}${one.level === undefined ? '' : ` (${one.level})`}: ${one.text}`, '  ', '    ')).join('\n')}`,
        ...optionsText(colours, options),
        wrapped(
          `To accept one finding: { rule: '${id}', at: '<place as the report prints it>', reason: '…' } in lint.allow of the config.`,
        ),
      ]),
  };
}

export function stepText({ id, title, description, options, after }: Step): Explained {
  return {
    json: { kind: 'step', id, title, description, after, options },
    text: (colours) =>
      page(colours, `${id}: ${title}`, [
        prose(description),
        ...(after?.length ? [wrapped(`Stands after ${after.join(', ')} when the config holds them.`)] : []),
        ...optionsText(colours, options),
      ]),
  };
}

export function codeText({ code, meaning, cause, reported, see }: ActivationCode, source: string): Explained {
  return {
    json: { kind: 'code', code, meaning, cause, confidence: 'documented', source, ...(reported === undefined ? {} : { reported }), see },
    text: (colours) =>
      page(colours, `${code}: ${meaning}`, [
        prose(cause),
        ...(reported === undefined ? [] : [headed(colours, 'Reported by others, not confirmed by Microsoft', reported)]),
        ...(see.length === 0 ? [] : [`${colours.bold('See')}\n${see.map((id) => `  wtgforge explain ${id}`).join('\n')}`]),
        wrapped(`Source: ${source}.`),
      ]),
  };
}

function weightText(rule: Rule, profile: Profile): string {
  const severity = severityOfRule(rule, profile);
  const weight =
    rule.level === undefined
      ? `A finding is ${an(severity)} in every profile`
      : `A finding is ${rule.level} evidence: ${an(severity)} in the profile ${profile.id}`;
  return wrapped(`${weight}, unless its message says otherwise below.`);
}

function an(severity: string): string {
  return `${severity === 'error' ? 'an' : 'a'} ${severity}`;
}

function optionsText(colours: Colors, options: OptionDefs): readonly string[] {
  const rows = Object.entries(options).map(([name, { type, description, required, default: preset }]) => {
    const usual = preset === undefined ? '' : `, default ${JSON.stringify(preset)}`;
    const more = required ? ', required' : usual;
    return wrapped(`${name} (${type}${more}): ${description}`, '  ', '    ');
  });
  return rows.length === 0 ? [] : [`${colours.bold('Options')}\n${rows.join('\n')}`];
}

function headed(colours: Colors, heading: string, text: string): string {
  return `${colours.bold(heading)}\n${prose(text, '  ')}`;
}

function page(colours: Colors, title: string, parts: readonly string[]): string {
  return `${[colours.bold(printable(title)), ...parts].join('\n\n')}\n`;
}

/** Markdown as it is, paragraph by paragraph; lists and tables keep their lines. */
function prose(markdown: string, indent = ''): string {
  return markdown
    .trim()
    .split(/\n\s*\n/)
    .map((part) =>
      /^\s*(?:[-*] |\||\d+\. )/m.test(part)
        ? part
            .split('\n')
            .map((line) => `${indent}${printable(line)}`)
            .join('\n')
        : wrapped(part, indent),
    )
    .join('\n\n');
}

function wrapped(text: string, first = '', next = first): string {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text.trim().replace(/\s+/g, ' ')).split(' ')) {
    const start = lines.length === 0 ? first : next;
    if (line !== '' && start.length + line.length + 1 + word.length > WIDTH) {
      lines.push(start + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, (lines.length === 0 ? first : next) + line].join('\n');
}
