// Answer files with passwords, and the cases in which one must be found.
import type { Severity } from '../../lint/rule.ts';
import { encodePassword } from '../../unattend/password.ts';

export const PASSWORD = `made-${Math.random().toString(36).slice(2)}`;
export const value = (text: string, plain = true) => `<Value>${text}</Value><PlainText>${plain}</PlainText>`;
export const administrator = (inner: string) => `<UserAccounts><AdministratorPassword>${inner}</AdministratorPassword></UserAccounts>`;
export const logon = (inner: string) => `<AutoLogon><Enabled>true</Enabled><Username>a</Username><Password>${inner}</Password></AutoLogon>`;
/** The setting stands in line 5. */
export const answer = (setting: string, pass = 'oobeSystem') =>
  `<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="${pass}">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64">
      ${setting}
    </component>
  </settings>
</unattend>`;
export const BASE64 = value(encodePassword('Password', PASSWORD));
export const FINDINGS_MAX = 50;
export const inOrder = (text: string, order: 'utf16le' | 'utf16be') => {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(order === 'utf16le' ? bytes : bytes.swap16());
};
export const PANTHER = '/Windows/Panther/unattend.xml';
export const bad = (name: string, path: string, content: string | Uint8Array, messageId: string, severity: Severity, line = 5) => ({
  name,
  image: { files: { [path]: content } },
  findings: [{ messageId, at: { file: path, line }, severity }],
  never: [PASSWORD, encodePassword('Password', PASSWORD)],
});
