// Collects what nobody uses any more before much of it has gathered. V8 waits for as long as the machine has memory, and hardly counts buffers.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of work between two looks: one takes some microseconds. */
const LOOK_EVERY = 200_000;

type Collect = (options?: { readonly type: 'minor' }) => void;

/** The collector of V8, where this one can be had. A young collection takes a millisecond and does as a rule; a whole one takes thirty. */
const collect = collectorOfV8();

export class GarbageLimit {
  private readonly most: number;
  /** Bytes after the last whole collection. */
  private inUse = Number.NEGATIVE_INFINITY;
  private worked = 0;

  /** @param most bytes, in the heap and outside of it, that may gather over what is in use */
  constructor(most: number) {
    this.most = most;
  }

  /** So many bytes were worked on: looks now and then. */
  after(bytes: number): void {
    this.worked += bytes;
    if (this.worked < LOOK_EVERY) return;
    this.worked = 0;
    this.look();
  }

  /** Collects when too much has gathered. The first look always does: what was used before is not known. */
  look(): void {
    if (!this.isOver()) return;
    collect?.({ type: 'minor' });
    if (!this.isOver()) return;
    collect?.();
    this.inUse = takenBytes();
  }

  private isOver(): boolean {
    return takenBytes() > this.inUse + this.most;
  }
}

function takenBytes(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Only a context that was made under the flag has it; those of others stay as they are. */
function collectorOfV8(): Collect | undefined {
  setFlagsFromString('--expose-gc');
  try {
    return runInNewContext('globalThis.gc') as Collect | undefined;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
