// The view of firewall rules: every control set, the policy, and what is no rule.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { firewall } from '../../../lint/views/firewall.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';

const RULE = 'v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|Name=x|';
const LOCAL = 'Services\\SharedAccess\\Parameters\\FirewallPolicy';

async function seen(spec: FakeSpec) {
  const unable: string[] = [];
  const views = new ViewStore(fakeImage(spec)).open({ firewall }, (reason) => unable.push(reason));
  const found = ((await views.firewall()) ?? []).map(({ hive, key, id }) => `${hive}\\${key}!${id}`);
  return { found, unable };
}

test('rules of each control set, of services and of the policy', async () => {
  const SYSTEM = {
    [`ControlSet001\\${LOCAL}\\FirewallRules`]: { a: RULE },
    [`ControlSet002\\${LOCAL}\\RestrictedServices\\Configurable\\System`]: { b: RULE },
  };
  const SOFTWARE = { 'Policies\\Microsoft\\WindowsFirewall\\FirewallRules': { c: RULE } };
  const { found, unable } = await seen({ SYSTEM, SOFTWARE });
  assert.equal(found, [
    `SYSTEM\\ControlSet001\\${LOCAL}\\FirewallRules!a`,
    `SYSTEM\\ControlSet002\\${LOCAL}\\RestrictedServices\\Configurable\\System!b`,
    'SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules!c',
  ]);
  assert.equal(unable, []);
});

test('what is no rule, and a hive that is not there, are told', async () => {
  const { found, unable } = await seen({ SYSTEM: { [`ControlSet001\\${LOCAL}\\FirewallRules`]: { a: 'x', b: 7, c: RULE } } });
  assert.is(found.length, 1);
  assert.is(unable.length, 3);
  assert.match(unable.join('\n'), /FirewallRules!a: firewall rule: does not begin with its version/);
  assert.match(unable.join('\n'), /which firewall rules there are is unknown/);
});

test.run();
