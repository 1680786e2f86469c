// Where two answer files want different things: as data without secrets, as a report for a person, and as an error.
import { ConfigError } from '../errors.ts';
import { elementsOf, textOf, type XmlElement } from '../formats/xml/tree.ts';
import { Secret } from '../lint/secret.ts';
import { type Place, placeText } from './provenance.ts';

/** Which of two values stays: that of the later file, that of the base, or none because the merge is refused. */
export type ConflictAnswer = 'later' | 'error' | 'base';

export interface ConflictSide {
  /** As a report may show it: secrets and commands are masked, long values are cut. */
  readonly value: string;
  readonly place: Place | undefined;
}

export interface MergeConflict {
  readonly pass: string;
  readonly component: string;
  readonly architecture: string;
  /** Below the component: `UserAccounts/LocalAccounts/LocalAccount[Name=bob]/Group`. */
  readonly setting: string;
  readonly base: ConflictSide;
  readonly later: ConflictSide;
  readonly kept: 'base' | 'later' | 'neither';
}

/** With `conflict: 'error'`: every conflict of the merge, not only the first. */
export class MergeConflictError extends ConfigError {
  override name = 'MergeConflictError';
  readonly conflicts: readonly MergeConflict[];

  constructor(conflicts: readonly MergeConflict[]) {
    const first = conflicts[0]!;
    const more = conflicts.length > 1 ? `, and ${conflicts.length - 1} more` : '';
    super('ANSWER_MERGE_CONFLICT', `answer files: do not agree (${settingText(first)}: ${sidesText(first)}${more})`, {
      hint: 'Make the files agree, or say which one wins: conflict "later" or "base".',
    });
    this.conflicts = conflicts;
  }
}

const VALUE_MAX = 80;
const SECRET_NAME = /password|passphrase|secret|accountdata/i;
const PRODUCT_KEY = /\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\b/i;

/** What a report may show of the value of an element, cut behind `max` characters; `path` are the names from the component down to it. */
export function shownValue(element: XmlElement, path: readonly string[], max = VALUE_MAX): string {
  const text = textOf(element).trim();
  const local = path.at(-1)?.toLowerCase() ?? '';
  if (path.some((name) => SECRET_NAME.test(name))) {
    const empty = elementsOf(element).length === 0 && text === '';
    return Secret.found('password', empty ? '' : 'x').toString();
  }
  if (elementsOf(element).length > 0) return `(a group of ${elementsOf(element).length})`;
  const isKey = local === 'productkey' || (local === 'key' && path.some((name) => name.toLowerCase() === 'productkey'));
  if (isKey || PRODUCT_KEY.test(text))
    return Secret.found('product-key', PRODUCT_KEY.exec(text)?.[0] ?? (text === '' ? '' : 'x')).toString();
  if (local === 'commandline' || (local === 'path' && path.some((name) => /synchronouscommand/i.test(name)))) return '(a command)';
  return quoted(text, max);
}

/** Whether a name or a text is one that no report may show. */
export function holdsKeyOrPassword(name: string, text: string): boolean {
  return SECRET_NAME.test(name) || PRODUCT_KEY.test(text);
}

/** One line, cut, nothing in it that a terminal obeys. */
export function quoted(text: string, max = VALUE_MAX): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return JSON.stringify(cut).replace(/[\x7f-\x9f\u2028\u2029]/g, '?');
}

/** `specialize / Microsoft-Windows-Shell-Setup (amd64) / TimeZone` */
export function settingText({
  pass,
  component,
  architecture,
  setting,
}: Pick<MergeConflict, 'pass' | 'component' | 'architecture' | 'setting'>): string {
  return [pass, architecture === '' ? component : `${component} (${architecture})`, setting].join(' / ');
}

/** Both values with their places. */
export function sidesText({ base, later }: MergeConflict): string {
  return `${placeText(base.place)} says ${base.value}, ${placeText(later.place)} says ${later.value}`;
}

/** One conflict on one line, with what became of it. */
export function conflictLine(conflict: MergeConflict): string {
  const outcome = { base: 'the first stays', later: 'the second is taken', neither: 'neither is taken' } as const;
  return `${settingText(conflict)}: ${sidesText(conflict)}; ${outcome[conflict.kept]}`;
}

/** The report: each setting, both values, where they stand, and which one stays. */
export function renderConflicts(conflicts: readonly MergeConflict[]): string {
  if (conflicts.length === 0) return 'no conflicts\n';
  const blocks = conflicts.map((conflict) => {
    const side = (name: 'base' | 'later') => {
      const { place, value } = conflict[name];
      return `  ${conflict.kept === name ? 'kept   ' : 'dropped'}  ${value}  at ${placeText(place)}`;
    };
    const lines = [side('base'), side('later')];
    if (conflict.kept === 'neither') return [settingText(conflict), ...lines.map((line) => line.replace('dropped', 'open   '))].join('\n');
    return [settingText(conflict), ...lines].join('\n');
  });
  return `${heading(conflicts)}\n\n${blocks.join('\n\n')}\n`;
}

function heading(conflicts: readonly MergeConflict[]): string {
  const answers = { base: 'the base wins', later: 'the later file wins', neither: 'nothing was merged; change one side of each' } as const;
  const { length } = conflicts;
  return `${length} ${length === 1 ? 'setting has' : 'settings have'} two values: ${answers[conflicts[0]!.kept]}`;
}
