// Writes a changed copy of a WIM: the source is read, the copy gets new blobs, metadata, blob table, XML and integrity table, its header last.

import { createHash } from 'node:crypto';
import { ImageError } from '../../errors.ts';
import { blobDigest } from '../../formats/wim/digest.ts';
import { toFileTime } from '../../formats/wim/filetime.ts';
import {
  type BlobEntry,
  FLAG_WRITE_IN_PROGRESS,
  HEADER_SIZE,
  type ImageMetadata,
  RESOURCE_METADATA,
  type ResourceHeader,
  type WimHeader,
} from '../../formats/wim/model.ts';
import { countReferences, statisticsOf } from '../../formats/wim/references.ts';
import { encodeBlobTable } from '../../formats/wim/write-blob-table.ts';
import { encodeHeader } from '../../formats/wim/write-header.ts';
import { encodeIntegrityTable, INTEGRITY_CHUNK } from '../../formats/wim/write-integrity.ts';
import { encodeMetadata } from '../../formats/wim/write-metadata.ts';
import { editXml } from '../../formats/wim/write-xml.ts';
import type { FileEdit } from '../image.ts';
import { type EditedTree, editTree } from './wim-edit-tree.ts';
import { imageErrorOf } from './wim-errors.ts';
import { versionEight } from './wim-guid.ts';
import { isMetadata, readWim, type WimParts } from './wim-parts.ts';
import { mergeRanges, StagedFile } from './wim-staging.ts';

export interface WimCommitOptions {
  readonly index: number;
  readonly edits: readonly FileEdit[];
  /** 'built': the other images are left out. */
  readonly images: 'built' | 'all';
  /** The time of new files, changed files and the image; now unless given. */
  readonly time: Date | undefined;
  readonly signal?: AbortSignal;
}

const ABSENT: ResourceHeader = { size: 0, flags: 0, offset: 0, uncompressedSize: 0 };

/**
 * Makes `staged` from an opened WIM and the edits. Nothing that was replaced or removed stays in it: what no image refers to any more, and
 * whatever else lay between the resources, is zero. The same source, edits and time give the same bytes. On failure there is no staged file.
 */
export async function commitOpenedWim(
  wim: WimParts,
  metadata: ImageMetadata,
  staged: string,
  options: WimCommitOptions,
): Promise<{ readonly notes: readonly string[] }> {
  try {
    const plan = await makePlan(wim, metadata, options);
    await writeStaged(wim, staged, plan, options);
    return { notes: plan.edited.notes };
  } catch (error) {
    throw imageErrorOf(wim.path, error);
  }
}

/** The same for a WIM that is not open yet. */
export async function commitWim(source: string, staged: string, options: WimCommitOptions): Promise<{ readonly notes: readonly string[] }> {
  const wim = await readWim(source);
  try {
    return await commitOpenedWim(wim, await metadataOf(wim, options.index), staged, options);
  } catch (error) {
    throw imageErrorOf(source, error);
  } finally {
    await wim.close();
  }
}

async function metadataOf(wim: WimParts, index: number): Promise<ImageMetadata> {
  if (wim.metadataBlobs[index - 1]) return (await wim.readEntries(index)).tree();
  throw new ImageError('IMAGE_INDEX_ABSENT', `${wim.path}: image ${index} does not exist (the file holds ${wim.metadataBlobs.length})`, {
    hint: 'Choose an image that the file holds.',
  });
}

/** What the output will hold; made before anything is written. */
interface Plan {
  readonly edited: EditedTree;
  readonly time: bigint;
  /** Stored metadata of the images that are kept, in order; undefined where the new metadata goes. */
  readonly metadata: readonly (BlobEntry | undefined)[];
  /** Stored blobs that some kept image still refers to. */
  readonly kept: readonly BlobEntry[];
  /** Written content that some kept image refers to. */
  readonly added: readonly { readonly digest: string; readonly content: Uint8Array }[];
  readonly references: ReadonlyMap<string, number>;
}

async function makePlan(wim: WimParts, built: ImageMetadata, { index, edits, images, time, signal }: WimCommitOptions): Promise<Plan> {
  const fileTime = toFileTime(time ?? new Date());
  const edited = editTree(built, edits, fileTime);
  const references = new Map<string, number>();
  countReferences(edited.metadata.root, references);
  const metadata: (BlobEntry | undefined)[] = [];
  for (const [position, blob] of wim.metadataBlobs.entries()) {
    signal?.throwIfAborted();
    if (position + 1 === index) metadata.push(undefined);
    else if (images === 'all') {
      countReferences((await wim.readEntries(position + 1)).tree().root, references);
      metadata.push(blob);
    }
  }
  // Content that is there already under the same digest is written all the same: a stored digest is a claim, ours is computed.
  const added = [...edited.contents].filter(([digest]) => references.has(digest)).map(([digest, content]) => ({ digest, content }));
  const kept = wim.blobs.filter(
    (blob) => !isMetadata(blob) && references.has(blob.digest) && !edited.contents.has(blob.digest) && wim.blobOf(blob.digest) === blob,
  );
  return { edited, time: fileTime, metadata, kept, added, references };
}

