// Deltas of servicing are told from programs by their first bytes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isServicingDelta } from '../../../formats/pe/delta.ts';
import { makePe } from '../../helpers/make-pe.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

test('with a checksum before it, and without', () => {
  for (const text of ['\x12\x34\x56\x78PA30rest', 'PA31rest', 'DCS\x01rest', 'DCM\x01PA30']) assert.ok(isServicingDelta(bytes(text)), text);
});

test('programs, texts and nothing are none', () => {
  for (const content of [makePe(), bytes('PA'), bytes('PAGE'), new Uint8Array()]) assert.not.ok(isServicingDelta(content));
});

test.run();
