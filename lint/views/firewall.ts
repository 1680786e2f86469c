// The rules of Windows Firewall: of every control set, and those that a policy adds.
import { ImageError, WtgforgeError } from '../../errors.ts';
import { FormatError } from '../../formats/bytes.ts';
import { type FirewallRule, parseFirewallRule } from '../../formats/firewall/rule.ts';
import { controlSets } from '../../image/control-set.ts';
import type { Hive, HiveName, Image } from '../../image/image.ts';
import { imageView, type Sight } from '../view.ts';

export interface HeldFirewallRule {
  readonly hive: HiveName;
  readonly key: string;
  /** Name of the value: the rule's id. */
  readonly id: string;
  readonly rule: FirewallRule;
  /** It restricts a service, as Windows ships them or as one was added: it opens nothing by itself. */
  readonly restricts: boolean;
}

const LOCAL = 'Services\\SharedAccess\\Parameters\\FirewallPolicy';
const POLICY = 'Policies\\Microsoft\\WindowsFirewall';
/** Rules of services are kept apart, as Windows ships them and as somebody adds them. */
const LISTS = ['FirewallRules', 'RestrictedServices\\Static\\System', 'RestrictedServices\\Configurable\\System'];
/** A Windows has about 500 in each control set. */
const RULES_MAX = 50_000;

export const firewall = imageView<readonly HeldFirewallRule[]>({
  async read(image, sight) {
    const rules: HeldFirewallRule[] = [];
    const system = await opened(image, 'SYSTEM', sight);
    if (system) for (const set of controlSets(system)) readLists(system, 'SYSTEM', `${set}\\${LOCAL}`, rules, sight);
    const software = await opened(image, 'SOFTWARE', sight);
    if (software) readLists(software, 'SOFTWARE', POLICY, rules, sight);
    return rules;
  },
});

async function opened(image: Image, name: HiveName, sight: Sight): Promise<Hive | undefined> {
  try {
    return await image.hive(name);
  } catch (error) {
    if (!(error instanceof WtgforgeError)) throw error;
    sight.unseen(`${error.message}: which firewall rules there are is unknown`);
    return undefined;
  }
}

function readLists(hive: Hive, name: HiveName, root: string, rules: HeldFirewallRule[], sight: Sight): void {
  for (const list of LISTS) {
    const key = `${root}\\${list}`;
    for (const value of hive.values(key)) {
      if (rules.length >= RULES_MAX)
        throw new ImageError('FIREWALL_RULES', `${name}\\${key}: there are more than ${RULES_MAX} firewall rules`);
      const text = value.decoded?.type === 'REG_SZ' || value.decoded?.type === 'REG_EXPAND_SZ' ? value.decoded.data : undefined;
      try {
        if (text === undefined) throw new FormatError('firewall rule', 'is no text');
        rules.push({ hive: name, key, id: value.name, rule: parseFirewallRule(text), restricts: list !== LISTS[0] });
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        sight.unseen(`${name}\\${key}!${value.name}: ${error.message}`);
      }
    }
  }
}
