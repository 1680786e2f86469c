// Certificates and signatures of nobody, for tests: a root, a signer under it, PKCS #7 over any content, catalogues. Made at run time.
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Authority {
  readonly folder: string;
  /** DER. */
  readonly root: Uint8Array;
  readonly signer: Uint8Array;
  readonly rootThumbprint: string;
}

/** A root and a certificate for code under it, as files `root.pem`, `signer.pem` and `signer.key` in the folder. */
export function makeAuthority(folder: string, signerName = 'Test Signer'): Authority {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  writeFileSync(join(folder, 'ext'), 'basicConstraints=CA:FALSE\nextendedKeyUsage=codeSigning\nkeyUsage=digitalSignature\n');
  const fresh = ['-newkey', 'rsa:2048', '-nodes', '-sha256'];
  openssl('req', '-x509', ...fresh, '-keyout', 'root.key', '-out', 'root.pem', '-days', '30', '-subj', '/O=Test/CN=Test Root');
  openssl('req', ...fresh, '-keyout', 'signer.key', '-out', 'signer.csr', '-subj', `/O=Test/CN=${signerName}`);
  openssl(
    'x509',
    '-req',
    '-in',
    'signer.csr',
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-out',
    'signer.pem',
    '-days',
    '20',
    '-extfile',
    'ext',
  );
  const der = (name: string) => new Uint8Array(new X509Certificate(readFileSync(join(folder, name))).raw);
  const root = der('root.pem');
  return { folder, root, signer: der('signer.pem'), rootThumbprint: createHash('sha1').update(root).digest('hex').toUpperCase() };
}

/** One DER value. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const used = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 + used.length]), used, body]);
}

export function oid(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes = [first! * 40 + second!];
  for (const number of rest) {
    const digits = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 + (left % 128));
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
}

const SHA256 = der(0x30, oid('2.16.840.1.101.3.4.2.1'), der(0x05));
const SHA1 = der(0x30, oid('1.3.14.3.2.26'), der(0x05));

/** PKCS #7 signed data over `body`, the content of a sequence of the kind. */
export function signedData({ folder, root, signer }: Authority, contentType: string, body: Uint8Array): Uint8Array {
  const attribute = (type: string, value: Uint8Array) => der(0x30, oid(type), der(0x31, value));
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(contentType)),
    attribute('1.2.840.113549.1.9.4', der(0x04, createHash('sha256').update(body).digest())),
  ];
  const signature = sign('sha256', der(0x31, ...attributes), createPrivateKey(readFileSync(join(folder, 'signer.key'))));
  // Version, serial number, algorithm, issuer: a certificate of version 3.
  const [, serial, , issuer] = partsOf(partsOf(Buffer.from(signer))[0]!);
  const info = der(
    0x30,
    der(0x02, Buffer.from([1])),
    der(0x30, issuer!, serial!),
    SHA256,
    der(0xa0, ...attributes),
    der(0x30, oid('1.2.840.113549.1.1.1'), der(0x05)),
    der(0x04, signature),
  );
  const signed = der(
    0x30,
    der(0x02, Buffer.from([1])),
    der(0x31, SHA256),
    der(0x30, oid(contentType), der(0xa0, der(0x30, body))),
    der(0xa0, signer, root),
    der(0x31, info),
  );
  return new Uint8Array(der(0x30, oid('1.2.840.113549.1.7.2'), der(0xa0, signed)));
}

/** A catalogue that lists files by their digests (SHA-1 or SHA-256, in hex). */
export function makeCatalog(authority: Authority, digests: readonly string[]): Uint8Array {
  const member = (digest: string) => {
    const bytes = Buffer.from(digest, 'hex');
    const data = der(0x30, der(0x30, oid('1.3.6.1.4.1.311.2.1.15')), der(0x30, bytes.length === 20 ? SHA1 : SHA256, der(0x04, bytes)));
    return der(0x30, der(0x04, bytes), der(0x31, der(0x30, oid('1.3.6.1.4.1.311.2.1.4'), der(0x31, data))));
  };
  const body = Buffer.concat([
    der(0x30, oid('1.3.6.1.4.1.311.12.1.1')),
    der(0x04, Buffer.alloc(16, 7)),
    der(0x17, Buffer.from('260101000000Z')),
    der(0x30, oid('1.3.6.1.4.1.311.12.1.2'), der(0x05)),
    der(0x30, ...digests.map(member)),
  ]);
  return signedData(authority, '1.3.6.1.4.1.311.10.1', body);
}

function partsOf(value: Buffer): readonly Buffer[] {
  const head = (at: number): { size: number; body: number } => {
    const first = value[at + 1]!;
    if (first < 0x80) return { size: 2 + first, body: 2 };
    const count = first - 0x80;
    return { size: 2 + count + value.readUIntBE(at + 2, count), body: 2 + count };
  };
  const parts: Buffer[] = [];
  for (let at = head(0).body; at < value.length; at += head(at).size) parts.push(value.subarray(at, at + head(at).size));
  return parts;
}
