// KMS hosts in every writing: one form, the right kind.
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isAllowedHost, readKmsHost } from '../../../formats/kms-host/host.ts';

test('writings of the loopback are all the loopback', () => {
  for (const text of [
    '127.0.0.1',
    '127.0.0.2',
    ' 127.0.0.2 ',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '2130706433',
    '127.0.0.1.',
    '127.0.0.1:1688',
    '::1',
    '[::1]',
    '[::1]:1688',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:2',
    'localhost',
    'LOCALHOST.',
    'kms.localhost',
    '１２７.0.0.1',
    '127.0.0.1\0',
  ]) {
    assert.is(readKmsHost(text).kind, 'loopback', text);
  }
});

test('names and addresses are told apart', () => {
  for (const [text, host, port, kind] of [
    ['KMS.Corp.Example.', 'kms.corp.example', undefined, 'name'],
    ['kms.corp.example:1700', 'kms.corp.example', 1700, 'name'],
    ['kms1', 'kms1', undefined, 'name'],
    ['bücher.example', 'xn--bcher-kva.example', undefined, 'name'],
    ['10.3.0.1', '10.3.0.1', undefined, 'private'],
    ['172.32.0.1', '172.32.0.1', undefined, 'public'],
    ['192.168.1', '192.168.0.1', undefined, 'private'],
    ['fd00::1', 'fd00:0:0:0:0:0:0:1', undefined, 'private'],
    ['2001:db8::1', '2001:db8:0:0:0:0:0:1', undefined, 'public'],
    ['0.0.0.0', '0.0.0.0', undefined, 'bogus'],
    ['::', '::', undefined, 'bogus'],
    ['255.255.255.255', '255.255.255.255', undefined, 'bogus'],
    ['', '', undefined, 'invalid'],
    ['kms host', 'kms host', undefined, 'invalid'],
    ['999.1.1.1', '999.1.1.1', undefined, 'name'],
  ] as const) {
    assert.equal(readKmsHost(text), { host, port, kind }, text);
  }
});

test('an allowed host matches with its port only', () => {
  const allowed = ['kms.corp.example', 'KMS2.corp.example:1700', '10.0.0.10'];
  assert.ok(isAllowedHost(readKmsHost('KMS.corp.example.'), 1688, allowed));
  assert.not(isAllowedHost(readKmsHost('kms.corp.example'), 1700, allowed));
  assert.ok(isAllowedHost(readKmsHost('kms2.corp.example'), 1700, allowed));
  assert.not(isAllowedHost(readKmsHost('kms2.corp.example'), 1688, allowed));
  assert.ok(isAllowedHost(readKmsHost('0xa.0.0.10'), 1688, allowed));
  assert.not(isAllowedHost(readKmsHost('kms.corp.example.evil.test'), 1688, allowed));
});

test('any text gives an answer that reads the same again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.domain()), (text) => {
      const first = readKmsHost(text);
      if (first.kind !== 'invalid') assert.equal(readKmsHost(first.host), { ...first, port: undefined });
    }),
  );
});

test.run();
