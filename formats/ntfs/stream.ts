// The content of an attribute: resident, in runs, sparse, compressed. Read in pieces, never whole unless asked.
import { FormatError } from '../bytes.ts';
import type { ByteSource } from '../disk/source.ts';
import { decodeLznt1 } from './lznt1.ts';
import { type Attribute, FLAG_COMPRESSED, FLAG_ENCRYPTED } from './record.ts';
import { decodeRuns, type Run, runAt } from './runs.ts';

const FORMAT = 'NTFS content';

export interface NtfsStream {
  readonly name: string;
  readonly size: number;
  readonly flags: number;
  /** All pieces of the attribute, by lowest VCN. */
  readonly pieces: readonly Attribute[];
}

export interface Clusters {
  readonly disk: ByteSource;
  readonly clusterSize: number;
  /** How many the volume has. */
  readonly clusters: number;
}

/** @throws FormatError when pieces are missing, double or overlap: other readers would each choose differently. */
export function streamOf(pieces: readonly Attribute[]): NtfsStream {
  const sorted = pieces.length === 1 ? pieces : [...pieces].sort((a, b) => a.lowestVcn - b.lowestVcn);
  const first = sorted[0]!;
  return { name: first.name, size: first.size, flags: first.flags, pieces: sorted };
}

export function isResident(stream: NtfsStream): boolean {
  return stream.pieces[0]!.value !== undefined;
}

export function isEncrypted(stream: NtfsStream): boolean {
  return (stream.flags & FLAG_ENCRYPTED) !== 0;
}

/** All runs in order, without gaps. */
export function runsOf(stream: NtfsStream, clusters: number): readonly Run[] {
  const runs: Run[] = [];
  let vcn = 0;
  for (const piece of stream.pieces) {
    if (piece.value !== undefined) {
      if (stream.pieces.length > 1) throw new FormatError(FORMAT, `the stream "${stream.name}" is there twice`);
      return [];
    }
    if (piece.lowestVcn !== vcn)
      throw new FormatError(FORMAT, `a piece of the stream "${stream.name}" is missing or there twice (cluster ${vcn})`);
    const own = decodeRuns(piece.runs!, vcn, clusters);
    runs.push(...own);
    const last = own.at(-1);
    vcn = last ? last.vcn + last.length : vcn;
  }
  return runs;
}

/** The first cluster on the volume, to order reading by; 0 for resident and empty streams. */
export function firstCluster(stream: NtfsStream, clusters: number): number {
  const runs = stream.pieces[0]!.runs;
  if (!runs) return 0;
  try {
    return decodeRuns(runs, stream.pieces[0]!.lowestVcn, clusters).find(({ lcn }) => lcn !== undefined)?.lcn ?? 0;
  } catch {
    return 0; // reading it says what is wrong
  }
}

const PIECE = 1024 * 1024;

/** The content from its start to its end; each piece is a buffer of its own. */
export async function* readPieces(volume: Clusters, stream: NtfsStream): AsyncGenerator<Uint8Array> {
  const [first] = stream.pieces;
  if (isEncrypted(stream)) throw new FormatError(FORMAT, 'it is encrypted with EFS');
  if (first!.value !== undefined) {
    runsOf(stream, volume.clusters);
    if (first!.value.length > 0) yield first!.value;
    return;
  }
  const runs = runsOf(stream, volume.clusters);
  const { size } = stream;
  const compressed = (stream.flags & FLAG_COMPRESSED) !== 0;
  if (compressed && (first!.unit === 0 || first!.unit > 8))
    throw new FormatError(FORMAT, `a compression unit of 2^${first!.unit} clusters is not possible`);
  const last = runs.at(-1);
  if (size > (last ? (last.vcn + last.length) * volume.clusterSize : 0)) {
    throw new FormatError(FORMAT, `${size} bytes are more than its clusters hold`);
  }
  const unitSize = compressed ? volume.clusterSize * 2 ** first!.unit : 0;
  const step = compressed ? Math.max(unitSize, Math.floor(PIECE / unitSize) * unitSize) : PIECE;
  for (let offset = 0; offset < size; offset += step) {
    const bytes = new Uint8Array(Math.min(step, size - offset));
    // Behind the initialized size there is what stood on the disk before: it reads as zeros.
    const valid = Math.max(0, Math.min(bytes.length, first!.initialized - offset));
    if (valid > 0) {
      if (compressed) await fillCompressed(volume, runs, { offset, unitSize, bytes: bytes.subarray(0, valid) });
      else await fill(volume, runs, offset, bytes.subarray(0, valid));
    }
    yield bytes;
  }
}

/** The content in one buffer; the caller has bounded its size. */
export async function readWhole(volume: Clusters, stream: NtfsStream, max: number): Promise<Uint8Array> {
  if (stream.size > max) throw new FormatError(FORMAT, `a content of ${stream.size} bytes is too large (at most ${max})`);
  const content = new Uint8Array(stream.size);
  let done = 0;
  for await (const piece of readPieces(volume, stream)) {
    content.set(piece, done);
    done += piece.length;
  }
  return content;
}

async function fill({ disk, clusterSize }: Clusters, runs: readonly Run[], offset: number, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const at = offset + done;
    const run = runAt(runs, Math.floor(at / clusterSize));
    if (!run) throw new FormatError(FORMAT, `no cluster holds its byte ${at}`);
    const inside = at - run.vcn * clusterSize;
    const count = Math.min(bytes.length - done, run.length * clusterSize - inside);
    if (run.lcn !== undefined) bytes.set(await disk.read(run.lcn * clusterSize + inside, count), done);
    done += count;
  }
}

interface Wanted {
  readonly offset: number;
  readonly unitSize: number;
  readonly bytes: Uint8Array;
}

/** Unit by unit: all its clusters there: stored as it is; none: zeros; some: compressed into those. */
async function fillCompressed(volume: Clusters, runs: readonly Run[], { offset, unitSize, bytes }: Wanted): Promise<void> {
  const { disk, clusterSize } = volume;
  const perUnit = unitSize / clusterSize;
  for (let done = 0; done < bytes.length; done += unitSize) {
    const firstVcn = (offset + done) / clusterSize;
    const target = bytes.subarray(done, Math.min(done + unitSize, bytes.length));
    const stored: Uint8Array[] = [];
    let there = 0;
    for (let vcn = firstVcn; vcn < firstVcn + perUnit; ) {
      const run = runAt(runs, vcn);
      if (!run) break;
      const count = Math.min(run.vcn + run.length, firstVcn + perUnit) - vcn;
      if (run.lcn !== undefined) {
        stored.push(await disk.read((run.lcn + vcn - run.vcn) * clusterSize, count * clusterSize));
        there += count;
      }
      vcn += count;
    }
    if (there === 0) continue;
    const joined = Buffer.concat(stored);
    if (there === perUnit) target.set(joined.subarray(0, target.length));
    else decodeLznt1(joined, target);
  }
}
