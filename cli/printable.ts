// Text for a terminal: what a hostile name could do to it is shown, not obeyed; line ends and tabs of our own messages stay.
import { printable as printableLine } from '../report/printable.ts';

export function printable(text: string): string {
  return text.replace(/[^\n\t]+/g, printableLine);
}
