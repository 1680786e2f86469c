// Everything that a PE file says of itself: headers, imports, exports, resources, version, .NET, certificates, and what is behind its end.
import { Bytes, FormatError } from '../bytes.ts';
import { readExports } from './exports.ts';
import { parsePeHeaders } from './headers.ts';
import { readImports } from './imports.ts';
import type { PeCertificate, PeClr, PeFacts, PeHeaders, PeRange } from './model.ts';
import { PeReader } from './reader.ts';
import { readResources, readVersion } from './resources.ts';

const CERTIFICATES = 4;
const CLR = 14;
const CERTIFICATES_MAX = 64;
const ILONLY = 1;

/**
 * The facts of the PE file at the start of the content.
 * @throws FormatError when its headers are broken, so that no Windows would load it. A broken directory is one of `faults`.
 */
export function parsePe(content: Uint8Array): PeFacts {
  const headers = parsePeHeaders(content);
  const reader = new PeReader(content, headers);
  const faults: string[] = [];
  const certificates = part(faults, [], () => readCertificates(content, headers));
  const resources = part(faults, [], () => readResources(reader));
  return {
    ...headers,
    imports: part(faults, [], () => readImports(reader)),
    exports: part(faults, undefined, () => readExports(reader)),
    resources,
    version: part(faults, undefined, () => readVersion(reader, resources)),
    clr: part(faults, undefined, () => readClr(reader)),
    certificates,
    overlay: overlayOf(content.length, headers, certificates),
    faults,
  };
}

function part<T>(faults: string[], otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    faults.push(error.message);
    return otherwise;
  }
}

/** The table of certificates stands at an offset of the file and is not mapped; its entries begin at multiples of 8. */
function readCertificates(content: Uint8Array, { directories }: PeHeaders): readonly PeCertificate[] {
  const table = directories[CERTIFICATES];
  if (!table || table.rva === 0 || table.size === 0) return [];
  const bytes = new Bytes('PE', content);
  bytes.need(table.rva, table.size, 'table of certificates');
  const found: PeCertificate[] = [];
  const end = table.rva + table.size;
  for (let at = table.rva; at + 8 <= end; ) {
    const length = bytes.u32(at, 'certificate');
    if (length < 8 || at + length > end) bytes.fail('has a certificate that runs past its table', at);
    if (found.length >= CERTIFICATES_MAX) bytes.fail(`has more than ${CERTIFICATES_MAX} certificates`, at);
    found.push({ offset: at + 8, size: length - 8, type: bytes.u16(at + 6) });
    at += length + ((8 - (length % 8)) % 8);
  }
  return found;
}

function overlayOf(
  length: number,
  { sections, headersSize, directories }: PeHeaders,
  certificates: readonly PeCertificate[],
): PeRange | undefined {
  const ends = sections.map(({ offset, size }) => (size === 0 ? 0 : offset + size));
  const start = Math.max(headersSize, ...ends);
  // Certificates are no overlay; signed installers keep theirs between the sections and the certificates.
  const table = certificates.length > 0 ? directories[CERTIFICATES]! : undefined;
  const end = table && table.rva + table.size === length ? table.rva : length;
  return start < end ? { offset: start, size: end - start } : undefined;
}

function readClr(reader: PeReader): PeClr | undefined {
  const directory = reader.directory(CLR);
  if (!directory) return undefined;
  const { bytes } = reader;
  const at = reader.at(directory.rva, '.NET header');
  bytes.need(at, 20, '.NET header');
  const metadataSize = bytes.u32(at + 12);
  const metadataOffset = reader.at(bytes.u32(at + 8), '.NET metadata');
  bytes.need(metadataOffset, Math.max(16, metadataSize), '.NET metadata');
  if (bytes.u32(metadataOffset) !== 0x424a5342) bytes.fail('has .NET metadata without its signature', metadataOffset);
  const length = bytes.u32(metadataOffset + 12);
  if (length > 255) bytes.fail(`has a .NET version of ${length} characters`, metadataOffset);
  const runtime = Buffer.from(bytes.slice(metadataOffset + 16, length))
    .toString('latin1')
    .replace(/\0.*$/s, '');
  return { runtime, nativeToo: (bytes.u32(at + 16) & ILONLY) === 0, metadataOffset, metadataSize };
}
