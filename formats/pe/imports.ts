// The imports of a PE file: the libraries that it loads at once or when first used, and the functions that it takes from them.
import { FormatError } from '../bytes.ts';
import type { PeImport } from './model.ts';
import type { PeReader } from './reader.ts';

const IMPORTS = 1;
const DELAYED = 13;
const LIBRARIES_MAX = 4096;
/** In all of the file. */
const FUNCTIONS_MAX = 65_536;

interface Shape {
  readonly directory: number;
  readonly bytes: number; // of one descriptor
  readonly name: number; // offset of the name's address in it
  readonly thunks: readonly number[]; // offsets of the lists of functions, the better one first
  readonly delayed: boolean;
}

const SHAPES: readonly Shape[] = [
  { directory: IMPORTS, bytes: 20, name: 12, thunks: [0, 16], delayed: false },
  { directory: DELAYED, bytes: 32, name: 4, thunks: [16], delayed: true },
];

export function readImports(reader: PeReader): readonly PeImport[] {
  const budget = { functions: FUNCTIONS_MAX };
  return SHAPES.flatMap((shape) => importsOf(reader, shape, budget));
}

function importsOf(reader: PeReader, shape: Shape, budget: { functions: number }): readonly PeImport[] {
  const directory = reader.directory(shape.directory);
  if (!directory) return [];
  const found: PeImport[] = [];
  for (let index = 0; ; index++) {
    if (index >= LIBRARIES_MAX) throw new FormatError('PE', `imports from more than ${LIBRARIES_MAX} libraries`);
    const at = reader.at(directory.rva + index * shape.bytes, 'list of imports');
    reader.bytes.need(at, shape.bytes, 'import descriptor');
    // Delay descriptors of old compilers hold addresses in memory instead of relative ones.
    const absolute = shape.delayed && (reader.bytes.u32(at) & 1) === 0;
    const rvaAt = (offset: number): number => relative(reader, reader.bytes.u32(at + offset), absolute);
    const name = rvaAt(shape.name);
    if (name === 0) return found;
    const thunks = shape.thunks.map(rvaAt).find((rva) => rva !== 0) ?? 0;
    found.push({
      dll: reader.text(name, 'name of a library'),
      delayed: shape.delayed,
      functions: functionsOf(reader, thunks, absolute, budget),
    });
  }
}

function relative(reader: PeReader, address: number, absolute: boolean): number {
  if (!absolute || address === 0) return address;
  const rva = BigInt(address) - reader.headers.imageBase;
  return rva < 0n || rva > 0xffffffffn ? 0 : Number(rva);
}

function functionsOf(reader: PeReader, thunks: number, absolute: boolean, budget: { functions: number }): readonly string[] {
  if (thunks === 0) return [];
  const wide = reader.headers.bits === 64;
  const size = wide ? 8 : 4;
  const names: string[] = [];
  for (let index = 0; ; index++) {
    const at = reader.at(thunks + index * size, 'list of imported functions');
    const low = reader.bytes.u32(at);
    const high = wide ? reader.bytes.u32(at + 4) : 0;
    if (low === 0 && high === 0) return names;
    if (--budget.functions < 0) throw new FormatError('PE', `imports more than ${FUNCTIONS_MAX} functions`);
    const byOrdinal = ((wide ? high : low) & 0x80000000) !== 0;
    names.push(byOrdinal ? `#${low & 0xffff}` : reader.text(relative(reader, low, absolute) + 2, 'name of an imported function'));
  }
}
