// Hosts that an author may name for an image, and the reasons for which the others are refused.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readOwnHost } from '../../../formats/kms-host/own-host.ts';

test('names and addresses of an organisation are taken apart', () => {
  const good: readonly [string, string, number | undefined][] = [
    ['kms', 'kms', undefined],
    ['KMS-1.corp.example.', 'kms-1.corp.example', undefined],
    ['kms.corp.example:1700', 'kms.corp.example', 1700],
    ['10.0.0.5', '10.0.0.5', undefined],
    ['198.51.100.7', '198.51.100.7', undefined],
  ];
  for (const [text, host, port] of good) assert.equal(readOwnHost(text), { host, port, azure: false }, text);
  assert.equal(readOwnHost('azkms.core.windows.net'), { host: 'azkms.core.windows.net', port: undefined, azure: true });
});

test('everything else is refused with its reason', () => {
  const bad: readonly [string, string][] = [
    ['http://kms.corp.example', 'is a URL'],
    ['kms.corp.example/path', 'is a URL'],
    ['user@kms.corp.example', 'is a URL'],
    ['10.0.0.5:1688', 'an address with a port'],
    ['fe80::1', 'IPv6'],
    ['[fd00::5]:1688', 'IPv6'],
    ['localhost', 'this computer itself'],
    ['LOCALHOST.:1688', 'this computer itself'],
    ['127.1', 'this computer itself'],
    ['2130706433', 'this computer itself'],
    ['::1', 'this computer itself'],
    ['0.0.0.0', 'no host can have'],
    ['224.0.0.1', 'no host can have'],
    ['kms.digiboy.ir', 'public activation host'],
    ['KMS8.MSGuides.com:1688', 'public activation host'],
    ['222.184.9.98', 'public activation host'],
    ['999.1.1.1', 'is not a host name'],
    ['a..b', 'is not a host name'],
    ['', 'is not a host name'],
    [' kms', 'white space'],
    ['kms\n', 'white space'],
    ['kms;reboot', 'is not a host name'],
    ['kms%PATH%', 'is not a host name'],
    ['kms.example:0', 'port that is not between'],
    ['kms.example:99999', 'port that is not between'],
  ];
  for (const [text, reason] of bad) {
    const answer = readOwnHost(text);
    assert.type(answer, 'string', text);
    assert.match(String(answer), reason, text);
  }
});

test.run();
