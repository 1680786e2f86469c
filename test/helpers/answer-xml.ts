// Answer files as text, for tests: the settings begin in line 5.

export interface AnswerShape {
  readonly pass?: string;
  readonly component?: string;
  readonly architecture?: string;
}

const ROOT = '<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">';

/** One component in one pass. */
export function answer(settings: string, shape: AnswerShape = {}): string {
  return document(`  <settings pass="${shape.pass ?? 'specialize'}">\n${component(settings, shape)}\n  </settings>`);
}

/** Anything below the root; it begins in line 3. */
export function document(inner: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${ROOT}\n${inner}\n</unattend>\n`;
}

/** A component element; its settings begin in its second line. */
export function component(
  settings: string,
  { component: name = 'Microsoft-Windows-Shell-Setup', architecture = 'amd64' }: AnswerShape = {},
): string {
  const identity = 'publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"';
  return `    <component name="${name}" processorArchitecture="${architecture}" ${identity}>\n${settings}\n    </component>`;
}
