// A progress line on a terminal: phase, bar, percentage, rate and the time that is left; nothing at all elsewhere.
import type { Io } from './command.ts';
import { printable } from './printable.ts';

const BAR_WIDTH = 30;
/** Redrawing more often than this only burns time. */
const INTERVAL_MS = 100;
/** Before that much of time and work, a rate and what is left would be guesses. */
const SURE_MS = 1000;
const SURE_PART = 0.02;

export interface Amount {
  readonly done?: number | undefined;
  readonly total?: number | undefined;
  /** Of content, for the rate. */
  readonly bytes?: number | undefined;
}

export interface ProgressLine {
  show(label: string, amount?: Amount): void;
  clear(): void;
}

/** @param clock milliseconds, from any start. */
export function progressLine(io: Pick<Io, 'progress' | 'err'>, clock: () => number = () => performance.now()): ProgressLine {
  if (!io.progress) return { show: () => {}, clear: () => {} };
  let [shown, last, began] = ['', 0, 0];
  return {
    show(label, amount = {}) {
      const now = clock();
      if (label !== shown) began = now;
      else if (now - last < INTERVAL_MS) return;
      last = now;
      shown = label;
      io.err(`\r\x1b[K${printable(label)}${bar(amount)}${speed(amount, now - began)}`);
    },
    clear() {
      if (shown !== '') io.err('\r\x1b[K');
      shown = '';
    },
  };
}

function bar({ done, total }: Amount): string {
  if (done === undefined || !total) return ' …';
  const part = Math.min(1, done / total);
  const filled = Math.round(part * BAR_WIDTH);
  return ` [${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${String(Math.round(part * 100)).padStart(3)} %`;
}

/** Both over the whole time so far: contents differ too much for the last second to tell anything. */
function speed({ done, total, bytes }: Amount, elapsed: number): string {
  if (elapsed < SURE_MS || done === undefined || !total) return '';
  const part = Math.min(1, done / total);
  const rate = bytes === undefined ? '' : `  ${Math.round(bytes / 1000 / elapsed)} MB/s`;
  return part < SURE_PART || part === 1 ? rate : `${rate}  ${timeText((elapsed * (1 - part)) / part)} left`;
}

function timeText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
