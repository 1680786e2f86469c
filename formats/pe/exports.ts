// The exports of a PE file, with those that only forward to another library.
import { FormatError } from '../bytes.ts';
import type { PeExport, PeExports } from './model.ts';
import type { PeReader } from './reader.ts';

const EXPORTS = 0;
const FUNCTIONS_MAX = 65_536;

export function readExports(reader: PeReader): PeExports | undefined {
  const directory = reader.directory(EXPORTS);
  if (!directory) return undefined;
  const { bytes } = reader;
  const at = reader.at(directory.rva, 'list of exports');
  bytes.need(at, 40, 'export directory');
  const [functionCount, nameCount] = [bytes.u32(at + 20), bytes.u32(at + 24)];
  if (Math.max(functionCount, nameCount) > FUNCTIONS_MAX)
    throw new FormatError('PE', `says that it exports ${functionCount} functions`, at);
  const names = namesOf(reader, nameCount, bytes.u32(at + 32), bytes.u32(at + 36));
  const functions: PeExport[] = [];
  const addresses = bytes.u32(at + 28);
  const base = bytes.u32(at + 16);
  for (let index = 0; index < functionCount; index++) {
    const rva = bytes.u32(reader.at(addresses + 4 * index, 'address of an exported function'));
    if (rva === 0) continue;
    const inside = rva >= directory.rva && rva < directory.rva + directory.size;
    const forwarder = inside ? reader.text(rva, 'forwarder') : undefined;
    for (const name of names.get(index) ?? [undefined]) functions.push({ name, ordinal: base + index, forwarder });
  }
  const dllName = bytes.u32(at + 12);
  return { dll: dllName === 0 ? '' : reader.text(dllName, 'name of the library'), functions };
}

/** Names by the index of their function; one function may have several. */
function namesOf(reader: PeReader, count: number, names: number, ordinals: number): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (let at = 0; at < count; at++) {
    const index = reader.bytes.u16(reader.at(ordinals + 2 * at, 'ordinal of an export'));
    const name = reader.text(reader.bytes.u32(reader.at(names + 4 * at, 'address of a name')), 'name of an export');
    found.set(index, [...(found.get(index) ?? []), name]);
  }
  return found;
}
