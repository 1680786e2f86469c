// WIMs for tests, made from an object: descriptors, short names, hard links, streams and links as given, all stored uncompressed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { utf16Bytes } from '../../formats/bytes.ts';
import {
  type BlobEntry,
  type DirEntry,
  HEADER_SIZE,
  type ImageMetadata,
  RESOURCE_METADATA,
  type ResourceHeader,
  type WimHeader,
} from '../../formats/wim/model.ts';
import { countReferences } from '../../formats/wim/references.ts';
import { encodeBlobTable } from '../../formats/wim/write-blob-table.ts';
import { encodeHeader } from '../../formats/wim/write-header.ts';
import { encodeMetadata } from '../../formats/wim/write-metadata.ts';

export interface WimFileSpec {
  readonly content?: string | Uint8Array;
  readonly folder?: boolean;
  readonly descriptor?: Uint8Array;
  readonly attributes?: number;
  readonly shortName?: string;
  readonly streams?: Readonly<Record<string, string | Uint8Array>>;
  /** Files with the same name here are one file. */
  readonly linkGroup?: number;
  readonly reparse?: { readonly tag: number; readonly data: Uint8Array };
}

/** By path from the root; '/' describes the root itself; folders on the way are there too. */
export type WimTree = Readonly<Record<string, string | WimFileSpec>>;

export interface WimSpec {
  readonly images: readonly { readonly name?: string; readonly xml?: string; readonly files: WimTree }[];
  readonly header?: Partial<WimHeader>;
  /** A time for all of them: 2020-01-02T03:04:05Z unless given. */
  readonly time?: bigint;
}

export const TREE_TIME = 132224078450000000n;
const NOWHERE: ResourceHeader = { size: 0, flags: 0, offset: 0, uncompressedSize: 0 };

export function makeWim(path: string, spec: WimSpec): void {
  const parts: Uint8Array[] = [new Uint8Array(HEADER_SIZE)];
  let end = HEADER_SIZE;
  const put = (bytes: Uint8Array, flags = 0): ResourceHeader => {
    const resource = { size: bytes.length, flags, offset: end, uncompressedSize: bytes.length };
    parts.push(bytes);
    end += bytes.length;
    return resource;
  };
  const contents = new Map<string, Uint8Array>();
  const trees = spec.images.map(({ files }) => makeMetadata(files, contents, spec.time));
  const references = new Map<string, number>();
  for (const tree of trees) countReferences(tree.root, references);
  const blobs: BlobEntry[] = [...contents].map(([digest, bytes]) => ({
    resource: put(bytes),
    part: 1,
    references: references.get(digest) ?? 0,
    digest,
  }));
  const metadata = trees.map((tree) => {
    const bytes = encodeMetadata(tree);
    return { resource: put(bytes, RESOURCE_METADATA), part: 1, references: 1, digest: sha1(bytes) };
  });
  const blobTable = put(encodeBlobTable([...metadata, ...blobs]), RESOURCE_METADATA);
  const images = spec.images.map(
    ({ name, xml }, at) => `<IMAGE INDEX="${at + 1}"><NAME>${name ?? `image ${at + 1}`}</NAME>${xml ?? ''}</IMAGE>`,
  );
  const xml = put(utf16Bytes(`\ufeff<WIM><TOTALBYTES>${end}</TOTALBYTES>${images.join('')}</WIM>`), RESOURCE_METADATA);
  parts[0] = encodeHeader({
    version: 0x10d00,
    flags: 0x80,
    chunkSize: 0,
    guid: createHash('sha1').update(path).digest().subarray(0, 16),
    partNumber: 1,
    totalParts: 1,
    imageCount: spec.images.length,
    blobTable,
    xml,
    bootMetadata: NOWHERE,
    bootIndex: 0,
    integrity: NOWHERE,
    ...spec.header,
  });
  writeFileSync(path, Buffer.concat(parts));
}

