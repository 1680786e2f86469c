// A progress line on a terminal: phase, bar and percentage; nothing at all elsewhere.
import type { Io } from './command.ts';
import { printable } from './printable.ts';

const BAR_WIDTH = 30;
/** Redrawing more often than this only burns time. */
const INTERVAL_MS = 100;

export interface ProgressLine {
  show(label: string, done?: number, total?: number): void;
  clear(): void;
}

export function progressLine(io: Io): ProgressLine {
  if (!io.progress) return { show: () => {}, clear: () => {} };
  let last = 0;
  let shown = '';
  return {
    show(label, done, total) {
      const now = Date.now();
      if (label === shown && now - last < INTERVAL_MS) return;
      last = now;
      shown = label;
      io.err(`\r\x1b[K${printable(label)}${bar(done, total)}`);
    },
    clear() {
      if (shown !== '') io.err('\r\x1b[K');
      shown = '';
    },
  };
}

function bar(done: number | undefined, total: number | undefined): string {
  if (done === undefined || !total) return ' …';
  const part = Math.min(1, done / total);
  const filled = Math.round(part * BAR_WIDTH);
  return ` [${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${String(Math.round(part * 100)).padStart(3)} %`;
}
