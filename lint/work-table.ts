// The contents of one file that readers are to read, each as a row of bytes in the form in which readers get it: 100,000 objects would take more memory.
import type { ContentStore, StoredContent } from '../image/stored-content.ts';
import type { Content } from './content-plan.ts';
import { rowsOf, WANTED_BYTES, type Wanted, writeWanted } from './reader-job.ts';

export class WorkTable {
  readonly store: ContentStore;
  /** By row; the row is the id by which a reader answers. */
  readonly contents: Content[] = [];
  private rows = Buffer.alloc(1024 * WANTED_BYTES);
  private readonly pathOf: (content: Content) => string | undefined;

  /** `pathOf`: the path by which wimlib-imagex can extract the content, or undefined when it cannot. */
  constructor(store: ContentStore, pathOf: (content: Content) => string | undefined) {
    this.store = store;
    this.pathOf = pathOf;
  }

  add(content: Content, stored: StoredContent, visits: Pick<Wanted, 'visit' | 'visitKey'>): void {
    const id = this.contents.push(content) - 1;
    const at = id * WANTED_BYTES;
    if (at === this.rows.length) this.rows = Buffer.concat([this.rows, Buffer.alloc(this.rows.length)]);
    const { offset, size, uncompressedSize, flags } = stored.resource;
    writeWanted(this.rows, at, {
      id,
      offset,
      size,
      uncompressedSize,
      flags,
      digest: stored.digest,
      scan: content.places.length > 0,
      visit: visits.visit,
      visitKey: visits.visitKey,
    });
  }

  /** The rows in the order in which their contents are stored, in stretches of at most `most` cost each, and one content at least. */
  stretches(rows: Uint32Array, most: (total: number) => number): readonly Uint32Array[] {
    const offsets = Float64Array.from(this.contents, (_, row) => rowsOf.offset(this.rows, row));
    const ordered = rows.sort((a, b) => offsets[a]! - offsets[b]!);
    const costs = ordered.reduce((sum, row) => sum + this.costOf(row), 0);
    const limit = most(costs);
    const parts: Uint32Array[] = [];
    let [from, cost] = [0, 0];
    for (let at = 0; at < ordered.length; at++) {
      cost += this.costOf(ordered[at]!);
      if (cost < limit && at + 1 < ordered.length) continue;
      parts.push(ordered.subarray(from, at + 1));
      [from, cost] = [at + 1, 0];
    }
    return parts;
  }

  /** All rows, or those that wimlib-imagex can extract. */
  chosen(listable: boolean): Uint32Array {
    const all = Uint32Array.from(this.contents, (_, row) => row);
    return listable ? all.filter((row) => this.pathOf(this.contents[row]!) !== undefined) : all;
  }

  /** The rows as a reader gets them. */
  encoded(rows: Uint32Array): Buffer {
    const body = Buffer.allocUnsafe(rows.length * WANTED_BYTES);
    for (let index = 0; index < rows.length; index++) {
      const at = rows[index]! * WANTED_BYTES;
      this.rows.copy(body, index * WANTED_BYTES, at, at + WANTED_BYTES);
    }
    return body;
  }

  listed(rows: Uint32Array): readonly string[] {
    return Array.from(rows, (row) => this.pathOf(this.contents[row]!) ?? '');
  }

  /** In bytes of content, roughly: decoding costs by what is stored, and each content by itself. */
  private costOf(row: number): number {
    return rowsOf.uncompressedSize(this.rows, row) + 2 * rowsOf.size(this.rows, row) + 4000;
  }
}
