// Builds small PE files for tests: exports with forwarders, imports, version texts, data, certificates, and what stands behind.

export interface PeSpec {
  readonly bits?: 32 | 64;
  readonly machine?: 'x86' | 'amd64' | 'arm64';
  readonly dll?: boolean;
  /** Name that the library gives itself. */
  readonly dllName?: string;
  /** Name, and where it forwards to or '' for code of its own. */
  readonly exports?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, readonly string[]>>;
  readonly version?: Readonly<Record<string, string>>;
  /** Bytes or text in the section. */
  readonly data?: string | Uint8Array;
  readonly overlay?: Uint8Array;
  readonly certificates?: readonly Uint8Array[];
  readonly clr?: boolean;
}

const MACHINE = { x86: 0x14c, amd64: 0x8664, arm64: 0xaa64 };
const RVA = 0x1000;
const HEADERS = 0x400;

/** Bytes that grow; positions are addresses of the one section. */
class Section {
  readonly parts: number[] = [];

  get rva(): number {
    return RVA + this.parts.length;
  }

  put(bytes: Iterable<number>): number {
    const at = this.rva;
    this.parts.push(...bytes);
    return at;
  }

  text(text: string): number {
    return this.put(Buffer.from(`${text}\0`, 'latin1'));
  }

  words(...values: readonly number[]): number {
    return this.put(Buffer.from(Uint32Array.from(values).buffer));
  }

  align(): void {
    while (this.parts.length % 8 !== 0) this.parts.push(0);
  }
}

export function makePe(spec: PeSpec = {}): Uint8Array {
  const bits = spec.bits ?? 64;
  const section = new Section();
  const directories: [number, number][] = Array.from({ length: 16 }, () => [0, 0]);
  section.put([0xc3, 0, 0, 0, 0, 0, 0, 0]);
  if (spec.exports) directories[0] = putExports(section, spec.exports, spec.dllName ?? 'made.dll');
  if (spec.imports) directories[1] = putImports(section, spec.imports, bits);
  if (spec.version) directories[2] = putVersion(section, spec.version);
  if (spec.clr) directories[14] = putClr(section);
  section.align();
  if (spec.data !== undefined) section.put(typeof spec.data === 'string' ? Buffer.from(spec.data, 'latin1') : spec.data);
  const size = Math.ceil(section.parts.length / 512) * 512;
  const raw = Buffer.alloc(size);
  raw.set(section.parts);
  const body = Buffer.concat([raw, spec.overlay ?? new Uint8Array()]);
  const table = Buffer.concat((spec.certificates ?? []).map(certificateEntry));
  const padding = Buffer.alloc(table.length > 0 ? (8 - ((HEADERS + body.length) % 8)) % 8 : 0);
  if (table.length > 0) directories[4] = [HEADERS + body.length + padding.length, table.length];
  return new Uint8Array(Buffer.concat([headers(spec, bits, directories, size), body, padding, table]));
}

function headers(spec: PeSpec, bits: 32 | 64, directories: readonly [number, number][], size: number): Buffer {
  const wide = bits === 64;
  const head = Buffer.alloc(HEADERS);
  const at = 0x80;
  const optional = at + 24;
  const tables = optional + (wide ? 112 : 96);
  head.write('MZ', 0, 'latin1');
  head.writeUInt32LE(at, 0x3c);
  head.write('PE\0\0', at, 'latin1');
  head.writeUInt16LE(MACHINE[spec.machine ?? (wide ? 'amd64' : 'x86')], at + 4);
  head.writeUInt16LE(1, at + 6);
  head.writeUInt16LE(tables + 128 - optional, at + 20);
  head.writeUInt16LE((spec.dll ?? spec.exports !== undefined) ? 0x2022 : 0x22, at + 22);
  head.writeUInt16LE(wide ? 0x20b : 0x10b, optional);
  if (wide) head.writeBigUInt64LE(0x180000000n, optional + 24);
  else head.writeUInt32LE(0x10000000, optional + 28);
  head.writeUInt32LE(RVA, optional + 32);
  head.writeUInt32LE(512, optional + 36);
  head.writeUInt32LE(RVA + Math.ceil(size / RVA) * RVA, optional + 56);
  head.writeUInt32LE(HEADERS, optional + 60);
  head.writeUInt16LE(3, optional + 68);
  head.writeUInt32LE(16, tables - 4);
  for (const [index, [rva, length]] of directories.entries()) {
    head.writeUInt32LE(rva, tables + 8 * index);
    head.writeUInt32LE(length, tables + 8 * index + 4);
  }
  const entry = tables + 128;
  head.write('.rdata', entry, 'latin1');
  head.writeUInt32LE(size, entry + 8);
  head.writeUInt32LE(RVA, entry + 12);
  head.writeUInt32LE(size, entry + 16);
  head.writeUInt32LE(HEADERS, entry + 20);
  head.writeUInt32LE(0x40000040, entry + 36);
  return head;
}

