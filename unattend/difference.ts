// Two answer files setting by setting: what is new, gone or another, by pass, component and setting, without secrets.
import { type NodeDifference, nodeDifference } from '../formats/xml/difference.ts';
import { elementsOf, type XmlElement } from '../formats/xml/tree.ts';
import { actionOf } from './list-items.ts';
import { quoted, settingText, shownValue } from './merge-conflict.ts';
import { contentOf, keyed, PASS_DEPTH, repeatedGroups } from './merge-key.ts';
import { type AnswerFile, componentsOf } from './model.ts';
import { PASSWORD_ELEMENTS } from './password.ts';

/** One setting as a report may show it. */
export interface ShownSetting {
  /** `specialize / Microsoft-Windows-Shell-Setup (amd64) / TimeZone`; list items by their key. */
  readonly at: string;
  /** Passwords, product keys and commands are masked. */
  readonly value: string;
  /** Everything that the element says; only for comparison, never shown. */
  readonly exact: string;
}

/** A plan says what will stand there, and not only how it begins; a longer value is none that a person reads. */
const LONGEST = 4096;

/** A password is one thing: its Value means nothing without the PlainText beside it. */
const WHOLE: ReadonlySet<string> = new Set(PASSWORD_ELEMENTS.map((name) => name.toLowerCase()));

/** What the later file says otherwise than the earlier one; no earlier file is an empty one. */
export function answerFileDifference(
  before: AnswerFile | undefined,
  after: AnswerFile | undefined,
): readonly NodeDifference<Pick<ShownSetting, 'at' | 'value'>>[] {
  return nodeDifference(shownSettings(before), shownSettings(after), (a, b) => a.exact === b.exact);
}

/** Every setting of a file that holds text, in its order. */
function shownSettings(file: AnswerFile | undefined): readonly ShownSetting[] {
  const settings: ShownSetting[] = [];
  const seen = new Map<string, number>();
  for (const { pass, name: component, architecture, element } of file ? componentsOf(file) : []) {
    const visit = (parent: XmlElement, path: readonly string[], names: readonly string[]) => {
      for (const { element: child, label } of keyed(parent, PASS_DEPTH + 1, repeatedGroups([parent]))) {
        const shown = [...path, label === undefined ? child.local : `${child.local}[${quoted(label).slice(1, -1)}]`];
        const below = [...names, child.local];
        const text = settingText({ pass, component, architecture, setting: shown.join('/') });
        const action = actionOf(child);
        if (action !== undefined && action !== 'add') add(`${text}/@wcm:action`, quoted(action), action);
        if (elementsOf(child).length > 0 && !WHOLE.has(child.local.toLowerCase())) visit(child, shown, below);
        else add(text, shownValue(child, below, LONGEST), contentOf(child, { exact: true }));
      }
    };
    const add = (at: string, value: string, exact: string) => {
      // A component that stands twice: its second part is told apart by a number.
      const count = (seen.get(at) ?? 0) + 1;
      seen.set(at, count);
      settings.push({ at: count === 1 ? at : `${at} (${count})`, value, exact });
    };
    visit(element, [], []);
  }
  return settings;
}
