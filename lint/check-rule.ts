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
  if (!['error', 'warning', 'note'].includes(rule.severity)) faults.push('severity: is error, warning or note');
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
