// A thread that looks at stored bytes while the image is opened and walked, and decodes nothing of them: they are compared and digested.
import { parentPort, workerData } from 'node:worker_threads';
import { bufferOf, FormatError, viewOf } from '../formats/bytes.ts';
import { DigestIndex } from '../formats/digest-index.ts';
import { blobDigest, SHA1_BYTES } from '../formats/wim/digest.ts';
import { EntryTable } from '../formats/wim/entry-table.ts';
import { METADATA_BYTES_MAX } from '../formats/wim/read-entries.ts';
import { chunkDecoder, decodeResource, isCompressed } from '../formats/wim/resource.ts';
import { comparePlaces } from '../formats/wim/same-places.ts';
import { BlobFailure } from '../image/containers/blob-source.ts';
import { StoredBytes } from '../image/containers/stored-bytes.ts';
import { DIGEST_BYTES, storedDigest } from './stored-digest.ts';
import { TWIN_CLAIMED, TWIN_SAME, type WeighAnswer, type WeighedFile, type WeighTask } from './weigh.ts';

/** Bytes looked at in one go. */
const STEP = 512 * 1024;
/** Rows that a thread takes at a time: they lie side by side in the file. */
const STRETCH = 64;
/** Where the base has the contents of the image; 0 for one that the image has nowhere. */
const AT_SAME_PLACES = 1;
const ELSEWHERE = 2;

const { part, own, base, next, weighed } = workerData as WeighTask;
const count = own.rows.offset.length;
answer({ fault: part === 'places' ? placesOfBase() : weighBytes() });

function answer(said: WeighAnswer): void {
  parentPort!.postMessage(said);
  parentPort!.close();
}

function weighBytes(): undefined {
  if (base) twinsIn(base);
  if (weighed.digests) digestRest(weighed.digests);
}

/** What stands against it. */
function placesOfBase(): string | undefined {
  try {
    placesOf(new EntryTable(metadataOf(own)), new EntryTable(metadataOf(base!)));
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof BlobFailure)) throw error;
    return error.message;
  }
}

/** 1 for each row whose content the base has at all its places. */
function placesOf(entries: EntryTable, ofBase: EntryTable): void {
  const places = new Uint8Array(count);
  const rows = rowsByDigest();
  comparePlaces(entries, ofBase, (at, isThere) => {
    rows.each(entries.digests, at, (row) => {
      places[row] = isThere && places[row] !== ELSEWHERE ? AT_SAME_PLACES : ELSEWHERE;
    });
  });
  for (let row = 0; row < count; row++) weighed.places[row] = places[row] === AT_SAME_PLACES ? 1 : 0;
}

function rowsByDigest(): DigestIndex {
  return new DigestIndex({ bytes: own.rows.sha1, stride: SHA1_BYTES, at: 0, width: SHA1_BYTES });
}

/** TWIN_… of each row: whether the base holds the same bytes, wherever it has them. */
function twinsIn(file: WeighedFile): void {
  const other = twinsOf(rowsByDigest(), file);
  const [ownBytes, baseBytes] = [new StoredBytes(own.fd), new StoredBytes(file.fd)];
  for (let row = 0; row < count; row++)
    if (other[row]! > 0) weighed.twins[row] = isSame(row, ownBytes, other[row]! - 1, baseBytes) ? TWIN_SAME : TWIN_CLAIMED;
}

/** For each row that of the base which claims the same digest and size, from 1; 0 when there is none. Of two in one file the first counts, as everywhere. */
function twinsOf(finder: DigestIndex, { rows }: WeighedFile): Int32Array {
  const twins = new Int32Array(count);
  const sha1 = viewOf(rows.sha1);
  for (let other = 0; other < rows.offset.length; other++)
    finder.each(sha1, other * SHA1_BYTES, (row) => {
      if (twins[row] === 0 && rows.uncompressedSize[other] === own.rows.uncompressedSize[row]) twins[row] = other + 1;
    });
  return twins;
}

/** Equal bytes are equal contents only when they are decoded in one way. */
function isSame(row: number, ownBytes: StoredBytes, other: number, baseBytes: StoredBytes): boolean {
  const [mine, theirs] = [own.rows, base!.rows];
  const size = mine.size[row]!;
  if (own.compression !== base!.compression || own.chunkSize !== base!.chunkSize) return false;
  if (theirs.size[other] !== size || theirs.flags[other] !== mine.flags[row]) return false;
  const [from, fromBase] = [mine.offset[row]!, theirs.offset[other]!];
  try {
    for (let at = 0; at < size; at += STEP) {
      const step = Math.min(STEP, size - at);
      if (!ownBytes.at(from + at, step).equals(baseBytes.at(fromBase + at, step))) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof BlobFailure) return false; // whoever reads it tells why it cannot be read
    throw error;
  }
}

/** What names the contents is decoded, as by whoever opens the image. @throws FormatError, BlobFailure */
function metadataOf({ fd, metadata: { resource, digest }, compression, chunkSize }: WeighedFile): Uint8Array {
  if (resource.uncompressedSize > METADATA_BYTES_MAX)
    throw new FormatError('WIM metadata', `has ${resource.uncompressedSize} bytes (at most ${METADATA_BYTES_MAX} are read)`);
  const decoder = isCompressed(resource) && compression !== 'none' ? chunkDecoder(compression, chunkSize) : undefined;
  const content = decodeResource(new StoredBytes(fd).at(resource.offset, resource.size), resource, chunkSize, decoder);
  if (blobDigest(content) !== digest) throw new FormatError('WIM metadata', 'does not have the SHA-1 that the file claims');
  return content;
}

/** Our own digests of what the base does not hold. */
function digestRest(digests: Uint8Array): void {
  const { rows } = own;
  const stored = new StoredBytes(own.fd);
  const sha1 = bufferOf(rows.sha1);
  const bytes = bufferOf(digests);
  for (const row of rowsTaken()) {
    if (weighed.twins[row] === TWIN_SAME) continue;
    const claims = {
      size: rows.size[row]!,
      uncompressedSize: rows.uncompressedSize[row]!,
      flags: rows.flags[row]!,
      digest: sha1.toString('hex', row * SHA1_BYTES, (row + 1) * SHA1_BYTES),
    };
    const from = rows.offset[row]!;
    try {
      const digest = storedDigest(own, claims, (at, size) => stored.at(from + at, size), STEP);
      bytes.write(digest, row * DIGEST_BYTES, 'latin1');
      weighed.made[row] = 1;
    } catch (error) {
      if (!(error instanceof BlobFailure)) throw error; // nothing is known of it: whoever reads it tells why it cannot be read
    }
  }
}

/** Rows that no other thread has taken, stretch by stretch. */
function* rowsTaken(): Generator<number> {
  for (let from = Atomics.add(next, 0, STRETCH); from < count; from = Atomics.add(next, 0, STRETCH))
    for (let row = from; row < Math.min(count, from + STRETCH); row++) yield row;
}
