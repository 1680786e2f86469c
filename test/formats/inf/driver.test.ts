// What an INF says of its driver: class, architectures, services, and why it may be boot-critical.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { driverFacts } from '../../../formats/inf/driver.ts';
import { parseInf } from '../../../formats/inf/inf.ts';
import { infText } from '../../helpers/inf-text.ts';

const facts = (text: string) => driverFacts(parseInf(new TextEncoder().encode(text)));

test('a network driver: its class, its service on demand, its architectures', () => {
  assert.equal(facts(infText({ decorations: 'NTamd64.10.0, NTarm64' })), {
    className: 'Net',
    classGuid: '{4d36e972-e325-11ce-bfc1-08002be10318}',
    provider: 'Corp',
    catalogue: true,
    architectures: ['amd64', 'arm64'],
    services: [{ name: 'corpnet', start: 3, line: 17 }],
    bootCritical: undefined,
  });
});

test('a service that starts at boot is boot-critical, in any way to write 0', () => {
  for (const start of ['0', '0x0', '0x00000000', '%SERVICE_BOOT_START%']) {
    assert.match(facts(infText({ start })).bootCritical ?? '', 'its service corpnet starts at boot (StartType 0, line 17)', start);
  }
  for (const start of ['1', '2', '3', '4', 'x', '']) assert.is(facts(infText({ start })).bootCritical, undefined, start);
});

test('so is a storage class, in any case', () => {
  assert.match(facts(infText({ guid: '{4D36E97B-E325-11CE-BFC1-08002BE10318}' })).bootCritical ?? '', 'class SCSIAdapter');
  assert.match(facts(infText({ guid: '{4d36e96a-e325-11ce-bfc1-08002be10318}' })).bootCritical ?? '', 'class HDC');
});

test('undecorated models are for x86; without a manufacturer no device is named', () => {
  assert.equal(facts(infText({ decorations: '' })).architectures, ['x86']);
  assert.equal(facts(infText({ decorations: 'NT.6.0' })).architectures, ['x86']);
  assert.equal(facts('[Version]\nClass=Extension').architectures, []);
  assert.equal(facts('[Version]\nClass=Extension').catalogue, false);
});

test.run();
