// The frame of every SARIF 2.1.0 log (OASIS standard) that wtgforge writes: the tool, its rules, and how an address is spelt.
import { severityOfRule } from '../lint/profile.ts';
import type { Profile } from '../lint/result.ts';
import type { Rule } from '../lint/rule.ts';
import { ruleHelp } from '../lint/rule-help.ts';
import { printable } from './printable.ts';

/** Changes when fingerprints are made another way: a viewer compares only those of one name. */
export const FINGERPRINT = 'wtgforge/v1';

/** What a log tells of a rule, whatever kind of rule it is. */
export interface DescribedRule {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly messages: Readonly<Record<string, string>>;
}

export function describedRule(rule: Rule, profile: Profile): DescribedRule {
  const { id, title, messages } = rule;
  return { id, title, description: ruleHelp(rule), severity: severityOfRule(rule, profile), messages };
}

/** A log with one run. */
export function sarifLog(
  tool: { readonly name: string; readonly version: string },
  rules: readonly DescribedRule[],
  run: Readonly<Record<string, unknown>>,
): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: tool.name, version: tool.version, rules: rules.map(descriptorOf) } }, ...run }],
  };
}

function descriptorOf({ id, title, description, severity, messages }: DescribedRule): object {
  return {
    id,
    shortDescription: { text: printable(title) },
    fullDescription: { text: firstParagraph(description) },
    help: { text: description, markdown: description },
    defaultConfiguration: { level: severity },
    messageStrings: Object.fromEntries(Object.entries(messages).map(([name, text]) => [name, { text: text.replace(/[{}]/g, '$&$&') }])),
    properties: { tags: [id.slice(0, id.indexOf('/'))] },
  };
}

function firstParagraph(markdown: string): string {
  return markdown
    .trim()
    .split(/\n\s*\n/)[0]!
    .replace(/\s+/g, ' ');
}

/** One segment of a URI. A lone surrogate, legal in a Windows name, has no encoding and becomes U+FFFD. */
export function uriSegment(segment: string): string {
  const text = segment.replace(/\p{Surrogate}/gu, '\ufffd');
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
