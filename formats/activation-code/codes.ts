// The result codes of Windows activation that a workspace meets: what each means, what is behind it, how sure that is.

export interface ActivationCode {
  /** `0x` and eight upper-case hex digits. */
  readonly code: string;
  readonly meaning: string;
  /** What is usually behind it, and what to look at next. */
  readonly cause: string;
  /** What others report and no first source confirms. */
  readonly reported?: string;
  /** Ids of steps and rules that have to do with it. */
  readonly see: readonly string[];
}

/** Of every meaning and cause below. */
export const CODE_SOURCE = 'Microsoft, "Resolve Windows activation error codes" (SupportArticles-docs, licensing-and-activation)';

const KMS = ['kms-client', 'activation/kms-host-policy'];
const GENERALIZE = ['generalize-answer-file', 'hygiene/generalized'];
const DNS =
  'No SRV record _vlmcs._tcp was found in the DNS suffix of the workspace. Look it up with `nslookup -type=srv _vlmcs._tcp`, or set a host with the step.';
const BEHIND_GENUINE =
  'Validation found the installation not genuine: look for replaced licensing files, then install a valid key and activate.';

const CODES: readonly ActivationCode[] = [
  {
    code: '0xC004F074',
    meaning: 'No KMS host could be contacted.',
    cause:
      'A summary: no host was reached, or every host answered with an error. The code of each try stands in event 12288 and 12289 of the Application log ' +
      '(source Microsoft-Windows-Security-SPP). Test name, route and TCP port 1688 from the workspace; a clock that is wrong ends here, too (0xC004F06C).',
    see: [...KMS, 'time-client'],
  },
  {
    code: '0xC004F06C',
    meaning: 'The KMS host refused the time stamp of the request.',
    cause:
      'The clock of the client differs too much in UTC; the time zone does not matter. Start the time service and resync (`w32tm /resync`). ' +
      'It often shows as 0xC004F074.',
    reported:
      'The host takes a difference of about 4 hours; the figure comes from other implementations of the protocol, not from Microsoft.',
    see: ['time-client', 'chrony-conf'],
  },
  {
    code: '0xC004F038',
    meaning: 'The count of the KMS host is too low.',
    cause:
      'Fewer than 25 Windows clients (5 servers or volume Office) asked in the last 30 days. Copies of an image that was not generalized share one client id and ' +
      'count once: `slmgr /dlv` shows it.',
    see: GENERALIZE,
  },
  {
    code: '0xC004F039',
    meaning: 'KMS is not enabled, or did not answer.',
    cause: 'The host holds no KMS host key, or TCP port 1688 is closed on the way.',
    see: KMS,
  },
  { code: '0xC004F041', meaning: 'The KMS host is not activated itself.', cause: 'Activate the host with its KMS host key.', see: KMS },
  {
    code: '0xC004F042',
    meaning: 'This KMS host cannot serve this product.',
    cause: 'The wrong host, a KMS host key for older products, or a host that lacks the update for this version of Windows.',
    see: KMS,
  },
  {
    code: '0xC004F050',
    meaning: 'The product key is invalid.',
    cause:
      'A slip in the key, a key of another edition, or one of a preview. On a KMS client the KMS client setup key of the edition belongs there.',
    see: ['kms-client', 'secrets/product-key'],
  },
  {
    code: '0xC004F051',
    meaning: 'The product key is blocked.',
    cause: 'Windows itself blocks the key. Install another one.',
    see: ['secrets/product-key'],
  },
  {
    code: '0xC004C003',
    meaning: 'The activation server blocks the product key.',
    cause: 'A multiple activation key or retail key that Microsoft has blocked. On a KMS client install the KMS client setup key.',
    see: ['secrets/product-key'],
  },
  {
    code: '0xC004C001',
    meaning: 'The product key is invalid.',
    cause: 'The activation server does not know it.',
    see: ['secrets/product-key'],
  },
  {
    code: '0xC004C008',
    meaning: 'The KMS host key is used up.',
    cause: 'It was activated on as many hosts, and as often, as it may be.',
    see: [],
  },
  { code: '0xC004C020', meaning: 'The multiple activation key is used up.', cause: 'Its limit of activations is reached.', see: [] },
  {
    code: '0xC004C021',
    meaning: 'The extension of the multiple activation key is used up.',
    cause: 'Its extended limit is reached.',
    see: [],
  },
  {
    code: '0xC004F00F',
    meaning: 'The hardware is out of tolerance.',
    cause: 'The workspace runs on other hardware than it was activated on. Restart; on a KMS client ask again with `slmgr /ato`.',
    see: ['spp-cache-task'],
  },
  {
    code: '0xC004F009',
    meaning: 'The grace period is over.',
    cause: 'No activation succeeded in time; look at the codes of the tries.',
    see: KMS,
  },
  {
    code: '0xC004F014',
    meaning: 'There is no product key.',
    cause: 'Install one with `slmgr /ipk`: the KMS client setup key of the edition for a KMS client.',
    see: ['kms-client'],
  },
  {
    code: '0xC004F02C',
    meaning: 'The data for an activation by telephone has the wrong form.',
    cause: 'Type installation and confirmation id again.',
    see: [],
  },
  {
    code: '0xC004F035',
    meaning: 'The firmware has no marker of a Windows that may be upgraded.',
    cause: 'Windows 7: a volume licence is an upgrade, and the computer came without a Windows that qualifies.',
    see: [],
  },
  {
    code: '0xC004F064',
    meaning: 'The grace period of an installation that is not genuine is over.',
    cause: BEHIND_GENUINE,
    see: ['activation/licensing-library'],
  },
  {
    code: '0xC004F065',
    meaning: 'The grace period of an installation that is not genuine is running.',
    cause: BEHIND_GENUINE,
    see: ['activation/licensing-library'],
  },
  { code: '0x8007232B', meaning: 'The DNS name does not exist.', cause: DNS, see: KMS },
  { code: '0x8007007B', meaning: 'The DNS name does not exist.', cause: DNS, see: KMS },
  { code: '0x80092328', meaning: 'The DNS name does not exist.', cause: DNS, see: KMS },
  { code: '0x8007251D', meaning: 'DNS knows the name and holds no such record.', cause: DNS, see: KMS },
  { code: '0x8007232A', meaning: 'The DNS server failed.', cause: 'Look at the network and at the DNS server of the workspace.', see: KMS },
  {
    code: '0x800706BA',
    meaning: 'The RPC server is not available.',
    cause: 'A firewall in front of TCP port 1688, or an SRV record that names a host that is gone.',
    see: KMS,
  },
  { code: '0x80070005', meaning: 'Access is denied.', cause: 'The command needs an elevated prompt.', see: [] },
];

export function activationCodes(): readonly ActivationCode[] {
  return CODES;
}

/**
 * The code that a text is: `0xC004F074`, `c004f074`, or the signed or unsigned decimal number that scripts and event logs print. Undefined when the
 * text is no code at all.
 */
export function codeOfText(text: string): string | undefined {
  const hex = /^(?:0x)?([0-9a-f]{8})$/i.exec(text)?.[1];
  if (hex !== undefined && !/^\d{8}$/.test(text)) return `0x${hex.toUpperCase()}`;
  if (!/^-?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  if (value < -0x8000_0000 || value > 0xffff_ffff) return undefined;
  return `0x${(value >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}
