// The fixed names of an answer file: namespaces, configuration passes, and how a component is identified.

/** Namespace of every element of an answer file. */
export const UNATTEND_NAMESPACE = 'urn:schemas-microsoft-com:unattend';
/** Namespace of the `action` attribute of list items; `wcm` is its usual prefix. */
export const WCM_NAMESPACE = 'http://schemas.microsoft.com/WMIConfig/2002/State';

/** The seven configuration passes in the order in which Setup runs them. */
export const PASSES = ['windowsPE', 'offlineServicing', 'generalize', 'specialize', 'auditSystem', 'auditUser', 'oobeSystem'] as const;
export type Pass = (typeof PASSES)[number];

/** What identifies Windows' own components beside name and architecture: the same for all of them. */
export const COMPONENT_IDENTITY = { publicKeyToken: '31bf3856ad364e35', language: 'neutral', versionScope: 'nonSxS' } as const;

/** Architectures that a component element may name; a component of another architecture than the image is silently skipped by Setup. */
export const COMPONENT_ARCHITECTURES = ['x86', 'amd64', 'arm64', 'arm', 'wow64', 'ia64'] as const;
