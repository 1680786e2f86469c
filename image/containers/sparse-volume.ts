// A copy of an NTFS volume that holds only what writing needs - its own tables and the files that are touched - and what has changed in it afterwards.
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '../../formats/disk/source.ts';
import { isResident, type NtfsStream, readWhole, runsOf } from '../../formats/ntfs/stream.ts';
import { type NtfsFile, type NtfsVolume, readNtfs } from '../../formats/ntfs/volume.ts';
import { openFileSource } from './file-source.ts';

/** NTFS keeps records up to here for its own files, and in `$Extend` a few more that begin with `$`. */
const SYSTEM_RECORDS = 24;
const EXTEND_RECORD = 11;
const BITMAP_RECORD = 6;
const PIECE = 1024 * 1024;
/** What is compared and written at a time. */
const UNIT = 64 * 1024;

/** In bytes from the start of the volume; sorted, apart from each other. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Writes the copy to `path`: as large as the volume, with holes for the content of files that nobody touches. */
export async function makeSparse(
  volume: NtfsVolume,
  source: ByteSource,
  touched: ReadonlySet<NtfsFile>,
  path: string,
  signal?: AbortSignal,
): Promise<readonly Range[]> {
  const ranges = neededRanges(volume, source.size, touched);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.truncate(source.size);
    for (const { start, end } of ranges) {
      for (let at = start; at < end; at += PIECE) {
        signal?.throwIfAborted();
        await write(file, await source.read(at, Math.min(PIECE, end - at)), at);
      }
    }
  } finally {
    await file.close();
  }
  return ranges;
}

function neededRanges(volume: NtfsVolume, size: number, touched: ReadonlySet<NtfsFile>): readonly Range[] {
  const { clusterSize, clusters, boot } = volume;
  const ranges: Range[] = [
    { start: 0, end: clusterSize },
    // The copy of the boot sector stands behind the last cluster.
    { start: Math.min(clusters * clusterSize, size - boot.sectorSize), end: size },
  ];
  for (const file of volume.files.values()) {
    const own = file.number < SYSTEM_RECORDS || touched.has(file) || file.names.some(({ parent }) => parent === EXTEND_RECORD);
    for (const stream of own ? [...file.others, ...file.streams] : file.others) ranges.push(...clusterRanges(volume, stream));
  }
  return merged(ranges.filter(({ start, end }) => end > start));
}

function clusterRanges({ clusterSize, clusters }: NtfsVolume, stream: NtfsStream): Range[] {
  if (isResident(stream)) return [];
  return runsOf(stream, clusters).flatMap(({ lcn, length }) =>
    lcn === undefined ? [] : [{ start: lcn * clusterSize, end: (lcn + length) * clusterSize }],
  );
}

function merged(ranges: readonly Range[]): Range[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/**
 * What of the volume is other than in the source, after it was written. Clusters that touched files have given up are cleared: they come as zeros.
 * @param before the volume as it was; `copied` what `makeSparse` had copied of it
 */
export async function* changesOf(
  path: string,
  before: NtfsVolume,
  source: ByteSource,
  { copied, touched }: { readonly copied: readonly Range[]; readonly touched: ReadonlySet<NtfsFile> },
): AsyncGenerator<Patch> {
  const file = await openFileSource(path);
  try {
    // The map of clusters stays where it is; in a record it lies only on volumes of a few megabytes.
    const map = before.files.get(BITMAP_RECORD)?.streams.find(({ name }) => name === '');
    const after = map && !isResident(map) ? { ...before, disk: file } : await readNtfs(file);
    const [was, is] = [await bitmapOf(before), await bitmapOf(after)];
    const { clusterSize, clusters } = before;
    const fresh = clusterList(clusters, clusterSize, (cluster) => bit(is, cluster) && !bit(was, cluster));
    const old = [...touched].flatMap((one) => one.streams.flatMap((stream) => clusterRanges(before, stream)));
    const freed = merged(old).flatMap(({ start, end }) =>
      clusterList(end / clusterSize, clusterSize, (cluster) => !bit(is, cluster), start / clusterSize),
    );
    for (const { start, end } of merged([...copied, ...fresh])) {
      for (let at = start; at < end; at += UNIT) {
        const size = Math.min(UNIT, end - at);
        const [now, then] = [await file.read(at, size), await source.read(at, size)];
        for (const zeros of freed)
          if (zeros.start < at + size && zeros.end > at) now.fill(0, Math.max(0, zeros.start - at), Math.min(size, zeros.end - at));
        if (Buffer.compare(now, then) !== 0) yield { offset: at, bytes: now };
      }
    }
  } finally {
    await file.close();
  }
}

async function bitmapOf(volume: NtfsVolume): Promise<Uint8Array> {
  const stream = volume.files.get(BITMAP_RECORD)?.streams.find(({ name }) => name === '');
  if (!stream) throw new TypeError('an NTFS volume without $Bitmap was opened');
  return readWhole(volume, stream, 512 * 1024 * 1024);
}

function bit(bitmap: Uint8Array, cluster: number): boolean {
  return ((bitmap[cluster >> 3] ?? 0) & (1 << (cluster & 7))) !== 0;
}

function clusterList(end: number, clusterSize: number, takes: (cluster: number) => boolean, start = 0): Range[] {
  const ranges: { start: number; end: number }[] = [];
  for (let cluster = start; cluster < end; cluster++) {
    if (!takes(cluster)) continue;
    const last = ranges.at(-1);
    if (last?.end === cluster * clusterSize) last.end += clusterSize;
    else ranges.push({ start: cluster * clusterSize, end: (cluster + 1) * clusterSize });
  }
  return ranges;
}

async function write(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  // Zeros stay holes: the copy of a large table of free space costs nothing.
  if (bytes.every((byte) => byte === 0)) return;
  await file.write(bytes, 0, bytes.length, offset);
}
