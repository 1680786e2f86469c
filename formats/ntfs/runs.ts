// Run lists: which clusters of the volume hold an attribute. Facts: ntfs-3g runlist.c.
import { FormatError } from '../bytes.ts';

const FORMAT = 'NTFS run list';

export interface Run {
  /** First cluster of the attribute that it holds. */
  readonly vcn: number;
  /** First cluster on the volume; undefined: a hole, which reads as zeros. */
  readonly lcn: number | undefined;
  readonly length: number;
}

/** @throws FormatError for runs behind the end of the volume and lengths that no volume has */
export function decodeRuns(bytes: Uint8Array, lowestVcn: number, clusters: number): Run[] {
  const runs: Run[] = [];
  let vcn = lowestVcn;
  let lcn = 0;
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const lengthSize = bytes[at]! & 15;
    const offsetSize = bytes[at]! >> 4;
    if (lengthSize === 0 || lengthSize > 6 || offsetSize > 6 || at + 1 + lengthSize + offsetSize > bytes.length) {
      throw new FormatError(FORMAT, `a run of ${lengthSize} and ${offsetSize} bytes is not possible`, at);
    }
    const length = signed(bytes, at + 1, lengthSize);
    if (length <= 0 || vcn + length > 2 ** 44) throw new FormatError(FORMAT, `a run of ${length} clusters is not possible`, at);
    if (offsetSize === 0) runs.push({ vcn, lcn: undefined, length });
    else {
      lcn += signed(bytes, at + 1 + lengthSize, offsetSize);
      if (lcn < 0 || lcn + length > clusters) throw new FormatError(FORMAT, `a run ends at cluster ${lcn + length} of ${clusters}`, at);
      runs.push({ vcn, lcn, length });
    }
    vcn += length;
    at += 1 + lengthSize + offsetSize;
  }
  return runs;
}

function signed(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + bytes[at + index]!;
  return bytes[at + size - 1]! & 0x80 ? value - 256 ** size : value;
}

/** The run that holds a cluster of the attribute, or undefined; runs are in order. */
export function runAt(runs: readonly Run[], vcn: number): Run | undefined {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const run = runs[middle]!;
    if (vcn < run.vcn) high = middle;
    else if (vcn >= run.vcn + run.length) low = middle + 1;
    else return run;
  }
  return undefined;
}
