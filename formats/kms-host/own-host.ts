// A KMS host as an author names it for an image: taken apart, or refused with the reason why an image must not carry it.
import { type KmsHost, readKmsHost } from './host.ts';
import { isPublicActivationHost } from './public-hosts.ts';

export interface OwnHost {
  readonly host: string;
  readonly port: number | undefined;
  /** True for a host that answers, but not everywhere a workspace is plugged in. */
  readonly azure: boolean;
}

const PORT_MAX = 65535;
/** Microsoft's hosts for virtual machines in its cloud. */
const AZURE_HOSTS = new Set(['kms.core.windows.net', 'azkms.core.windows.net']);

/** The host, or the reason why it is refused: goes after `host "…" `. `name:port` is taken, an address with a port is not. */
export function readOwnHost(text: string): OwnHost | string {
  if (text.trim() !== text || /[\s\x00-\x1f]/.test(text)) return 'holds white space or control characters';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /[/?#@]/.test(text)) return 'is a URL, and KMS is not HTTP: give only the name';
  const found = readKmsHost(text);
  const reason = refusalOf(text, found);
  if (reason !== undefined) return reason;
  return { host: found.host, port: found.port, azure: AZURE_HOSTS.has(found.host) };
}

function refusalOf(text: string, { host, port, kind }: KmsHost): string | undefined {
  if (kind === 'loopback') return 'is this computer itself, as only KMS emulators have it';
  if (kind === 'bogus') return 'is an address that no host can have';
  if (isPublicActivationHost(host)) return 'is a public activation host that belongs to nobody you license from';
  if (kind === 'invalid') return 'is not a host name or an IPv4 address';
  if (host.includes(':')) return 'is an IPv6 address, which "slmgr /skms" does not take: give a name';
  // Digits and dots that are no address are no name either: no resolver looks them up.
  if (kind === 'name' && /^[0-9.]+$/.test(host)) return 'is not a host name or an IPv4 address';
  if (port !== undefined && kind !== 'name') return 'is an address with a port: give the address alone, and the port as "port"';
  if (port !== undefined && (port < 1 || port > PORT_MAX)) return `has a port that is not between 1 and ${PORT_MAX}`;
  return /[^\x21-\x7e]/.test(text) ? 'is not written in ASCII: give the form that DNS has (xn--…)' : undefined;
}
