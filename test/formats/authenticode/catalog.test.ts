// Catalogues: members of a made list without a signature; signed ones are tested in verify.test.ts.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogMembers } from '../../../formats/authenticode/catalog.ts';
import { der, oid } from '../../helpers/make-signature.ts';

const LIST = '1.3.6.1.4.1.311.10.1';
const bare = (content: Uint8Array) => ({ contentType: LIST, content, certificates: [], signers: [] });

test('a list without members, and one whose members have other attributes only', () => {
  assert.is(catalogMembers(bare(der(0x30, oid('1.2.3')))).size, 0);
  const member = der(0x30, der(0x04, Buffer.alloc(20)), der(0x31, der(0x30, oid('1.2.3'), der(0x31, der(0x05)))));
  assert.is(catalogMembers(bare(der(0x30, member))).size, 0);
});

test('something that is no list', () => {
  assert.throws(() => catalogMembers({ ...bare(new Uint8Array()), contentType: '1.2.840' }), /no list of files/);
});

test.run();
