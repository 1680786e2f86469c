// Signed data: what is none is refused; the rest is tested with real signatures in verify.test.ts.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { derValue } from '../../../formats/asn1/der.ts';
import { digestNameOf, parseSignedData } from '../../../formats/authenticode/signed-data.ts';
import { der, oid } from '../../helpers/make-signature.ts';

test('other data, no signers, too many certificates', () => {
  const wrap = (type: string, body: Buffer) => new Uint8Array(der(0x30, oid(type), der(0xa0, body)));
  const signed = (...parts: readonly Buffer[]) => wrap('1.2.840.113549.1.7.2', der(0x30, der(0x02, Buffer.from([1])), der(0x31), ...parts));
  const content = der(0x30, oid('1.2.3'));
  assert.throws(() => parseSignedData(wrap('1.2.840.113549.1.7.1', der(0x30))), /is no signed data/);
  assert.throws(() => parseSignedData(signed(content)), /no set of signers/);
  assert.throws(() => parseSignedData(signed(content, der(0xa0, ...Array<Buffer>(65).fill(der(0x30))), der(0x31))), /65 certificates/);
  const plain = parseSignedData(signed(content, der(0x31)));
  assert.equal({ ...plain, content: plain.content.length }, { contentType: '1.2.3', content: 0, certificates: [], signers: [] });
});

test('digests by their identifiers, no unknown ones', () => {
  assert.is(digestNameOf(derValue('x', der(0x30, oid('1.3.14.3.2.26')))), 'sha1');
  assert.throws(() => digestNameOf(derValue('x', der(0x30, oid('1.2.3')))), /not known \(1\.2\.3\)/);
});

test.run();
