// The way of a reader's answers: they wait in memory while the other side is busy, so that reading goes on.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Bytes that wait at most; with more of them the reader waits, too. */
const WAITING_MAX = 2 * 1024 * 1024;
/** After how many ms it is tried again. */
const PAUSE = 2;

export class AnswerChannel {
  private readonly fd: number;
  private readonly pause = new Int32Array(new SharedArrayBuffer(4));
  private waiting: Uint8Array[] = [];
  private size = 0;
  /** When it was tried last to write. */
  private tried = 0;
  private timer: NodeJS.Timeout | undefined;

  /** `fd`: a pipe or socket, of which nobody else in this process writes. */
  constructor(fd: number) {
    this.fd = fd;
    // Opened as a socket the descriptor does not block: what does not fit is told at once.
    new Socket({ fd, readable: false }).unref();
  }

  /** Writes what the other side takes now and keeps a copy of the rest: later when there is nothing else to do, at once when too much waits. */
  push(parts: readonly Uint8Array[]): void {
    const waited = this.waiting.length > 0;
    for (const part of parts) {
      const written = this.waiting.length === 0 && part.length > 0 ? this.take(part) : 0;
      if (written === part.length) continue;
      this.waiting.push(new Uint8Array(part.subarray(written)));
      this.size += part.length - written;
    }
    // The other side is busy: to ask anew with each answer costs more than the answers.
    const isFull = this.size > WAITING_MAX;
    if (isFull || !waited || performance.now() - this.tried > PAUSE) this.write(isFull);
  }

  /** Waits until everything is written. */
  flush(): void {
    this.write(true);
  }

  private write(patient: boolean): void {
    let done = 0;
    this.tried = performance.now();
    while (done < this.waiting.length) {
      const part = this.waiting[done]!;
      const written = this.take(part);
      this.size -= written;
      if (written === part.length) done++;
      else if (written > 0) this.waiting[done] = part.subarray(written);
      else if (patient) Atomics.wait(this.pause, 0, 0, PAUSE);
      else break;
    }
    this.waiting.splice(0, done);
    if (this.waiting.length === 0 || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.write(false);
    }, PAUSE);
  }

  /** How many bytes of it were written. */
  private take(part: Uint8Array): number {
    try {
      return writeSync(this.fd, part);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }
}
