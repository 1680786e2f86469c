// Signatures of programs and catalogues: made by osslsigncode and by a writer of the test, proved here, broken in every part.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogMembers } from '../../../formats/authenticode/catalog.ts';
import { peDigest, signedDigest } from '../../../formats/authenticode/digest.ts';
import { parseSignedData } from '../../../formats/authenticode/signed-data.ts';
import { isOfMicrosoft, MICROSOFT_ROOTS, proveSignature, type SignatureProof } from '../../../formats/authenticode/verify.ts';
import { FormatError } from '../../../formats/bytes.ts';
import { parsePe } from '../../../formats/pe/facts.ts';
import { withScratch } from '../../../tools/scratch.ts';
import { survives } from '../../helpers/damage.ts';
import { makePe } from '../../helpers/make-pe.ts';
import { type Authority, makeAuthority, makeCatalog, signedData } from '../../helpers/make-signature.ts';
import { needTools } from '../../helpers/need.ts';

const withTools = needTools(test, { osslsigncode: 'osslsigncode', openssl: 'openssl' });
const inFolder = (run: (authority: Authority) => void) => withScratch(async (folder) => run(makeAuthority(folder)));
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

/** The program with a signature of osslsigncode in it. */
function signed({ folder }: Authority, content: Uint8Array, digest: string): Uint8Array {
  const [from, to] = [join(folder, 'in.exe'), join(folder, `out-${digest}.exe`)];
  writeFileSync(from, content);
  execFileSync(
    'osslsigncode',
    ['sign', '-certs', 'signer.pem', '-ac', 'root.pem', '-key', 'signer.key', '-h', digest, '-in', from, '-out', to],
    {
      cwd: folder,
      stdio: 'ignore',
    },
  );
  return new Uint8Array(readFileSync(to));
}

function signatureOf(content: Uint8Array) {
  const facts = parsePe(content);
  const { offset, size } = facts.certificates[0]!;
  return { facts, data: parseSignedData(content.subarray(offset, offset + size)) };
}

withTools('a program that osslsigncode signed: its digest, its signer, its chain to a root that is given or held', () =>
  inFolder((authority) => {
    for (const [digest, bits, size] of [
      ['sha1', 32, 0],
      ['sha256', 64, 3],
    ] as const) {
      const content = signed(authority, makePe({ bits, overlay: new Uint8Array(size) }), digest);
      const { facts, data } = signatureOf(content);
      const said = signedDigest(data)!;
      assert.is(said.algorithm, digest);
      assert.is(hex(peDigest(content, facts, digest)), hex(said.digest));
      const proof = proveSignature(data, []);
      assert.equal(proof, { signer: 'Test Signer', fault: undefined, chain: ['Test Signer', 'Test Root'], root: authority.rootThumbprint });
      assert.is(MICROSOFT_ROOTS.has(proof.root!), false);
    }
  }),
);

withTools('a file without a signature has the digest that it will be signed with', () =>
  inFolder((authority) => {
    const plain = makePe({ overlay: new Uint8Array(5) });
    const { data } = signatureOf(signed(authority, plain, 'sha256'));
    assert.is(hex(peDigest(plain, parsePe(plain), 'sha256')), hex(signedDigest(data)?.digest));
  }),
);

withTools('a changed program has another digest; a changed checksum has not', () =>
  inFolder((authority) => {
    const content = signed(authority, makePe({ data: 'x'.repeat(400) }), 'sha256');
    const { facts, data } = signatureOf(content);
    const digestWith = (at: number) => {
      const copy = content.slice();
      copy[at]! ^= 1;
      return hex(peDigest(copy, facts, 'sha256'));
    };
    assert.is.not(digestWith(0x500), hex(signedDigest(data)?.digest));
    assert.is(digestWith(facts.checksumOffset), hex(signedDigest(data)?.digest));
  }),
);

withTools('a chain without its root ends before it, and goes on with one that is given', () =>
  inFolder((authority) => {
    const data = parseSignedData(signedData(authority, '1.3.6.1.4.1.311.10.1', Buffer.from('3000', 'hex')));
    const without = { ...data, certificates: data.certificates.slice(0, 1) };
    assert.equal(proveSignature(without, []).root, undefined);
    assert.equal(proveSignature(without, [authority.root]).root, authority.rootThumbprint);
  }),
);

withTools('whatever is changed in it, a signature no longer holds', () =>
  inFolder((authority) => {
    const data = parseSignedData(signedData(authority, '1.3.6.1.4.1.311.10.1', Buffer.from('300204050102', 'hex').subarray(0, 4)));
    const [signer] = data.signers;
    assert.is(proveSignature(data, []).fault, undefined);
    assert.match(proveSignature({ ...data, content: Buffer.from('other') }, []).fault!, /not what was signed/);
    const signature = Buffer.from(signer!.signature);
    signature[9]! ^= 1;
    assert.match(proveSignature({ ...data, signers: [{ ...signer!, signature }] }, []).fault!, /not of that certificate/);
    assert.match(proveSignature({ ...data, certificates: data.certificates.slice(1) }, []).fault!, /not in it/);
    assert.match(proveSignature({ ...data, signers: [] }, []).fault!, /not in it/);
  }),
);

withTools('the members of a catalogue; another list is none', () =>
  inFolder((authority) => {
    const digests = ['ab'.repeat(20), 'cd'.repeat(32)];
    const data = parseSignedData(makeCatalog(authority, digests));
    assert.is(proveSignature(data, []).fault, undefined);
    assert.equal([...catalogMembers(data)], digests);
    assert.equal(catalogMembers(parseSignedData(makeCatalog(authority, []))).size, 0);
    assert.throws(() => catalogMembers({ ...data, contentType: '1.2.3' }), /no list of files/);
    const many = parseSignedData(
      makeCatalog(
        authority,
        Array.from({ length: 3000 }, (_, at) => at.toString(16).padStart(40, '0')),
      ),
    );
    assert.is(catalogMembers(many).size, 3000);
  }),
);

withTools('damaged signatures and catalogues are read or refused, and prove nothing but what stands in them', () =>
  inFolder((authority) => {
    const whole = makeCatalog(authority, ['ab'.repeat(20)]);
    const read = (bytes: Uint8Array) => {
      const data = parseSignedData(bytes);
      catalogMembers(data);
      proveSignature(data, []);
    };
    survives(whole, read, FormatError, 400);
    const program = signed(authority, makePe(), 'sha256');
    const { offset, size } = parsePe(program).certificates[0]!;
    survives(program.subarray(offset, offset + size), (bytes) => signedDigest(parseSignedData(bytes)), FormatError, 400);
  }),
);

test('of Microsoft is what holds, under a root of Microsoft, by a signer of Windows', () => {
  const root = [...MICROSOFT_ROOTS.keys()][2];
  const proof: SignatureProof = { signer: 'Microsoft Windows', fault: undefined, chain: [], root };
  assert.ok(isOfMicrosoft(proof));
  assert.ok(isOfMicrosoft({ ...proof, signer: 'Microsoft Corporation' }));
  assert.not.ok(isOfMicrosoft({ ...proof, fault: 'x' }));
  assert.not.ok(isOfMicrosoft({ ...proof, root: undefined }));
  assert.not.ok(isOfMicrosoft({ ...proof, root: 'AB'.repeat(20) }));
  for (const signer of ['Microsoft Windows Hardware Compatibility Publisher', 'Not Microsoft Windows', 'Somebody']) {
    assert.not.ok(isOfMicrosoft({ ...proof, signer }), signer);
  }
});

test.run();
