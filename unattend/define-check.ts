// Makes a check of an answer file from its texts and one function; the findings come out with their messages filled in.
import { attributeOf, elementsOf, type Position, type XmlElement } from '../formats/xml/tree.ts';
import type { AnswerCheck, AnswerContext, AnswerFinding, AnswerSeverity } from './finding.ts';
import type { AnswerFile } from './model.ts';

export type FindingData = Readonly<Record<string, string | number>>;

interface Found<M extends string> {
  readonly messageId: M;
  readonly severity: AnswerSeverity;
  readonly at: Position | undefined;
  readonly data?: FindingData;
}

interface CheckDraft<M extends string> extends Omit<AnswerCheck, 'run' | 'messages'> {
  readonly messages: Readonly<Record<M, string>>;
  look(file: AnswerFile, report: (found: Found<M>) => void, context: AnswerContext): void;
}

/** Data comes from the file: a value of a megabyte must not become a message of a megabyte. */
const DATA_MAX = 200;
/** More findings of one check in one file say nothing more. */
const FINDINGS_MAX = 200;
/** Names that a grouped message lists. */
const LISTED_MAX = 6;

export function defineCheck<const M extends string>(draft: CheckDraft<M>): AnswerCheck {
  const { id, title, description, messages } = draft;
  return {
    id,
    title,
    description,
    messages,
    run(file, context) {
      const findings: AnswerFinding[] = [];
      const report = ({ messageId, severity, at, data = {} }: Found<M>) => {
        if (findings.length >= FINDINGS_MAX) return;
        const clean = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, oneLine(value)]));
        const message = messages[messageId].replace(/\{(\w+)\}/g, (whole, name: string) => String(clean[name] ?? whole));
        findings.push({ check: id, messageId, severity, message, data: clean, at });
      };
      draft.look(file, report, context);
      return findings;
    },
  };
}

function oneLine(value: string | number): string | number {
  if (typeof value === 'number') return value;
  const line = value.replace(/[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
  return line.length <= DATA_MAX ? line : `${line.slice(0, DATA_MAX)}…`;
}

/** `A, B, C and 4 more`, each name once. */
export function listed(names: Iterable<string>): string {
  const all = [...new Set(names)];
  const shown = all.slice(0, LISTED_MAX).join(', ');
  return all.length > LISTED_MAX ? `${shown} and ${all.length - LISTED_MAX} more` : shown;
}

/** The `<settings>` elements: one for each pass. */
export function settingsElements(file: AnswerFile): readonly XmlElement[] {
  return elementsOf(file.document.root).filter(({ local }) => local === 'settings');
}

/** Case of names does not matter to a finding, the rest does. */
export function attributeText(element: XmlElement, name: string): string {
  return (attributeOf(element, name) ?? '').trim();
}

/** What a template leaves to be filled in: `{Name}`, `{{.Name}}`, `${name}`, `%NAME%`, `@@name@@`, `__NAME__`, `[ fill in ]`. */
export function isPlaceholder(text: string): boolean {
  return /\{[^{}]*\}|^%\w+%$|^@{1,2}[^@]+@{1,2}$|^__\w+__$|^\$\w+$|^\[[^[\]]+\]$/.test(text.trim());
}
