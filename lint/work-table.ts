// The contents of one file that readers are to read, by row, with what it takes to order them; what a reader gets of them is made when it gets it.
import type { ContentStore, StoredContent } from '../image/stored-content.ts';
import type { Content } from './content-plan.ts';
import type { Contents } from './contents.ts';
import { NumberList } from './number-list.ts';
import { WANTED_BYTES, type Wanted, writeWanted } from './reader-job.ts';

/** What is asked about contents. */
export interface WorkFacts {
  storedOf(content: Content): StoredContent;
  visitsOf(content: Content): Pick<Wanted, 'visit' | 'visitKey'>;
}

export class WorkTable {
  readonly store: ContentStore;
  private readonly contents: Contents;
  /** By row, which is the id by which a reader answers: which of the contents it is. */
  private readonly indexes = new NumberList();
  private offsets: number[] = [];
  private costs: number[] = [];
  private readonly facts: WorkFacts;

  constructor(store: ContentStore, contents: Contents, facts: WorkFacts) {
    this.store = store;
    this.contents = contents;
    this.facts = facts;
  }

  get length(): number {
    return this.indexes.length;
  }

  /** Which of the contents the row is. */
  indexOf(row: number): number {
    return this.indexes.at(row)!;
  }

  contentOf(row: number): Content {
    return this.contents.at(this.indexOf(row))!;
  }

  /** The content of the row is dealt with. */
  release(row: number): void {
    this.contents.release?.(this.indexOf(row));
  }

  add(index: number, { resource: { offset, size, uncompressedSize } }: StoredContent): void {
    this.indexes.push(index);
    this.offsets.push(offset);
    // In bytes of content, roughly: decoding costs by what is stored, and each content by itself.
    this.costs.push(uncompressedSize + 2 * size + 4000);
  }

  /** The rows in the order in which their contents are stored, in stretches of at most `most` cost each, and one content at least. Once for all. */
  stretches(rows: Uint32Array, most: (total: number) => number): readonly Uint32Array[] {
    const { offsets, costs } = this;
    const ordered = rows.sort((a, b) => offsets[a]! - offsets[b]!);
    const limit = most(ordered.reduce((sum, row) => sum + costs[row]!, 0));
    const parts: Uint32Array[] = [];
    let [from, cost] = [0, 0];
    for (let at = 0; at < ordered.length; at++) {
      cost += costs[ordered[at]!]!;
      if (cost < limit && at + 1 < ordered.length) continue;
      parts.push(ordered.subarray(from, at + 1));
      [from, cost] = [at + 1, 0];
    }
    [this.offsets, this.costs] = [[], []]; // nobody asks again, and there are many
    return parts;
  }

  /** All rows, or those that wimlib-imagex can extract. */
  chosen(listable: boolean): Uint32Array {
    const all = Uint32Array.from({ length: this.length }, (_, row) => row);
    return listable ? all.filter((row) => this.pathOf(row) !== undefined) : all;
  }

  /** The rows as a reader gets them. */
  encoded(rows: Uint32Array): Buffer {
    const body = Buffer.allocUnsafe(rows.length * WANTED_BYTES);
    for (const [index, id] of rows.entries()) {
      const content = this.contentOf(id);
      const { resource, digest } = this.facts.storedOf(content);
      const wanted = { id, ...resource, digest, scan: content.places.length > 0, ...this.facts.visitsOf(content) };
      writeWanted(body, index * WANTED_BYTES, wanted);
    }
    return body;
  }

  listed(rows: Uint32Array): readonly string[] {
    return Array.from(rows, (row) => this.pathOf(row) ?? '');
  }

  /** The path by which wimlib-imagex can extract the content, or undefined when it cannot. */
  private pathOf(row: number): string | undefined {
    return this.facts.storedOf(this.contentOf(row)).listed;
  }
}
