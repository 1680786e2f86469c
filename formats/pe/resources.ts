// The resources of a PE file, and its version information.
import { Bytes, FormatError, utf16 } from '../bytes.ts';
import { offsetOf } from './headers.ts';
import type { PeResource, PeVersion } from './model.ts';
import type { PeReader } from './reader.ts';

const RESOURCES = 2;
const RT_VERSION = 16;
const ENTRIES_MAX = 65_536;
/** Type, name, language. */
const LEVELS = 3;
const VERSION_MAX = 256 * 1024;
const BLOCKS_MAX = 4096;

export function readResources(reader: PeReader): readonly PeResource[] {
  const directory = reader.directory(RESOURCES);
  if (!directory) return [];
  const root = reader.at(directory.rva, 'resources');
  const found: PeResource[] = [];
  const open: { at: number; path: readonly (number | string)[] }[] = [{ at: root, path: [] }];
  let entries = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { at, path } = next;
    const count = reader.bytes.u16(at + 12, 'resource directory') + reader.bytes.u16(at + 14);
    for (let index = 0; index < count; index++) {
      if (++entries > ENTRIES_MAX) throw new FormatError('PE', `has more than ${ENTRIES_MAX} resource entries`, at);
      const entry = at + 16 + 8 * index;
      const id = idOf(reader, root, reader.bytes.u32(entry, 'resource entry'));
      const target = reader.bytes.u32(entry + 4);
      const below = root + (target & 0x7fffffff);
      if ((target & 0x80000000) === 0) found.push(leafOf(reader, below, [...path, id]));
      else if (path.length + 1 < LEVELS) open.push({ at: below, path: [...path, id] });
      else throw new FormatError('PE', 'has resources below the language level', entry);
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
}

function idOf(reader: PeReader, root: number, id: number): number | string {
  if ((id & 0x80000000) === 0) return id;
  const at = root + (id & 0x7fffffff);
  return utf16(reader.bytes.slice(at + 2, 2 * reader.bytes.u16(at, 'resource name'), 'resource name'));
}

/** A leaf whose data the file does not hold has size 0. */
function leafOf(reader: PeReader, at: number, [type = 0, name = 0, language = 0]: readonly (number | string)[]): PeResource {
  const [rva, size] = [reader.bytes.u32(at, 'resource data entry'), reader.bytes.u32(at + 4)];
  const offset = offsetOf(rva, reader.headers, reader.bytes.length);
  const held = offset !== undefined && offset + size <= reader.bytes.length;
  return { type, name, language: typeof language === 'number' ? language : 0, offset: held ? offset : 0, size: held ? size : 0 };
}

export function readVersion(reader: PeReader, resources: readonly PeResource[]): PeVersion | undefined {
  const resource = resources.find(({ type, size }) => type === RT_VERSION && size > 0 && size <= VERSION_MAX);
  return resource && parseVersion(reader.bytes.slice(resource.offset, resource.size));
}

interface Block {
  readonly key: string;
  readonly value: number; // offset
  readonly valueLength: number; // bytes, or UTF-16 characters in a text block
  readonly text: boolean;
  readonly end: number;
}

/** A VS_VERSIONINFO block: the fixed part, and the texts of its tables (Microsoft, "VS_VERSIONINFO structure"). */
export function parseVersion(content: Uint8Array): PeVersion {
  const bytes = new Bytes('version information', content);
  const root = blockAt(bytes, 0, content.length);
  if (root.key !== 'VS_VERSION_INFO') bytes.fail(`begins with ${JSON.stringify(root.key.slice(0, 40))}`, 0);
  const fixed = root.valueLength >= 52 && bytes.u32(root.value) === 0xfeef04bd;
  const [high, low] = fixed ? [bytes.u32(root.value + 8), bytes.u32(root.value + 12)] : [0, 0];
  const fileVersion = fixed ? `${high >>> 16}.${high & 0xffff}.${low >>> 16}.${low & 0xffff}` : undefined;
  const texts = new Map<string, string>();
  const budget = { blocks: BLOCKS_MAX };
  for (const info of childrenOf(bytes, root, budget)) {
    if (info.key !== 'StringFileInfo') continue;
    for (const table of childrenOf(bytes, info, budget)) {
      for (const { key, value, valueLength, end } of childrenOf(bytes, table, budget)) {
        const length = Math.max(0, Math.min(2 * valueLength, end - value));
        if (!texts.has(key)) texts.set(key, utf16(bytes.slice(value, length)).replace(/\0.*$/s, ''));
      }
    }
  }
  return { fileVersion, texts };
}

function blockAt(bytes: Bytes, at: number, limit: number): Block {
  const length = bytes.u16(at, 'version block');
  if (length < 6 || at + length > limit) bytes.fail('has a block that runs past its parent', at);
  const end = at + length;
  let keyEnd = at + 6;
  while (keyEnd + 2 <= end && bytes.u16(keyEnd) !== 0) keyEnd += 2;
  const key = utf16(bytes.slice(at + 6, keyEnd - at - 6));
  const text = bytes.u16(at + 4) === 1;
  return { key, value: aligned(keyEnd + 2), valueLength: bytes.u16(at + 2), text, end };
}

function childrenOf(bytes: Bytes, parent: Block, budget: { blocks: number }): readonly Block[] {
  const found: Block[] = [];
  let at = aligned(parent.value + (parent.text ? 2 : 1) * parent.valueLength);
  while (at + 6 <= parent.end) {
    if (--budget.blocks < 0) bytes.fail(`has more than ${BLOCKS_MAX} blocks`, at);
    if (bytes.u16(at) === 0) break; // padding
    const block = blockAt(bytes, at, parent.end);
    found.push(block);
    at = aligned(block.end);
  }
  return found;
}

function aligned(at: number): number {
  return (at + 3) & ~3;
}