function putExports(section: Section, exports: Readonly<Record<string, string>>, dllName: string): [number, number] {
  const entries = Object.entries(exports);
  const start = section.put(new Uint8Array(40));
  const addresses = entries.map(([, forwarder]) => (forwarder === '' ? RVA : section.text(forwarder)));
  const names = entries.map(([name]) => section.text(name));
  const own = section.text(dllName);
  section.align();
  const functions = section.words(...addresses);
  const table = section.words(...names);
  const ordinals = section.put(entries.flatMap((_, index) => [index & 255, index >> 8]));
  const directory = Buffer.alloc(40);
  for (const [at, value] of [own, 1, entries.length, entries.length, functions, table, ordinals].entries())
    directory.writeUInt32LE(value, 12 + 4 * at);
  section.parts.splice(start - RVA, 40, ...directory);
  const end = section.rva;
  section.align();
  return [start, end - start];
}

function putImports(section: Section, imports: Readonly<Record<string, readonly string[]>>, bits: 32 | 64): [number, number] {
  const rows = Object.entries(imports).map(([dll, functions]) => {
    const hints = functions.map((name) => section.put(Buffer.from(`\0\0${name}\0`, 'latin1')));
    const name = section.text(dll);
    section.align();
    const thunks = section.words(...[...hints, 0].flatMap((hint) => (bits === 64 ? [hint, 0] : [hint])));
    return [thunks, 0, 0, name, thunks];
  });
  section.align();
  const start = section.words(...rows.flat(), 0, 0, 0, 0, 0);
  return [start, 20 * (rows.length + 1)];
}

/** One block of VS_VERSIONINFO. */
function block(key: string, value: Uint8Array, text: boolean, children: readonly Uint8Array[]): Uint8Array {
  const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const head = Buffer.alloc(6);
  const open = pad(Buffer.concat([head, Buffer.from(`${key}\0`, 'utf16le')]));
  const whole = Buffer.concat([pad(Buffer.concat([open, value])), ...children.map((child) => pad(Buffer.from(child)))]);
  whole.writeUInt16LE(whole.length, 0);
  whole.writeUInt16LE(text ? value.length / 2 : value.length, 2);
  whole.writeUInt16LE(text ? 1 : 0, 4);
  return whole;
}

export function versionBlock(texts: Readonly<Record<string, string>>): Uint8Array {
  const fixed = Buffer.from(Uint32Array.from([0xfeef04bd, 0x10000, 0x000a0000, 0x4a610001, 0, 0, 0, 0, 0, 0, 0, 0, 0]).buffer);
  const rows = Object.entries(texts).map(([key, value]) => block(key, Buffer.from(`${value}\0`, 'utf16le'), true, []));
  return block('VS_VERSION_INFO', fixed, false, [
    block('StringFileInfo', new Uint8Array(), true, [block('040904b0', new Uint8Array(), true, rows)]),
  ]);
}

function putVersion(section: Section, texts: Readonly<Record<string, string>>): [number, number] {
  const bytes = versionBlock(texts);
  section.align();
  const data = section.put(bytes);
  section.align();
  const leaf = (id: number, target: number) => [0, 0, 0, 0x10000, id, target];
  const start = section.words(...leaf(16, 0x80000018), ...leaf(1, 0x80000030), ...leaf(0x409, 0x48), data, bytes.length, 0, 0);
  return [start, 0x58];
}

function putClr(section: Section): [number, number] {
  section.align();
  const metadata = section.put(
    Buffer.concat([Buffer.from(Uint32Array.from([0x424a5342, 0x10001, 0, 12]).buffer), Buffer.from('v4.0.30319\0\0')]),
  );
  section.align();
  const start = section.words(72, 0x50002, metadata, 28, 1);
  return [start, 72];
}

function certificateEntry(pkcs7: Uint8Array): Buffer {
  const length = 8 + pkcs7.length;
  const entry = Buffer.alloc(length + ((8 - (length % 8)) % 8));
  entry.writeUInt32LE(length, 0);
  entry.writeUInt16LE(0x200, 4);
  entry.writeUInt16LE(2, 6);
  entry.set(pkcs7, 8);
  return entry;
}
