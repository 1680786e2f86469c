// PKCS #7 signed data as Authenticode and catalogues use it: content, certificates, signers (RFC 2315, "Windows Authenticode Portable Executable Signature Format").
import { DER, type DerValue, derChildren, derValue, oidText } from '../asn1/der.ts';
import { FormatError } from '../bytes.ts';

export type DigestName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

export interface Signer {
  /** Issuer name as stored, and serial number: what names the signer's certificate. */
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  readonly digest: DigestName;
  /** The signed attributes as they are signed (a SET OF), or undefined when the content is signed directly. */
  readonly attributes: Uint8Array | undefined;
  /** The digest of the content that stands in the signed attributes. */
  readonly messageDigest: Uint8Array | undefined;
  readonly signature: Uint8Array;
}

export interface SignedData {
  /** What is signed: indirect data (1.3.6.1.4.1.311.2.1.4), a certificate trust list (1.3.6.1.4.1.311.10.1). */
  readonly contentType: string;
  /** The value of the content, without its head: what the digest of the content is made over. */
  readonly content: Uint8Array;
  readonly certificates: readonly Uint8Array[]; // DER
  readonly signers: readonly Signer[];
}

const FORMAT = 'PKCS #7';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const DIGESTS: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const CERTIFICATES_MAX = 64;
const SIGNERS_MAX = 16;

/** @throws FormatError when the bytes are no signed data. */
export function parseSignedData(data: Uint8Array): SignedData {
  const [type, wrapped] = children(derValue(FORMAT, data), 2);
  if (oidText(type!) !== SIGNED_DATA) throw new FormatError(FORMAT, `is no signed data (${oidText(type!).slice(0, 60)})`);
  const signed = derValue(FORMAT, wrapped!.body);
  const parts = children(signed, 3);
  const contentInfo = children(parts[2]!, 1);
  const contentType = oidText(contentInfo[0]!);
  const inner = contentInfo[1] ? derValue(FORMAT, contentInfo[1].body) : undefined;
  const certificates = parts.find(({ tag }) => tag === DER.context(0));
  const signers = parts.at(-1)!;
  if (signers.tag !== DER.set) throw new FormatError(FORMAT, 'has no set of signers');
  const held = certificates ? derChildren(FORMAT, certificates).filter(({ tag }) => tag === DER.sequence) : [];
  const infos = derChildren(FORMAT, signers);
  if (held.length > CERTIFICATES_MAX || infos.length > SIGNERS_MAX) {
    throw new FormatError(FORMAT, `has ${held.length} certificates and ${infos.length} signers`);
  }
  return {
    contentType,
    content: inner?.body ?? new Uint8Array(),
    certificates: held.map(({ whole }) => whole),
    signers: infos.map(signerOf),
  };
}

/** The digest of a known kind; @throws FormatError for any other. */
export function digestNameOf(algorithm: DerValue): DigestName {
  const oid = oidText(children(algorithm, 1)[0]!);
  const name = DIGESTS[oid];
  if (!name) throw new FormatError(FORMAT, `uses a digest that is not known (${oid.slice(0, 60)})`);
  return name;
}

function signerOf(info: DerValue): Signer {
  const parts = children(info, 5);
  const [issuer, serial] = children(parts[1]!, 2);
  const attributes = parts.find(({ tag }) => tag === DER.context(0));
  const after = parts.slice(attributes ? 4 : 3);
  const signature = after.find(({ tag }) => tag === DER.octets);
  if (!signature) throw new FormatError(FORMAT, 'has a signer without a signature');
  // Signed is the SET OF, though stored under a tag of its own.
  const asSet = attributes && Uint8Array.from(attributes.whole);
  if (asSet) asSet[0] = DER.set;
  return {
    issuer: issuer!.whole,
    serial: serial!.body,
    digest: digestNameOf(parts[2]!),
    attributes: asSet,
    messageDigest: attributes && attributeValue(attributes, MESSAGE_DIGEST)[0]?.body,
    signature: signature.body,
  };
}

function attributeValue(attributes: DerValue, wanted: string): readonly DerValue[] {
  for (const attribute of derChildren(FORMAT, attributes)) {
    const [type, values] = children(attribute, 2);
    if (oidText(type!) === wanted) return derChildren(FORMAT, values!);
  }
  return [];
}

function children(value: DerValue, least: number): readonly DerValue[] {
  const found = derChildren(FORMAT, value);
  if (found.length < least) throw new FormatError(FORMAT, `has a part of ${found.length} values where ${least} belong`);
  return found;
}
