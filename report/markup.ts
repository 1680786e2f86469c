// Text from an image inside XML and HTML: nothing in it is markup, nothing in it forges or hides a line.
import { printable } from './printable.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and for attributes in quotes. With `lines`, line feeds of ours stay what they are. */
export function markup(text: string, lines = false): string {
  const safe = lines ? text.split('\n').map(printable).join('\n') : printable(text);
  return safe.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
