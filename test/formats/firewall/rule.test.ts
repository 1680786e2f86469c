// Firewall rules as the registry holds them: those of Windows, ranges, and what opens a port.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { opensPort, parseFirewallRule } from '../../../formats/firewall/rule.ts';
import { openHive } from '../../../image/hive.ts';
import { needRealData, realData } from '../../helpers/need.ts';

const OPEN = 'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|App=C:\\a.exe|Svc=x|Name=KMS|EmbedCtxt=Group|';

test('the fields of a rule', () => {
  const rule = parseFirewallRule(OPEN);
  assert.equal(rule, {
    version: 'v2.30',
    active: true,
    allow: true,
    inbound: true,
    protocol: 6,
    localPorts: [{ first: 1688, last: 1688 }],
    remotePorts: [],
    namedPorts: [],
    program: 'C:\\a.exe',
    forService: 'x',
    name: 'KMS',
    group: 'Group',
  });
});

test('ports as ranges, lists, repeated and named', () => {
  const rule = parseFirewallRule('v2.31|Active=TRUE|LPort=80,443|LPort=RPC|LPort2_10=1600-1700|RPort=5000|');
  assert.equal(rule.localPorts, [
    { first: 80, last: 80 },
    { first: 443, last: 443 },
    { first: 1600, last: 1700 },
  ]);
  assert.equal(rule.namedPorts, ['RPC']);
  assert.equal(rule.remotePorts, [{ first: 5000, last: 5000 }]);
});

test('a port is opened by an active rule that allows it to come in', () => {
  assert.ok(opensPort(parseFirewallRule(OPEN), 1688, 6));
  assert.ok(opensPort(parseFirewallRule(OPEN.replace('LPort=1688', 'LPort2_10=1600-1700').replace('Protocol=6|', '')), 1688, 6));
  for (const [from, to] of [
    ['Active=TRUE', 'Active=FALSE'],
    ['Dir=In', 'Dir=Out'],
    ['Action=Allow', 'Action=Block'],
    ['Protocol=6', 'Protocol=17'],
    ['LPort=1688', 'LPort=16880'],
  ] as const)
    assert.not.ok(opensPort(parseFirewallRule(OPEN.replace(from, to)), 1688, 6), to);
});

test('a text that is no rule is refused', () => {
  for (const text of ['', 'Action=Allow|', 'v2|a', `v2.30|${'x'.repeat(70_000)}`]) assert.throws(() => parseFirewallRule(text));
});

test('any text is a rule or a FormatError', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      try {
        parseFirewallRule(`v2.30|${text}`);
        parseFirewallRule(text);
      } catch (error) {
        assert.instance(error, FormatError);
      }
    }),
  );
});

needRealData(test)('every rule of a real Windows is read, and none of them opens the port of KMS', () => {
  const hive = openHive(new Uint8Array(gunzipSync(readFileSync(join(realData, 'hives/win10-2004.SYSTEM.gz')))), 'SYSTEM');
  const policy = 'ControlSet001\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
  const lists = ['FirewallRules', 'RestrictedServices\\Static\\System', 'RestrictedServices\\Configurable\\System'];
  const rules = lists.flatMap((list) => hive.values(`${policy}\\${list}`));
  assert.ok(rules.length > 600);
  for (const { decoded } of rules) {
    const rule = parseFirewallRule(decoded?.type === 'REG_SZ' ? decoded.data : '');
    assert.not.ok(opensPort(rule, 1688, 6));
  }
});

test.run();
