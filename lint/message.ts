// The text of a finding from the rule's template and its data.
import type { Secret } from './secret.ts';

/** Data comes from the image: a value of a megabyte must not become a message of a megabyte. */
const DATA_MAX = 300;

export type MessageData = Readonly<Record<string, string | number | Secret>>;

/** `{name}` becomes `data.name`; a Secret shows only its masked form. A name without data stays as it is written. */
export function renderMessage(template: string, data: MessageData = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? clipped(String(data[name])) : whole));
}

function clipped(text: string): string {
  return text.length <= DATA_MAX ? text : `${text.slice(0, DATA_MAX)}…`;
}
