// Whether a signature holds, as far as that can be proved without a network: digests, the signer's key, the chain up to a root that is known.
import { createHash, verify, X509Certificate } from 'node:crypto';
import type { SignedData, Signer } from './signed-data.ts';

export interface SignatureProof {
  /** The common name of the signer, or its whole name when it has none. */
  readonly signer: string;
  /** Why the signature does not hold; undefined when it does. */
  readonly fault: string | undefined;
  /** Names from the signer up, as far as each one's signature holds. */
  readonly chain: readonly string[];
  /** SHA-1 of the root certificate on which the chain stands, upper-case hex; undefined when it ends before one. */
  readonly root: string | undefined;
}

/** Roots of Microsoft for code (Windows' own root store, seen in real hives of 7 and 8.1; Microsoft, "Required trusted root certificates"). */
export const MICROSOFT_ROOTS: ReadonlyMap<string, string> = new Map([
  ['A43489159A520F0D93D032CCAF37E7FE20A8B419', 'Microsoft Root Authority'],
  ['CDD4EEAE6000AC7F40C3802C171E30148030C072', 'Microsoft Root Certificate Authority'],
  ['3B1EFD3A66EA28B16697394703A72CA340A05BD5', 'Microsoft Root Certificate Authority 2010'],
  ['8F43288AD272F3103B6FB1428485EA3014C0BCFE', 'Microsoft Root Certificate Authority 2011'],
]);

/** Signers of what Windows itself consists of. Others stand under the same roots: publishers of drivers and of apps from the store. */
const SIGNERS = /^Microsoft (?:Windows(?: Publisher)?|Corporation)$/;
const CHAIN_MAX = 10;

/**
 * Proves the signature of the first signer. `roots` are certificates (DER) that the chain may end in, such as those of the image's own store: a
 * root counts by its digest, so it does not matter who gives it. Times and revocation are not looked at.
 */
export function proveSignature(signed: SignedData, roots: readonly Uint8Array[]): SignatureProof {
  const held = signed.certificates.flatMap(certificateOf);
  const signer = signed.signers[0];
  const own = signer && held.find((certificate) => isCertificateOf(certificate, signer));
  if (!signer || !own) return { signer: '(nobody)', fault: 'the certificate of the signer is not in it', chain: [], root: undefined };
  const fault = faultOf(signed.content, signer, own);
  const { chain, root } = chainOf(own, held, roots.flatMap(certificateOf));
  return { signer: nameOf(own), fault, chain, root };
}

/** True when the signature holds, its signer is one of Windows' own, and the chain stands on a root of Microsoft. */
export function isOfMicrosoft({ fault, signer, root }: SignatureProof): boolean {
  return fault === undefined && root !== undefined && MICROSOFT_ROOTS.has(root) && SIGNERS.test(signer);
}

function faultOf(content: Uint8Array, signer: Signer, certificate: X509Certificate): string | undefined {
  const { digest, attributes, messageDigest, signature } = signer;
  if (attributes) {
    const own = createHash(digest).update(content).digest();
    if (!messageDigest || Buffer.compare(own, messageDigest) !== 0) return 'the content is not what was signed';
  }
  try {
    return verify(digest, attributes ?? content, certificate.publicKey, signature) ? undefined : 'the signature is not of that certificate';
  } catch {
    return 'the key of the certificate cannot be used';
  }
}

function chainOf(own: X509Certificate, held: readonly X509Certificate[], roots: readonly X509Certificate[]) {
  const chain: string[] = [nameOf(own)];
  let at = own;
  for (let length = 0; length < CHAIN_MAX; length++) {
    if (isSelfSigned(at)) return { chain, root: thumbprint(at) };
    const next = [...roots, ...held].find((issuer) => issuer.raw.length > 0 && issuer !== at && issues(issuer, at));
    if (!next) return { chain, root: undefined };
    chain.push(nameOf(next));
    at = next;
  }
  return { chain, root: undefined };
}

function issues(issuer: X509Certificate, of: X509Certificate): boolean {
  try {
    return issuer.ca && of.checkIssued(issuer) && of.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  try {
    return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

function isCertificateOf({ serialNumber, raw }: X509Certificate, { serial, issuer }: Signer): boolean {
  const wanted = Buffer.from(serial).toString('hex').toUpperCase().replace(/^0+/, '');
  return serialNumber.toUpperCase().replace(/^0+/, '') === wanted && raw.includes(Buffer.from(issuer));
}

function certificateOf(der: Uint8Array): readonly X509Certificate[] {
  try {
    return [new X509Certificate(der)];
  } catch {
    return []; // one that cannot be read proves nothing
  }
}

function nameOf({ subject }: X509Certificate): string {
  return /(?:^|\n)CN=([^\n]{1,200})/.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ').slice(0, 200);
}

function thumbprint({ raw }: X509Certificate): string {
  return createHash('sha1').update(raw).digest('hex').toUpperCase();
}
