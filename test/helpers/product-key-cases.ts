// Where Windows keeps keys, made keys for it, and images in which copies of the installed key differ from it.
import type { Severity } from '../../lint/rule.ts';
import type { FakeSpec, FakeValue } from './fake-image.ts';
import { madeDigitalProductId, madeDigitalProductId4, madeKey } from './product-keys.ts';

export const CURRENT = 'Microsoft\\Windows NT\\CurrentVersion';
export const BROWSER = 'Microsoft\\Internet Explorer\\Registration';
export const OFFICE = 'Microsoft\\Office\\14.0\\Registration\\{90140000-0011-0000-0000-0000000FF1CE}';
export const OWNED = madeKey(1);
export const OTHER = madeKey(2);

export const at = (key: string, name = 'DigitalProductId4') => ({ hive: 'SOFTWARE', key, name });
export const ids = (channel: string, key?: string, edition?: string) => ({
  DigitalProductId: madeDigitalProductId(key),
  DigitalProductId4: madeDigitalProductId4(channel, key, edition),
});
export const software = (keys: Record<string, Record<string, FakeValue>>): FakeSpec => ({ SOFTWARE: keys });

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
