// The Image contract: one Windows installation as a value. All access to image content goes through it.
import type { DecodedValue } from '../formats/hive/value.ts';
import type { ContentStore, StoredContent } from './stored-content.ts';

/** The five machine hives by name; any other hive (a user's NTUSER.DAT, a BCD store, RegBack) by its path in the image. */
export type HiveName = 'SOFTWARE' | 'SYSTEM' | 'SAM' | 'SECURITY' | 'DEFAULT' | `/${string}`;

/** A registry value as its type says; see formats/hive/value.ts for how it is stored. */
export type RegistryValue = DecodedValue;

/** What a hive really holds: the type number and the bytes as stored, and the decoded view where type and bytes agree. */
export interface StoredValue {
  readonly name: string; // '' for the default value
  readonly type: number;
  readonly raw: Uint8Array;
  readonly decoded: RegistryValue | undefined;
}

export type Architecture = 'x86' | 'amd64' | 'arm64' | 'arm' | 'unknown';
export type ContainerId = 'wim' | 'esd' | 'swm' | 'iso' | 'vhd' | 'vhdx' | 'qcow2' | 'raw';

export interface ImageInfo {
  readonly container: ContainerId;
  readonly index: number; // 1-based; disks have one
  readonly name: string;
  readonly edition: string; // EditionID: 'Enterprise', 'Education', …; 'unknown' when nothing in the container says it
  readonly build: number; // 19045; 0 when unknown
  readonly architecture: Architecture;
}

/** A registry hive, read-only. Keys are `\`-separated below the hive's root, without a leading `\`, and match case-insensitively. */
export interface Hive {
  /** True when the primary file says that its last write did not finish; what its transaction logs add is part of the hive then. */
  readonly dirty: boolean;
  has(key: string): boolean;
  value(key: string, name: string): StoredValue | undefined;
  /** Every value of a key in stored order; empty when the key is absent. */
  values(key: string): readonly StoredValue[];
  /** Names of the sub-keys as stored; empty when the key is absent. */
  keys(key: string): readonly string[];
}

/** One file or folder of an image. */
export interface ImageFile {
  readonly path: string; // '/' separated, from the image root, stored case: '/Windows/System32/config/SOFTWARE'
  readonly folder: boolean;
  readonly size: number; // bytes of the unnamed stream
  readonly attributes: number; // FILE_ATTRIBUTE_*
  readonly shortName: string; // 8.3 name, '' when there is none
  readonly digest: string | undefined; // SHA-1 in lower-case hex as the container claims it: a key to group by, never a proof
  readonly number?: number | undefined; // by which the image gives the file again
  readonly content?: number | undefined; // the same for all contents of the image that the container stores as one; quicker to get than the digest
  readonly descriptor: Uint8Array | undefined; // self-relative security descriptor
  readonly reparse: { readonly tag: number; readonly target: string | undefined } | undefined;
  readonly streams: readonly FileStream[];
  readonly links: readonly string[]; // the other names of the same file
  /** The content of the unnamed or a named stream, whole. Refuses (ImageError) what is larger than READ_MAX. */
  read(stream?: string): Promise<Uint8Array>;
}

/** A named stream of a file. */
export interface FileStream {
  readonly name: string;
  readonly size: number;
  readonly digest: string | undefined;
  /** As that of a file. */
  readonly content?: number | undefined;
}

/** The most that `read` hands out as one buffer: a SOFTWARE hive of a long-lived Windows stays far below. Larger content is streamed. */
export const READ_MAX = 512 * 1024 * 1024;

export interface ContentRequest {
  readonly file: ImageFile;
  readonly stream?: string;
}

/** A piece of a streamed content, in order. `failed` ends a content that could not be read to its end, with the reason. */
export interface ContentChunk {
  readonly request: ContentRequest;
  readonly offset: number;
  readonly bytes: Uint8Array; // valid only until the next chunk is asked for
  readonly last: boolean;
  readonly failed?: string;
}

export interface Image {
  readonly info: ImageInfo;
  /** True when a file or folder stands at the path (any case). Links inside the image are not followed. */
  has(path: string): Promise<boolean>;
  /** The file or folder at the path (any case), or undefined. A path that runs through a reparse point is an ImageError. */
  find(path: string): Promise<ImageFile | undefined>;
  /** Content of the file at the path; ImageError when there is none. */
  read(path: string): Promise<Uint8Array>;
  /** Files and folders in tree order; `files` are globs on the path without case (`**`, `*`, `?`, `{a,b}`). */
  walk(select?: { files?: readonly string[] }): AsyncIterable<ImageFile>;
  /** All that `walk` gives, where most of it is at hand: waiting for each of 100,000 files takes as long as looking at it. */
  entries?(): Iterable<ImageFile | Promise<ImageFile>>;
  /** Streams the content of many files in the order that suits the container; memory stays flat. Every request gets a last chunk. */
  stream(requests: readonly ContentRequest[], signal?: AbortSignal): AsyncIterable<ContentChunk>;
  /** The file of that number, as a walk gave it; absent when files have none. */
  numbered?(number: number): ImageFile;
  /** Where the content lies, when it can be read by itself; absent when the container cannot tell of any. */
  stored?(request: ContentRequest): StoredContent | undefined;
  /** The file in which `stored` finds contents; absent when the container cannot tell of any. */
  store?(): ContentStore;
  /** The hive; ImageError (HIVE_ABSENT, HIVE_CORRUPT) when it is not there or is not a hive. Parsed once, kept. */
  hive(name: HiveName): Promise<Hive>;
  close(): Promise<void>;
}

export interface ImageSummary {
  readonly info: ImageInfo;
  readonly folders: number;
  readonly files: number;
  readonly bytes: number;
}

/** What a container holds beside its images: another partition of a disk, the rest of an ISO. */
export type SideTree = {
  /** From 1; 0: the disc itself. */
  readonly partition: number;
} & ({ readonly image: Image } | { readonly unreadable: string });

/** An opened container file: its images by index. */
export interface Container {
  readonly path: string;
  readonly id: ContainerId;
  readonly images: readonly ImageSummary[];
  open(index: number): Promise<Image>;
  /** The file in which contents of that image lie one by one; absent when the container cannot tell of any. */
  store?(index: number): ContentStore;
  /** What lint looks at as well; containers that hold nothing but images have no such method. */
  sides?(): readonly SideTree[];
  close(): Promise<void>;
}

/** One kind of container: how to tell it from its first bytes, and how to open it. */
export interface ContainerFormat {
  readonly id: ContainerId;
  readonly extensions: readonly string[];
  /** `head` holds the first 36 KiB of the file, or all of it. */
  probe(head: Uint8Array): boolean;
  open(path: string): Promise<Container>;
}

/** One file change that commit plays into the staged copy. Paths as in ImageFile; folders on the way are made. */
export type FileEdit =
  | { readonly kind: 'write'; readonly path: string; readonly content: Uint8Array }
  | { readonly kind: 'remove'; readonly path: string };

/** One registry change, in order. Removing what is absent is no error. */
export type HiveEdit =
  | { readonly kind: 'make-key'; readonly key: string }
  | { readonly kind: 'set-value'; readonly key: string; readonly name: string; readonly value: RegistryValue }
  | { readonly kind: 'delete-value'; readonly key: string; readonly name: string }
  | { readonly kind: 'remove-key'; readonly key: string };