async function writeStaged(wim: WimParts, path: string, plan: Plan, { index, images, signal }: WimCommitOptions): Promise<void> {
  const stored = [...plan.kept, ...plan.metadata].flatMap((blob) => (blob && blob.resource.size > 0 ? [rangeOf(blob.resource)] : []));
  const ranges = mergeRanges(stored);
  const unfinished = encodeHeader({ ...wim.header, flags: wim.header.flags | FLAG_WRITE_IN_PROGRESS });
  const staged = await StagedFile.make(wim.path, path, unfinished, ranges, signal);
  try {
    const added: BlobEntry[] = [];
    for (const { digest, content } of plan.added) added.push(await appendBlob(staged, content, digest, 0, plan.references.get(digest)!));
    const metadataBytes = encodeMetadata(plan.edited.metadata);
    const metadata = await appendBlob(staged, metadataBytes, blobDigest(metadataBytes), RESOURCE_METADATA, 1);
    const blobs = [
      ...plan.metadata.map((blob) => blob ?? metadata),
      ...plan.kept.map((blob) => ({ ...blob, references: plan.references.get(blob.digest)! })),
      ...added,
    ];
    const tableBytes = encodeBlobTable(blobs);
    const blobTable = await appendTable(staged, tableBytes, RESOURCE_METADATA);
    const statistics = statisticsOf(plan.edited.metadata.root, sizes(wim, plan));
    const xmlBytes = editXml(wim.xml, { index, images, statistics, time: plan.time, totalBytes: staged.end });
    const covered = wim.header.integrity.size > 0 ? await staged.digests(HEADER_SIZE, INTEGRITY_CHUNK) : undefined;
    const xml = await appendTable(staged, xmlBytes, RESOURCE_METADATA);
    const integrity = covered ? await appendTable(staged, encodeIntegrityTable(covered, INTEGRITY_CHUNK), 0) : ABSENT;
    const header: WimHeader = {
      ...wim.header,
      ...bootOf(wim.header, metadata.resource, index, images),
      guid: guidOf(wim.header.guid, tableBytes, xmlBytes),
      imageCount: plan.metadata.length,
      blobTable,
      xml,
      integrity,
    };
    await staged.finish(encodeHeader(header));
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

async function appendBlob(staged: StagedFile, content: Uint8Array, digest: string, flags: number, references: number): Promise<BlobEntry> {
  return { resource: await appendTable(staged, content, flags), part: 1, references, digest };
}

/** Stored as it is: no flag says "compressed". */
async function appendTable(staged: StagedFile, bytes: Uint8Array, flags: number): Promise<ResourceHeader> {
  const offset = await staged.append(bytes);
  return { size: bytes.length, flags, offset, uncompressedSize: bytes.length };
}

function rangeOf(resource: ResourceHeader): { readonly start: number; readonly end: number } {
  return { start: resource.offset, end: resource.offset + resource.size };
}

function sizes(wim: WimParts, plan: Plan): (digest: string) => number {
  return (digest) => plan.edited.contents.get(digest)?.length ?? wim.blobOf(digest)?.resource.uncompressedSize ?? 0;
}

function bootOf(
  header: WimHeader,
  built: ResourceHeader,
  index: number,
  images: 'built' | 'all',
): Pick<WimHeader, 'bootIndex' | 'bootMetadata'> {
  if (header.bootIndex === index) return { bootIndex: images === 'all' ? index : 1, bootMetadata: built };
  if (images === 'all') return { bootIndex: header.bootIndex, bootMetadata: header.bootMetadata };
  return { bootIndex: 0, bootMetadata: ABSENT };
}

/**
 * A changed WIM is another WIM, so parts and deltas of the old one must not be taken for its own: it gets a new GUID, made from the old one and
 * from what the file now holds, so that the same build gives the same bytes.
 */
function guidOf(old: Uint8Array, table: Uint8Array, xml: Uint8Array): Uint8Array {
  return versionEight(createHash('sha1').update(old).update(table).update(xml).digest());
}
