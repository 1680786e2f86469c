// A rule of Windows Firewall as the registry holds it: `v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=1688|…` ([MS-FASP], 2.2.19).
import { FormatError } from '../bytes.ts';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface FirewallRule {
  readonly version: string;
  /** Off only when it says so: the fixed rules of services have no such field and hold. */
  readonly active: boolean;
  readonly allow: boolean;
  readonly inbound: boolean;
  /** IP protocol number; undefined stands for any. */
  readonly protocol: number | undefined;
  /** Empty stands for every port; named ones (`RPC`) are not in it. */
  readonly localPorts: readonly PortRange[];
  readonly remotePorts: readonly PortRange[];
  /** A rule that names its ports by a word (`RPC`, `IPHTTPS`) opens those only. */
  readonly namedPorts: readonly string[];
  readonly program: string | undefined;
  /** Short name of the Windows service it is for. */
  readonly forService: string | undefined;
  readonly name: string;
  /** The resource that names the group: `@FirewallAPI.dll,-…`. */
  readonly group: string | undefined;
}

const TEXT_MAX = 64 * 1024;
const FIELDS_MAX = 4096;

/** @throws FormatError when the text is no firewall rule. */
export function parseFirewallRule(text: string): FirewallRule {
  if (text.length > TEXT_MAX) throw new FormatError('firewall rule', `is too long (${text.length} characters, at most ${TEXT_MAX})`);
  const [version = '', ...parts] = text.split('|', FIELDS_MAX);
  if (!/^v\d{1,3}\.\d{1,3}$/i.test(version)) throw new FormatError('firewall rule', 'does not begin with its version');
  const fields = parts.flatMap((part) => {
    const cut = part.indexOf('=');
    return cut < 0 ? [] : [[part.slice(0, cut).toLowerCase(), part.slice(cut + 1)] as const];
  });
  const first = (name: string): string | undefined => fields.find(([field]) => field === name)?.[1];
  const ports = (names: readonly string[]): readonly string[] =>
    fields.filter(([field]) => names.includes(field)).map(([, value]) => value);
  // `LPort2_10` holds ranges since version 2.10.
  const [local, remote] = [ports(['lport', 'lport2_10']), ports(['rport', 'rport2_10'])];
  const protocol = first('protocol');
  return {
    version,
    active: first('active')?.toLowerCase() !== 'false',
    allow: first('action')?.toLowerCase() === 'allow' || first('action')?.toLowerCase() === 'bypass',
    inbound: first('dir')?.toLowerCase() === 'in',
    protocol: protocol !== undefined && /^\d{1,3}$/.test(protocol) ? Number(protocol) : undefined,
    localPorts: local.flatMap(rangesOf),
    remotePorts: remote.flatMap(rangesOf),
    namedPorts: local.filter((value) => /^[A-Za-z]/.test(value)),
    program: first('app'),
    forService: first('svc'),
    name: first('name') ?? '',
    group: first('embedctxt'),
  };
}

/** `1688`, `1680-1690`, `80,1688`. */
function rangesOf(text: string): readonly PortRange[] {
  return [...text.matchAll(/(\d{1,5})(?:\s*-\s*(\d{1,5}))?/g)].map(([, first, last]) => ({
    first: Number(first),
    last: Number(last ?? first),
  }));
}

/** True when the rule lets traffic to the local port come in. */
export function opensPort(rule: FirewallRule, port: number, protocol: number): boolean {
  if (!rule.active || !rule.allow || !rule.inbound) return false;
  if (rule.protocol !== undefined && rule.protocol !== protocol) return false;
  return rule.localPorts.some(({ first, last }) => first <= port && port <= last);
}
