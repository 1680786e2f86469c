// What the corpus answers to: general rules, tricks of evasion, traps of false alarms, and what else an image must not hold; which rules judge each, and why one has no case here.

export interface Row {
  readonly what: string;
  /** Ids of the rules that judge it. */
  readonly rules: readonly string[];
  /** A test that proves it where the corpus cannot: it takes another container, tool or signature. */
  readonly elsewhere?: string;
  /** Why there is no case, or fewer than two. */
  readonly reason?: string;
}

const A = 'activation/';
const S = 'secrets/';
const H = 'hygiene/';

export const rows: Readonly<Record<string, Row>> = {
  G1: { what: 'licensing programs hijacked through their image options', rules: [`${A}spp-image-hijack`, `${A}registry-file`] },
  G2: {
    what: 'licensing libraries in a wrong place, with wrong content, or as a proxy',
    rules: [`${A}licensing-library`, `${A}licensing-signature`],
  },
  G3: { what: 'KMS hosts that nobody allowed, at every level and in any writing', rules: [`${A}kms-host-policy`, `${A}registry-file`] },
  G4: { what: 'constants of the KMS protocol in files that are not Microsoft’s', rules: [`${A}kms-protocol-constants`] },
  G5: { what: 'settings of a hook in a program', rules: [`${A}kms-protocol-constants`] },
  G6: { what: 'material of forged tickets', rules: [`${A}genuine-ticket`] },
  G7: { what: 'scheduled tasks by what they do, in both stores', rules: [`${A}scheduled-task`, `${A}activator-name`] },
  G8: { what: 'services by what they start', rules: [`${A}background-program`, `${A}activator-name`, `${H}writable-by-users`] },
  G9: { what: 'Defender told to look away', rules: [`${A}defender-tampering`] },
  G10: {
    what: 'the port of activation opened or redirected on a client',
    rules: [`${A}kms-port`, `${A}driver-package`, `${A}registry-file`],
  },
  G11: { what: 'names of activation led astray', rules: [`${A}name-redirection`] },
  G12: { what: 'scripts and files of registry values by what they mean', rules: [`${A}script-semantics`, `${A}registry-file`] },
  G13: { what: 'depth: what cannot be opened is told', rules: [`${H}opaque-content`] },
  G14: { what: 'names of known activators', rules: [`${A}activator-name`] },
  G15: {
    what: 'drivers that redirect traffic',
    rules: [`${A}traffic-redirect`],
    reason: 'weak by itself, so one case of it beside something else is refused',
  },
  G16: { what: 'the chain of the boot', rules: [`${A}boot-chain`, `${A}activator-name`] },
  G17: {
    what: 'hooks of deployment, judged by what they start',
    rules: [`${A}setup-script`, `${A}autostart-command`, `${A}script-semantics`],
  },
  G18: { what: 'a licensing state that is not that of a sealed image', rules: [`${A}licensing-state`, `${H}generalized`] },
  G19: { what: 'traces of past runs', rules: [`${A}past-run`, `${S}product-key`] },
  G20: {
    what: 'data that no name points to',
    rules: [`${A}kms-protocol-constants`, `${S}product-key`],
    elsewhere: 'test/e2e/own-readers.test.ts',
    reason: 'left-overs lie in the container, which a planted image does not have',
  },
  G21: { what: 'mimicry of Microsoft’s licensing files', rules: [`${A}licensing-library`, `${A}licensing-signature`] },
  G22: { what: 'data and settings of emulators', rules: [`${A}emulator-data`, `${A}kms-protocol-constants`] },
  G23: { what: 'payloads for other systems', rules: [`${A}kms-protocol-constants`] },

  E01: { what: 'renamed', rules: [`${A}kms-protocol-constants`, `${A}started-script`] },
  E02: { what: 'archives in archives, and of another name', rules: [`${H}opaque-content`] },
  E03: { what: 'solid and split archives', rules: [`${H}opaque-content`] },
  E05: {
    what: 'installers (NSIS, Inno, InstallShield)',
    rules: [`${H}opaque-content`],
    elsewhere: 'test/lint/nested/program.test.ts',
    reason: 'what 7-Zip opens is opened, the rest is opaque; both are tested where the installers are made',
  },
  E06: { what: 'self-extracting programs', rules: [`${H}opaque-content`] },
  E07: { what: 'cabinets, also behind a program', rules: [`${H}opaque-content`] },
  E08: {
    what: 'packages of the Windows Installer',
    rules: [`${H}opaque-content`],
    elsewhere: 'test/lint/nested/program.test.ts',
    reason: 'made there with msitools',
  },
  E09: {
    what: 'packed programs (UPX)',
    rules: [`${H}opaque-content`],
    elsewhere: 'test/lint/nested/program.test.ts',
    reason: 'told as content that nobody can open; the packer itself is not a tool of the tests',
  },
  E11: { what: 'named streams, of folders too', rules: [`${A}kms-protocol-constants`, `${A}started-script`] },
  E12: { what: 'two bytes a letter, without a mark', rules: [`${A}script-semantics`] },
  E13: { what: 'encoded commands', rules: [`${A}script-semantics`] },
  E15: { what: 'programs in batch files, files that are two scripts at once', rules: [`${A}script-semantics`] },
  E16: { what: 'words split by variables and carets', rules: [`${A}script-semantics`] },
  E18: { what: 'links with arguments', rules: [`${A}autostart-command`] },
  E19: { what: 'files for a new system', rules: [`${A}setup-script`, `${A}script-semantics`] },
  E20: { what: 'a neutral script that calls another', rules: [`${A}setup-script`, `${A}script-semantics`] },
  E21: { what: 'a component that no manifest names', rules: [`${A}kms-protocol-constants`] },
  E22: { what: 'provisioning packages', rules: [`${A}script-semantics`, `${S}product-key`] },
  E23: { what: 'driver packages, in the driver store and anywhere else', rules: [`${A}driver-package`, `${A}kms-protocol-constants`] },
  E24: { what: 'images in the image', rules: [`${A}kms-protocol-constants`] },
  E25: {
    what: 'another index of the container',
    rules: [`${A}kms-protocol-constants`],
    elsewhere: 'test/lint/lint-container.test.ts',
    reason: 'a planted image has one index; every index is linted, and the worst decides',
  },
  E26: {
    what: 'a content that no name points to',
    rules: [`${A}kms-protocol-constants`],
    elsewhere: 'test/e2e/own-readers.test.ts',
    reason: 'as G20',
  },
  E27: { what: 'one content under two names', rules: [`${A}kms-protocol-constants`] },
  E28: { what: 'links in the image', rules: [`${A}licensing-library`, `${A}activator-name`] },
  E29: { what: 'bytes that drift', rules: [`${A}kms-protocol-constants`] },
  E30: { what: 'commands of answer files', rules: [`${A}autostart-command`] },
  E31: { what: 'Run keys, Active Setup, Winlogon, policy scripts', rules: [`${A}autostart-command`, `${H}writable-by-users`] },
  E32: { what: 'tasks in one store, hidden', rules: [`${A}scheduled-task`] },
  E33: { what: 'names like Microsoft’s', rules: [`${A}scheduled-task`, `${A}background-program`] },
  E35: { what: 'disks and discs in the image', rules: [`${A}kms-protocol-constants`] },
  E38: { what: 'odd names and ways of storing', rules: [`${A}kms-protocol-constants`] },
  E41: {
    what: 'other hives: Default, NetworkService, copies, logs',
    rules: [`${A}kms-host-policy`, `${A}licensing-state`, `${A}past-start`],
  },
  E42: { what: 'places where nothing runs any more', rules: [`${A}activator-name`, `${A}past-start`] },
  E44: { what: 'traces alone', rules: [`${A}past-run`] },
  E45: {
    what: 'split, solid and encrypted containers',
    rules: [`${H}opaque-content`],
    elsewhere: 'test/image/containers/packed-wim.test.ts',
    reason: 'a matter of the container, which a planted image does not have',
  },
  E50: {
    what: 'another partition of the disk',
    rules: [`${A}kms-protocol-constants`],
    elsewhere: 'test/lint/side-trees.test.ts',
    reason: 'a planted image has one tree; every partition is linted there',
  },
  E51: { what: 'short names and mixed case', rules: [`${A}script-semantics`, `${A}setup-script`] },
  E52: { what: 'the allowed host led to the machine itself', rules: [`${A}name-redirection`] },

  T01: { what: 'reports and guides that name activators', rules: [`${A}activator-name`] },
  T02: { what: 'the published table of setup keys', rules: [`${S}product-key`, `${S}hidden-key`] },
  T03: { what: 'catalogues of software', rules: [`${A}activator-name`] },
  T04: { what: 'data of scanners', rules: [`${A}activator-name`, `${A}kms-protocol-constants`] },
  T05: { what: 'the configured host', rules: [`${A}kms-host-policy`] },
  T06: { what: 'Azure’s own hosts', rules: [`${A}kms-host-policy`] },
  T07: {
    what: 'Microsoft’s own licensing files where they belong',
    rules: [`${A}licensing-library`, `${A}licensing-signature`],
    elsewhere: 'test/rules/activation/licensing-library.test.ts',
    reason: 'takes a component store, which is made there; no file with a signature of Microsoft’s own may lie here',
  },
  T09: { what: 'a driver of a private network', rules: [`${A}traffic-redirect`] },
  T11: { what: 'keys in a cloud', rules: [`${A}activator-name`, `${A}background-program`] },
  T13: { what: 'analysers that know the interface', rules: [`${A}kms-protocol-constants`] },
  T14: { what: 'scripts of administrators', rules: [`${A}script-semantics`] },
  T15: { what: 'tools of volume activation', rules: [`${A}activator-name`] },
  T16: { what: 'image options of other programs', rules: [`${A}spp-image-hijack`] },
  T17: { what: 'recipes without code', rules: [`${A}emulator-data`, `${A}activator-name`] },
  T18: { what: 'the empty folder for tickets', rules: [`${A}genuine-ticket`] },
  T19: { what: 'the tasks of the protection service', rules: [`${A}scheduled-task`] },
  T20: { what: 'a setting of a hardening benchmark', rules: [`${A}licensing-state`] },
  T21: { what: 'hosts files that block or name something else', rules: [`${A}name-redirection`] },
  T22: { what: 'names that only hold the letters', rules: [`${A}activator-name`] },
  T23: { what: 'texts of the shape of a key', rules: [`${S}product-key`, `${S}hidden-key`] },
  T24: { what: 'keys of Setup’s own table', rules: [`${S}product-key`] },
  T30: { what: 'Office at the configured host', rules: [`${A}script-semantics`] },
  T32: {
    what: 'a laboratory that activates against itself',
    rules: [`${A}kms-host-policy`],
    elsewhere: 'test/rules/activation/kms-host-policy.test.ts',
    reason: 'only with the host on the list of the config; the corpus has one config for all',
  },
  T33: { what: 'the firewall rules of Windows itself', rules: [`${A}kms-port`] },
  T34: { what: 'a link to an honest tool on a suspicious domain', rules: [`${A}script-semantics`] },
  T40: { what: 'deltas of servicing', rules: [`${A}licensing-library`] },
  T41: { what: 'stock values of the platform', rules: [`${A}licensing-state`] },
  T45: { what: 'packages of drivers and files of settings', rules: [`${A}driver-package`, `${A}registry-file`] },

  T: { what: 'other honest things that come near a sign', rules: [`${A}script-semantics`, `${A}licensing-state`] },

  K: { what: 'product keys, in any writing', rules: [`${S}product-key`, `${S}hidden-key`] },
  S: {
    what: 'secrets of people and machines',
    rules: [
      `${S}answer-file-password`,
      `${S}automatic-logon`,
      `${S}command-password`,
      `${S}deployment-settings`,
      `${S}domain-join-blob`,
      `${S}private-key`,
      `${S}wifi-profile`,
    ],
  },
  W: {
    what: 'the state of the workspace',
    rules: [`${H}generalized`, `${H}join-residue`, `${H}machine-residue`, `${H}san-policy`, `${H}writable-by-users`],
  },
};
