// Digests of programs: what counts and what does not; the agreement with a signer is tested in verify.test.ts.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { indirectDigest, peDigest, signedDigest } from '../../../formats/authenticode/digest.ts';
import { parsePe } from '../../../formats/pe/facts.ts';
import { makePe } from '../../helpers/make-pe.ts';
import { der, oid } from '../../helpers/make-signature.ts';

const hex = (content: Uint8Array) => Buffer.from(peDigest(content, parsePe(content), 'sha256')).toString('hex');

test('the table of certificates and its entry do not count, what is behind them does', () => {
  const plain = makePe({ overlay: new Uint8Array(8) });
  const signed = makePe({ overlay: new Uint8Array(8), certificates: [new Uint8Array(24)] });
  assert.is(hex(signed), hex(plain));
  assert.is.not(hex(new Uint8Array(Buffer.concat([signed, Buffer.from('more')]))), hex(plain));
});

test('a file is filled up to a multiple of eight', () => {
  assert.is(hex(makePe({ overlay: new Uint8Array(3) })), hex(makePe({ overlay: new Uint8Array(8) })));
});

test('a signature about something else has no digest of a file; one without a digest is refused', () => {
  assert.is(signedDigest({ contentType: '1.2.3', content: new Uint8Array(), certificates: [], signers: [] }), undefined);
  assert.throws(() => indirectDigest(der(0x30, oid('1.2.3'))), /holds no digest/);
});

test.run();