/** The tree and its descriptors; contents are added by digest. */
export function makeMetadata(files: WimTree, contents: Map<string, Uint8Array>, time = TREE_TIME): ImageMetadata {
  const descriptors: Uint8Array[] = [];
  const keep = (content: string | Uint8Array): string | undefined => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    if (bytes.length === 0) return undefined;
    contents.set(sha1(bytes), bytes);
    return sha1(bytes);
  };
  const entryOf = (name: string, spec: WimFileSpec, children: DirEntry[]): DirEntry => {
    const digest = keep(spec.content ?? '');
    const named = Object.entries(spec.streams ?? {}).map(([stream, content]) => ({ name: stream, digest: keep(content) }));
    const reparse = spec.reparse && { name: '', digest: keep(spec.reparse.data) };
    const extra = named.length > 0 || reparse ? [...(reparse ? [reparse] : []), { name: '', digest }, ...named] : [];
    let securityId = -1;
    if (spec.descriptor) {
      securityId = descriptors.findIndex((known) => Buffer.compare(known, spec.descriptor!) === 0);
      if (securityId < 0) securityId = descriptors.push(spec.descriptor) - 1;
    }
    return {
      name,
      shortName: spec.shortName ?? '',
      attributes: (spec.attributes ?? (spec.folder ? 0x10 : 0x20)) | (spec.reparse ? 0x400 : 0),
      securityId,
      creationTime: time,
      lastAccessTime: time + 20_000_000n,
      lastWriteTime: time + 10_000_000n,
      digest: extra.length > 0 ? undefined : digest,
      reparse: spec.reparse && { tag: spec.reparse.tag, reserved: 0, flags: 0 },
      linkGroup: BigInt(spec.linkGroup ?? 0),
      unknown54: 0,
      streams: extra,
      extra: new Uint8Array(),
      children,
    };
  };
  interface Node {
    spec: WimFileSpec;
    readonly children: Map<string, Node>;
  }
  const top: Node = { spec: { folder: true }, children: new Map() };
  for (const [path, given] of Object.entries(files)) {
    let node = top;
    for (const name of path.split('/').slice(1)) {
      if (name === '') continue;
      let next = node.children.get(name);
      if (!next) {
        next = { spec: { folder: true }, children: new Map() };
        node.children.set(name, next);
      }
      node = next;
    }
    const spec = typeof given === 'string' || given instanceof Uint8Array ? { content: given } : given;
    node.spec = node === top ? { ...spec, folder: true } : spec;
  }
  const build = (name: string, node: Node): DirEntry => {
    const children = [...node.children].sort(([a], [b]) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1));
    const folder = node.spec.folder ?? node.children.size > 0;
    return entryOf(
      name,
      { ...node.spec, folder },
      children.map(([child, below]) => build(child, below)),
    );
  };
  const root = build('', top);
  return { securityDescriptors: descriptors, root };
}

/** Lays image 1 onto a fresh NTFS volume in a file: needs mkntfs (ntfs-3g) and wimlib-imagex, no mount and no root. */
export function applyToNtfs(wim: string, volume: string, size = 24 * 1024 * 1024): void {
  rmSync(volume, { force: true });
  writeFileSync(volume, '');
  truncateSync(volume, size);
  run('mkntfs', ['-F', '-Q', '-q', '-s', '512', '-p', '0', '-H', '0', '-S', '0', volume]);
  run('wimlib-imagex', ['apply', wim, '1', volume]);
}

/** Runs a program to its end; a failure or a warning of wimlib throws what it said. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  });
  const complains = command === 'wimlib-imagex' && /^\[WARNING\] (?!.* does not contain integrity information)/m.test(result.stderr);
  if (result.status !== 0 || complains)
    throw new Error(`${command} ${args.join(' ')}: exit ${result.status}\n${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

/** `wimlib-imagex dir --detailed` by path: the lines of each entry that do not depend on where a blob lies in the file. */
export function detailedDir(wim: string, index = 1): Map<string, readonly string[]> {
  const entries = new Map<string, readonly string[]>();
  for (const block of run('wimlib-imagex', ['dir', wim, String(index), '--detailed']).split(/^-{70,}\n/m)) {
    const path = /^Full Path\s+= "(.*)"$/m.exec(block)?.[1];
    if (path === undefined) continue;
    const lines = block
      .split('\n')
      .filter((line) => line !== '' && !/^(Compressed size|Offset in WIM|Reference Count|Flags|Full Path)/.test(line));
    entries.set(
      path,
      lines.map((line) => line.trim()),
    );
  }
  return entries;
}

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}
