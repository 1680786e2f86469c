// Scans many small contents in one go: they lie side by side in one buffer, which is searched as a whole; only one in which something stands is scanned by itself.
import { searchRoom } from '../formats/byte-search/byte-search.ts';
import { scanProductKeys } from '../formats/product-key/text-scan.ts';
import { type ContentScanner, NOTHING_FOUND, type ScanResult, type ScanWishes } from './content-scan.ts';
import { KindProbe } from './kind-probe.ts';

export const SLAB_BYTES = 1024 * 1024;
/** Zeros between two contents: no text of one runs on into the next, in either encoding at either alignment. */
const GAP = 8;
/** Larger contents are scanned in pieces, one by one. */
export const SLAB_CONTENT_MAX = SLAB_BYTES - 2 * GAP;

export class Slab<C> {
  private readonly wishes: ScanWishes;
  private readonly scanner: ContentScanner;
  private readonly bytes = searchRoom(SLAB_BYTES);
  private readonly probe = new KindProbe();
  private contents: C[] = [];
  private starts: number[] = [];
  private ends: number[] = [];
  private filled = GAP;

  constructor(wishes: ScanWishes, scanner: ContentScanner) {
    this.wishes = wishes;
    this.scanner = scanner;
  }

  /** Room for a content of that size, or undefined when the slab has to be scanned first. */
  room(size: number): Buffer | undefined {
    return this.filled + size + GAP > SLAB_BYTES ? undefined : this.bytes.subarray(this.filled, this.filled + size);
  }

  /** The room was filled with this content. */
  add(content: C, size: number): void {
    this.contents.push(content);
    this.starts.push(this.filled);
    this.ends.push(this.filled + size);
    const next = (this.filled + size + GAP + 3) & ~3;
    this.bytes.fill(0, this.filled + size, Math.min(next, SLAB_BYTES));
    this.filled = next;
  }

  /** What was found in each content, in order; the slab is empty then. */
  scan(found: (content: C, result: ScanResult, bytes: Buffer) => void): void {
    const marked = this.marked();
    for (const [index, content] of this.contents.entries()) {
      const bytes = this.bytes.subarray(this.starts[index]!, this.ends[index]!);
      found(content, marked.has(index) ? this.alone(bytes) : this.quick(bytes), bytes);
    }
    this.contents = [];
    this.starts = [];
    this.ends = [];
    this.filled = GAP;
  }

  /** Contents in which a text of a signature or something like a key begins. */
  private marked(): ReadonlySet<number> {
    const marked = new Set<number>();
    const all = this.bytes.subarray(0, Math.min(this.filled, SLAB_BYTES));
    const mark = (at: number) => {
      const index = this.indexAt(at);
      if (index >= 0) marked.add(index);
    };
    this.wishes.signatures?.prefilter.find(all, (at) => {
      mark(at);
      return true;
    });
    if (this.wishes.keys) scanProductKeys(all, ({ offset }) => mark(offset));
    return marked;
  }

  private quick(bytes: Buffer): ScanResult {
    this.probe.begin();
    this.probe.take(bytes, 0, true);
    const { kind } = this.probe;
    const { signatures } = this.wishes;
    if (signatures && signatures.slow.size > 0 && signatures.scanSlow(bytes).length > 0) return this.alone(bytes);
    return kind === undefined ? NOTHING_FOUND : { ...NOTHING_FOUND, kind };
  }

  private alone(bytes: Buffer): ScanResult {
    this.scanner.begin();
    this.scanner.take(bytes, true);
    return this.scanner.end();
  }

  private indexAt(at: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low <= high && this.starts[low]! <= at && at < this.ends[low]! ? low : -1;
  }
}
