// Public activation hosts by their full name: a neighbour of the same domain is honest.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isPublicActivationHost } from '../../../formats/kms-host/public-hosts.ts';

test('full names only', () => {
  for (const host of ['kms.03k.org', 'kms.luobotou.org', '222.184.9.98']) assert.ok(isPublicActivationHost(host), host);
  for (const host of ['bbs.luobotou.org', 'luobotou.org', 'kms.corp.example', '222.184.9.99', ''])
    assert.not(isPublicActivationHost(host), host);
});

test.run();
