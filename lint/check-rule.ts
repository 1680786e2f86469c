// What is wrong with a rule as its author wrote it: for the check before a run, and for tests.
import { parseKeyPattern } from './key-pattern.ts';
import type { Rule } from './rule.ts';

/** Every fault of the rule's metadata, each with the place; empty when it is sound. */
export function ruleFaults(rule: Rule): readonly string[] {
  const { id, title, description, messages, options, select } = rule;
  const faults: string[] = [];
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) faults.push('id: is not of the form family/kebab-name');
  if (!title?.trim()) faults.push('title: is empty');
  else if (/[.!\n]/.test(title.trim().slice(-1)) || title.includes('\n')) faults.push('title: is one line without a full stop');
  if (!description?.trim()) faults.push('description: is empty');
  faults.push(...weightFaults(rule));
  if (rule.why !== undefined && !rule.why.trim()) faults.push('why: is empty');
  if (rule.repair !== undefined && !rule.repair.text?.trim()) faults.push('repair.text: is empty');
  for (const [name, text] of Object.entries(messages)) if (!text.trim()) faults.push(`messages.${name}: is empty`);
  for (const [name, option] of Object.entries(options)) if (!option.description?.trim()) faults.push(`options.${name}: has no description`);
  for (const glob of select.files ?? [])
    if (!glob.startsWith('/')) faults.push(`select.files: ${glob} does not begin at the image root ("/")`);
  for (const pattern of select.keys ?? []) {
    try {
      parseKeyPattern(pattern);
    } catch (error) {
      faults.push(`select.keys: ${(error as Error).message}`);
    }
  }
  return faults;
}

const SEVERITIES = ['error', 'warning', 'note'];
const LEVELS = ['certain', 'strong', 'weak', 'opaque'];

function weightFaults({ severity, level, levels = {}, messages }: Rule): readonly string[] {
  const faults: string[] = [];
  if ((severity === undefined) === (level === undefined)) faults.push('severity, level: a rule has one of the two');
  if (severity !== undefined && !SEVERITIES.includes(severity)) faults.push('severity: is error, warning or note');
  if (level !== undefined && !LEVELS.includes(level)) faults.push('level: is certain, strong, weak or opaque');
  for (const [name, own] of Object.entries(levels)) {
    if (!Object.hasOwn(messages, name)) faults.push(`levels.${name}: there is no such message`);
    if (!LEVELS.includes(own ?? '')) faults.push(`levels.${name}: is certain, strong, weak or opaque`);
  }
  return faults;
}
