// Where Windows keeps keys, made keys for it, and images in which copies of the installed key differ from it.
import type { Severity } from '../../lint/rule.ts';
import type { FakeSpec, FakeValue } from './fake-image.ts';
import { madeDigitalProductId, madeDigitalProductId4, madeKey } from './product-keys.ts';

export const CURRENT = 'Microsoft\\Windows NT\\CurrentVersion';
export const BROWSER = 'Microsoft\\Internet Explorer\\Registration';
export const OFFICE = 'Microsoft\\Office\\14.0\\Registration\\{90140000-0011-0000-0000-0000000FF1CE}';
export const PLATFORM = `${CURRENT}\\SoftwareProtectionPlatform`;
export const OWNED = madeKey(1);
export const OTHER = madeKey(2);

export const at = (key: string, name = 'DigitalProductId4') => ({ hive: 'SOFTWARE', key, name });
export const ids = (channel: string, key?: string, edition?: string) => ({
  DigitalProductId: madeDigitalProductId(key),
  DigitalProductId4: madeDigitalProductId4(channel, key, edition),
});
export const software = (keys: Record<string, Record<string, FakeValue>>): FakeSpec => ({ SOFTWARE: keys });

/** Values that hold a key, in every form. */
export const backupKeys = {
  name: 'a backup key without dashes, as a list, as bytes, and with blanks before and behind it',
  image: software({
    [PLATFORM]: {
      BackupProductKeyDefault: OWNED.replaceAll('-', '').toLowerCase(),
      a: ['x', OTHER],
      b: new Uint8Array(Buffer.from(OWNED, 'utf16le')),
      c: { type: 'REG_EXPAND_SZ', data: OTHER },
      d: new Uint8Array(Buffer.from(`${OTHER}\0`)),
      e: `${' '.repeat(200)}${OTHER}${' '.repeat(60)}`,
      g: new Uint8Array(Buffer.from(`${OTHER}${' '.repeat(60)}`, 'utf16le')),
      f: { type: 'REG_EXPAND_SZ', data: `${' '.repeat(200)}${OTHER}` },
    },
  }),
  findings: [
    { messageId: 'backupKey', at: at(PLATFORM, 'BackupProductKeyDefault') },
    { messageId: 'backupKey', at: at(PLATFORM, 'a') },
    { messageId: 'backupKey', at: at(PLATFORM, 'b') },
    { messageId: 'backupKey', at: at(PLATFORM, 'c') },
    { messageId: 'backupKey', at: at(PLATFORM, 'd') },
    { messageId: 'backupKey', at: at(PLATFORM, 'e') },
    { messageId: 'backupKey', at: at(PLATFORM, 'f') },
    { messageId: 'backupKey', at: at(PLATFORM, 'g') },
  ],
  never: [OWNED, OTHER, OWNED.replaceAll('-', '')],
};

interface CopyCase {
  readonly name: string;
  readonly image: FakeSpec;
  readonly findings: readonly { readonly messageId: string; readonly at: ReturnType<typeof at>; readonly severity: Severity }[];
}

export const copiedKeyCases: readonly CopyCase[] = [
  {
    name: 'copies of the same edition, of none, and beside no installed key',
    image: software({
      [CURRENT]: ids('Volume:GVLK', OWNED, 'Enterprise'),
      [BROWSER]: ids('Retail', OTHER, 'Enterprise'),
      [`Wow6432Node\\${BROWSER}`]: ids('Retail', OTHER, ''),
    }),
    findings: [
      { messageId: 'ownedKey', at: at(BROWSER), severity: 'error' },
      { messageId: 'ownedKey', at: at(`Wow6432Node\\${BROWSER}`), severity: 'error' },
    ],
  },
  {
    name: 'a copy beside no installed key',
    image: software({ [BROWSER]: ids('Retail', OTHER, 'Starter') }),
    findings: [{ messageId: 'ownedKey', at: at(BROWSER), severity: 'error' }],
  },
  {
    name: 'a copy of another edition in the browser, which is seen first, and one that is no copy',
    image: software({
      [CURRENT]: ids('Volume:GVLK', OWNED, 'Enterprise'),
      [BROWSER]: ids('Retail', OTHER, 'Starter'),
      [OFFICE]: { DigitalProductId4: madeDigitalProductId4('Retail', OTHER, 'Starter') },
    }),
    findings: [
      { messageId: 'otherEdition', at: at(BROWSER), severity: 'warning' },
      { messageId: 'ownedKey', at: at(OFFICE), severity: 'error' },
    ],
  },
  {
    name: 'a copy of the installed key under another edition',
    image: software({ [CURRENT]: ids('Retail', OWNED, 'Enterprise'), [BROWSER]: ids('Retail', OWNED, 'Starter') }),
    findings: [
      { messageId: 'ownedKey', at: at(CURRENT), severity: 'error' },
      { messageId: 'ownedKey', at: at(BROWSER), severity: 'error' },
    ],
  },
];
