// The digest of a PE file as Authenticode takes it, and the one that a signature says.
import { createHash } from 'node:crypto';
import { DER, derChildren, derValue } from '../asn1/der.ts';
import { Bytes, FormatError } from '../bytes.ts';
import type { PeHeaders } from '../pe/model.ts';
import { type DigestName, digestNameOf, type SignedData } from './signed-data.ts';

const CERTIFICATES = 4;
const INDIRECT_DATA = '1.3.6.1.4.1.311.2.1.4';

export interface FileDigest {
  readonly algorithm: DigestName;
  readonly digest: Uint8Array;
}

/**
 * Everything but the checksum, the entry of the certificate table and that table itself; a file without one is filled up to a multiple of 8 as
 * a signer does before signing ("Windows Authenticode Portable Executable Signature Format", 2008).
 */
export function peDigest(content: Uint8Array, headers: PeHeaders, algorithm: DigestName): Uint8Array {
  const bytes = new Bytes('PE', content);
  const entry = headers.certificateEntryOffset;
  const table = headers.directories[CERTIFICATES];
  const signed = table !== undefined && table.rva !== 0 && table.size !== 0;
  const end = signed ? table.rva : content.length;
  const hash = createHash(algorithm);
  const { checksumOffset } = headers;
  hash.update(bytes.slice(0, checksumOffset, 'headers'));
  if (entry === undefined) hash.update(bytes.slice(checksumOffset + 4, end - checksumOffset - 4, 'content'));
  else {
    hash.update(bytes.slice(checksumOffset + 4, entry - checksumOffset - 4, 'headers'));
    hash.update(bytes.slice(entry + 8, end - entry - 8, 'content'));
  }
  if (signed) hash.update(content.subarray(Math.min(content.length, table.rva + table.size)));
  else hash.update(new Uint8Array((8 - (content.length % 8)) % 8));
  return new Uint8Array(hash.digest());
}

/** The digest of the file that the signature is about; undefined when it signs something else. */
export function signedDigest({ contentType, content }: SignedData): FileDigest | undefined {
  return contentType === INDIRECT_DATA ? indirectDigest(content) : undefined;
}

/** Indirect data: what kind of file, then algorithm and digest. `content` is the body of its sequence. */
export function indirectDigest(content: Uint8Array): FileDigest {
  const digestInfo = derChildren('indirect data', { body: content })[1];
  const [algorithm, digest] = digestInfo ? derChildren('indirect data', digestInfo) : [];
  if (!algorithm || digest?.tag !== DER.octets) throw new FormatError('indirect data', 'holds no digest');
  return { algorithm: digestNameOf(derValue('indirect data', algorithm.whole)), digest: digest.body };
}
