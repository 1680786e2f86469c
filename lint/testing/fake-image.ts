// An Image made from an object, for tests of steps and rules: no container, no tool.

import { ImageError } from '../../errors.ts';
import { hivePath } from '../../image/hive-path.ts';
import type {
  ContentChunk,
  ContentRequest,
  Hive,
  HiveName,
  Image,
  ImageFile,
  ImageInfo,
  RegistryValue,
  StoredValue,
} from '../../image/image.ts';
import { pathGlobs } from '../../image/path-globs.ts';
import { storedValue as storedForm } from '../../image/registry-value.ts';

/** A registry value as written in a test: text is REG_SZ, a number REG_DWORD, a list REG_MULTI_SZ, bytes REG_BINARY, or the full form. */
export type FakeValue = string | number | readonly string[] | Uint8Array | RegistryValue;
export type FakeKeys = Readonly<Record<string, Readonly<Record<string, FakeValue>>>>;
export interface FakeFile {
  readonly content?: string | Uint8Array;
  readonly descriptor?: Uint8Array;
  readonly attributes?: number;
  readonly shortName?: string;
  readonly folder?: boolean;
  readonly reparse?: { tag: number; target: string | undefined };
  readonly streams?: Readonly<Record<string, string | Uint8Array>>;
  readonly links?: readonly string[];
  readonly unreadable?: string;
}
export interface FakeSpec {
  readonly info?: Partial<ImageInfo>;
  /** By path from the image root; the folders on the way are there too. */
  readonly files?: Readonly<Record<string, string | Uint8Array | FakeFile>>;
  readonly SOFTWARE?: FakeKeys;
  readonly SYSTEM?: FakeKeys;
  readonly SAM?: FakeKeys;
  readonly SECURITY?: FakeKeys;
  readonly DEFAULT?: FakeKeys;
  /** Other hives by their path in the image. */
  readonly hives?: Readonly<Record<`/${string}`, FakeKeys>>;
}

export function fakeImage(spec: FakeSpec = {}): Image {
  const info: ImageInfo = {
    container: 'wim',
    index: 1,
    name: 'Windows 10 Enterprise',
    edition: 'Enterprise',
    build: 19045,
    architecture: 'amd64',
    ...spec.info,
  };
  const hives = new Map<string, Hive>();
  for (const name of ['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'] as const) {
    const keys = spec[name];
    if (keys) hives.set(hivePath(name).toLowerCase(), fakeHive(keys));
  }
  for (const [path, keys] of Object.entries(spec.hives ?? {})) hives.set(path.toLowerCase(), fakeHive(keys));

  const files = new Map<string, ImageFile>();
  const add = (path: string, given: FakeFile) => {
    const parts = path.split('/').slice(1);
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = `/${parts.slice(0, depth).join('/')}`;
      if (!files.has(folder.toLowerCase())) files.set(folder.toLowerCase(), fakeFile(folder, { folder: true }));
    }
    files.set(path.toLowerCase(), fakeFile(path, given));
  };
  for (const path of hives.keys()) add(canonical(path, spec), { content: 'regf' });
  for (const [path, given] of Object.entries(spec.files ?? {})) {
    add(path, typeof given === 'string' || given instanceof Uint8Array ? { content: given } : given);
  }

  const image: Image = {
    info,
    has: async (path) => files.has(path.toLowerCase()),
    find: async (path) => files.get(path.toLowerCase()),
    async read(path) {
      const file = files.get(path.toLowerCase());
      if (!file || file.folder) throw new ImageError('FILE_ABSENT', `${path}: is not in the image`);
      return file.read();
    },
    async *walk(select) {
      const wanted = select?.files ? pathGlobs(select.files) : () => true;
      for (const file of [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) if (wanted(file.path)) yield file;
    },
    async *stream(requests: readonly ContentRequest[]): AsyncIterable<ContentChunk> {
      for (const request of requests) {
        try {
          yield { request, offset: 0, bytes: await request.file.read(request.stream), last: true };
        } catch (error) {
          yield { request, offset: 0, bytes: new Uint8Array(), last: true, failed: (error as Error).message };
        }
      }
    },
    async hive(name: HiveName) {
      const hive = hives.get(hivePath(name).toLowerCase());
      if (!hive) throw new ImageError('HIVE_ABSENT', `${hivePath(name)}: is not in the image`);
      return hive;
    },
    close: async () => {},
  };
  return image;
}

function canonical(lower: string, spec: FakeSpec): string {
  for (const name of ['SOFTWARE', 'SYSTEM', 'SAM', 'SECURITY', 'DEFAULT'] as const)
    if (hivePath(name).toLowerCase() === lower) return hivePath(name);
  return Object.keys(spec.hives ?? {}).find((path) => path.toLowerCase() === lower) ?? lower;
}

function bytesOf(content: string | Uint8Array | undefined): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : (content ?? new Uint8Array());
}

function fakeFile(path: string, given: FakeFile): ImageFile {
  const content = bytesOf(given.content);
  return {
    path,
    folder: given.folder ?? false,
    size: content.length,
    attributes: given.attributes ?? (given.folder ? 0x10 : 0x20),
    shortName: given.shortName ?? '',
    digest: undefined,
    descriptor: given.descriptor,
    reparse: given.reparse,
    streams: Object.entries(given.streams ?? {}).map(([name, data]) => ({ name, size: bytesOf(data).length, digest: undefined })),
    links: given.links ?? [],
    async read(stream) {
      if (given.unreadable) throw new ImageError('CONTENT_UNREADABLE', `${path}: ${given.unreadable}`);
      return stream === undefined ? content : bytesOf(given.streams?.[stream]);
    },
  };
}

/** A hive from `{ key: { valueName: value } }`; parent keys are there by themselves. '' is the default value's name. */
export function fakeHive(keys: FakeKeys): Hive {
  const byPath = new Map<string, { values: StoredValue[]; children: Map<string, string> }>();
  const ensure = (path: string) => {
    const lower = path.toLowerCase();
    let entry = byPath.get(lower);
    if (!entry) {
      entry = { values: [], children: new Map() };
      byPath.set(lower, entry);
      if (path !== '') {
        const cut = path.lastIndexOf('\\');
        const name = path.slice(cut + 1);
        ensure(cut < 0 ? '' : path.slice(0, cut)).children.set(name.toLowerCase(), name);
      }
    }
    return entry;
  };
  ensure('');
  for (const [path, values] of Object.entries(keys)) {
    ensure(path).values.push(...Object.entries(values).map(([name, value]) => storedValue(name, value)));
  }
  return {
    dirty: false,
    has: (key) => byPath.has(key.toLowerCase()),
    value: (key, name) => byPath.get(key.toLowerCase())?.values.find((value) => value.name.toLowerCase() === name.toLowerCase()),
    values: (key) => byPath.get(key.toLowerCase())?.values ?? [],
    keys: (key) => [...(byPath.get(key.toLowerCase())?.children.values() ?? [])],
  };
}

export function storedValue(name: string, given: FakeValue): StoredValue {
  return storedForm(name, decodedOf(given));
}

function decodedOf(given: FakeValue): RegistryValue {
  if (typeof given === 'string') return { type: 'REG_SZ', data: given };
  if (typeof given === 'number') return { type: 'REG_DWORD', data: given };
  if (given instanceof Uint8Array) return { type: 'REG_BINARY', data: given };
  if (Array.isArray(given)) return { type: 'REG_MULTI_SZ', data: given as readonly string[] };
  return given as RegistryValue;
}
