// A KMS host as people and tools write it: name or address, with or without a port, brought into one form and sorted into a kind.
import { domainToASCII } from 'node:url';

export const KMS_PORT = 1688;

/** loopback holds 127/8 and ::1 and localhost; bogus what no packet can be sent to (0/8, ::, multicast, 255.255.255.255). */
export type HostKind = 'name' | 'loopback' | 'bogus' | 'private' | 'public' | 'invalid';

export interface KmsHost {
  /** Lower case, without trailing dots, addresses in their usual form. */
  readonly host: string;
  readonly port: number | undefined;
  readonly kind: HostKind;
}

/** Longest host text that is looked at; a DNS name has at most 253 characters. */
const TEXT_MAX = 512;
const NAME = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;

/** Brings a host as found in a value or a config into one form; '' gives kind `invalid`. */
export function readKmsHost(text: string): KmsHost {
  const trimmed = text.replaceAll('\0', '').normalize('NFKC').trim().toLowerCase().slice(0, TEXT_MAX);
  const { name, port } = splitPort(trimmed);
  const host = name.replace(/\.+$/, '');
  const sixth = readIpv6(host);
  if (sixth) return fromIpv6(sixth, port);
  const fourth = readIpv4(host);
  if (fourth !== undefined) return { host: ipv4Text(fourth), port, kind: ipv4Kind(fourth) };
  const ascii = /^[\x21-\x7e]*$/.test(host) ? host : domainToASCII(host);
  if (!NAME.test(ascii)) return { host: ascii || host, port, kind: 'invalid' };
  const local = ascii === 'localhost' || ascii.endsWith('.localhost') || ascii === 'localhost.localdomain' || ascii === 'ip6-localhost';
  return { host: ascii, port, kind: local ? 'loopback' : 'name' };
}

/** Whether `found` is one of the allowed hosts (`host` or `host:port`, port 1688 unless given). */
export function isAllowedHost(found: KmsHost, port: number, allowed: readonly string[]): boolean {
  return allowed.some((entry) => {
    const wanted = readKmsHost(entry);
    return wanted.host === found.host && (wanted.port ?? KMS_PORT) === port;
  });
}

/** `[v6]:port`, `host:port`, `host`; more than one colon without brackets is an IPv6 address. */
function splitPort(text: string): { name: string; port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed) return { name: bracketed[1]!, port: portOf(bracketed[2]) };
  const single = /^([^:]*):(\d{1,5})$/.exec(text);
  if (single) return { name: single[1]!.trim(), port: portOf(single[2]) };
  return { name: text, port: undefined };
}

function portOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

/** Every form that inet_aton takes: one to four parts, each decimal, octal (0…) or hex (0x…), the last one filling what is left. */
function readIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length > 4) return undefined;
  const numbers: number[] = [];
  for (const part of parts) {
    if (!/^(?:0x[0-9a-f]{1,8}|0[0-7]{0,11}|[1-9]\d{0,9})$/.test(part)) return undefined;
    numbers.push(part.length > 1 && part.startsWith('0') && !part.startsWith('0x') ? Number.parseInt(part, 8) : Number(part));
  }
  const last = numbers.pop()!;
  if (last >= 256 ** (4 - numbers.length) || numbers.some((number) => number > 255)) return undefined;
  return numbers.reduce((sum, number, at) => sum + number * 256 ** (3 - at), last);
}

function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

function ipv4Kind(address: number): HostKind {
  const first = address >>> 24;
  const second = (address >>> 16) & 255;
  if (first === 127) return 'loopback';
  if (first === 0 || first >= 224) return 'bogus';
  const isPrivate =
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128);
  return isPrivate ? 'private' : 'public';
}

/** The eight 16-bit parts, or undefined. A dotted IPv4 tail and a zone (`%eth0`) are taken. */
function readIpv6(text: string): readonly number[] | undefined {
  const bare = text.replace(/%.*$/, '');
  if (!bare.includes(':') || bare.split('::').length > 2) return undefined;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  const fourth = tail ? readIpv4(tail[2]!) : undefined;
  if (tail && fourth === undefined) return undefined;
  const whole = tail ? `${tail[1]}${(fourth! >>> 16).toString(16)}:${(fourth! & 0xffff).toString(16)}` : bare;
  const [before, after] = whole.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const written = [...before!, ...(after ?? [])];
  if (written.some((part) => !/^[0-9a-f]{1,4}$/.test(part))) return undefined;
  if (after === undefined ? written.length !== 8 : written.length > 7) return undefined;
  const filled = after === undefined ? before! : [...before!, ...Array<string>(8 - written.length).fill('0'), ...after];
  return filled.map((part) => Number.parseInt(part, 16));
}

function fromIpv6(parts: readonly number[], port: number | undefined): KmsHost {
  const leading = parts.slice(0, 6);
  // ::ffff:a.b.c.d and the old ::a.b.c.d are IPv4 in another coat; :: and ::1 are not.
  const mapped = leading.slice(0, 5).every((part) => part === 0) && (parts[5] === 0xffff || (parts[5] === 0 && parts[6] !== 0));
  if (mapped) {
    const address = parts[6]! * 65536 + parts[7]!;
    return { host: ipv4Text(address), port, kind: ipv4Kind(address) };
  }
  const host = parts.map((part) => part.toString(16)).join(':');
  const zeroHead = parts.slice(0, 7).every((part) => part === 0);
  if (zeroHead && parts[7] === 1) return { host: '::1', port, kind: 'loopback' };
  if (zeroHead && parts[7] === 0) return { host: '::', port, kind: 'bogus' };
  if (parts[0]! >= 0xff00) return { host, port, kind: 'bogus' };
  const isPrivate = (parts[0]! & 0xfe00) === 0xfc00 || (parts[0]! & 0xffc0) === 0xfe80;
  return { host, port, kind: isPrivate ? 'private' : 'public' };
}
