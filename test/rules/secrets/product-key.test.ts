// Product keys: channel and key of the installed one, copies, Office, text in files.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeKey } from '../../../formats/product-key/key.ts';
import type { ImageFile } from '../../../image/image.ts';
import { NOTHING, type Severity } from '../../../lint/rule.ts';
import { productKey } from '../../../rules/secrets/product-key.ts';
import { answer } from '../../helpers/answer-xml.ts';
import type { FakeSpec } from '../../helpers/fake-image.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';
import {
  at,
  BROWSER,
  backupKeys,
  CURRENT,
  copiedKeyCases,
  ids,
  OFFICE,
  OTHER,
  OWNED,
  PLATFORM,
  software,
} from '../../helpers/product-key-cases.ts';
import { madeDigitalProductId, madeDigitalProductId4, madeKey, madeOldKey } from '../../helpers/product-keys.ts';

const MEDIA = `${CURRENT}\\DefaultProductKey`;

/** The default key of Windows 11 Pro, which everybody knows, from its stored form. */
const PUBLIC = decodeKey(new Uint8Array(Buffer.from('ec0c00000000a8d27b6e89814f6d0900', 'hex')))!.text;
/** The client key of Windows 10 Enterprise, which Microsoft publishes. */
const CLIENT = 'NPPR9-FWDCX-D2C8J-H872K-2YT43';
const OLD = madeOldKey(1);
const DEFAULT = madeKey(3, { serial: 2 });
/** The same key with another last letter: its checksum no longer fits. */
const broken = (key: string) => `${key.slice(0, -1)}${key.endsWith('B') ? 'C' : 'B'}`;

const file = (path: string, content: string | Uint8Array): FakeSpec => ({ files: { [path]: content } });
const installed = (name: string, channel: string, key: string | undefined, messageId: string, severity: Severity) => ({
  name,
  image: software({ [CURRENT]: ids(channel, key) }),
  findings: [{ messageId, at: at(CURRENT), severity }],
  never: [OWNED, OLD, OTHER],
});
const text = (name: string, path: string, content: string | Uint8Array, messageId: string, severity: Severity, offset: number) => ({
  name,
  image: file(path, content),
  findings: [{ messageId, at: { file: path, offset }, severity }],
  never: [OWNED, OLD, OTHER],
});

windowsRuleTester(productKey, {
  good: [
    { name: 'a client key, by its channel', image: software({ [CURRENT]: ids('Volume:GVLK', OWNED) }) },
    {
      name: 'a client key, by itself, whatever its channel says',
      image: software({
        [CURRENT]: ids('Retail', CLIENT),
        [`Wow6432Node\\${CURRENT}`]: { DigitalProductId: madeDigitalProductId(CLIENT) },
      }),
    },
    { name: 'a cleared key', image: software({ [CURRENT]: ids('Retail') }) },
    {
      name: 'values of zeros',
      image: software({ [CURRENT]: { DigitalProductId: new Uint8Array(164), DigitalProductId4: new Uint8Array(1272) } }),
    },
    { name: 'an evaluation’s default key', image: software({ [MEDIA]: ids('Retail:TB:Eval', OTHER) }) },
    { name: 'no key at all', image: software({ [CURRENT]: { ProductId: '00330-80000-00000-AA000' } }) },
    {
      name: 'public keys as text',
      image: {
        ...file('/sources/product.ini', `[cmi]\r\nprofessional=${PUBLIC}\r\nenterprise=${CLIENT}\r\n`),
        ...software({ [PLATFORM]: { BackupProductKeyDefault: PUBLIC } }),
      },
    },
    {
      name: 'an answer file without a key, and one with a public key in character references',
      image: {
        files: {
          '/x.xml': { folder: true },
          '/unattend.xml': '<unattend><ProductKey></ProductKey><Key>/IMAGE/INDEX</Key></unattend>',
          '/b.xml': '<unattend><ProductKey>XXXXX-XXXXX-XXXXX-XXXXX-XXXXX</ProductKey></unattend>',
          '/c.xml': `<unattend><ProductKey><Key>${broken(OWNED)}</Key></ProductKey></unattend>`,
          '/d.xml': `<settings of="unattend"><Key>${OWNED.replace(/./g, (c) => `&#${c.charCodeAt(0)};`)}</Key></settings>`,
          '/a.xml': `<unattend><ProductKey>${PUBLIC.replace(/./g, (c) => `&#${c.charCodeAt(0)};`)}</ProductKey></unattend>`,
        },
      },
    },
    {
      name: 'placeholders and a key with a wrong checksum where the platform keeps a copy',
      image: software({ [PLATFORM]: { BackupProductKeyDefault: broken(OWNED), a: 'BBBBB-BBBBB-BBBBB-BBBBB-BBBBB', b: 'none' } }),
    },
    { name: 'a text with two letters of the kind that a key has once', image: file('/a.txt', `ProductKey=${OWNED.replace(/[^N-]/, 'N')}`) },
    { name: 'a key with a wrong checksum', image: file('/a.txt', `ProductKey=${broken(OWNED)}`) },
    {
      name: 'placeholders',
      image: file(
        '/a.xml',
        '<ProductKey>XXXXX-XXXXX-XXXXX-XXXXX-XXXXX</ProductKey> NBBBB-BBBBB-BBBBB-BBBBB-BBBBB BBBBB-CCCCC-DDDDD-FFFFF-GGGGG',
      ),
    },
    {
      name: 'look-alikes',
      image: file('/b.txt', 'ABCDE-FGHIJ-KLMNO-PQRST-UVWXY 12345-67890-12345-67890-12345 5B0C1-00000-00000-00000-00000'),
    },
  ],
  bad: [
    installed('a multiple activation key', 'Volume:MAK', OWNED, 'volumeKey', 'error'),
    installed('a multiple activation key that was cleared', 'Volume:MAK', undefined, 'volumeKey', 'error'),
    installed('a KMS host key', 'Volume:CSVLK', OWNED, 'volumeKey', 'error'),
    installed('a retail key', 'Retail', OWNED, 'ownedKey', 'error'),
    installed('a retail key of Windows 7', 'Retail', OLD, 'ownedKey', 'error'),
    installed('an OEM key', 'OEM:DM', OWNED, 'ownedKey', 'error'),
    installed('an OEM channel without its key', 'OEM:SLP', undefined, 'ownedKey', 'error'),
    installed('an unknown channel', '', OWNED, 'ownedKey', 'error'),
    installed('an evaluation', 'Retail:TB:Eval', OTHER, 'evaluation', 'warning'),
    installed('a public default key', 'Retail', PUBLIC, 'defaultKey', 'note'),
    installed('a default key by its serial', 'Retail', DEFAULT, 'defaultKey', 'note'),
    {
      name: 'version 3 alone, and in the 32-bit view',
      image: software({
        [CURRENT]: { DigitalProductId: madeDigitalProductId(OWNED) },
        [`Wow6432Node\\${CURRENT}`]: { DigitalProductId: madeDigitalProductId(OWNED) },
      }),
      findings: [
        { messageId: 'ownedKey', at: at(CURRENT, 'DigitalProductId'), says: /^(?!.*cleared)/ },
        { messageId: 'ownedKey', at: at(`Wow6432Node\\${CURRENT}`, 'DigitalProductId') },
      ],
    },
    {
      name: 'version 3 with another key than version 4',
      image: software({
        [CURRENT]: { DigitalProductId: madeDigitalProductId(OTHER), DigitalProductId4: madeDigitalProductId4('Volume:GVLK', PUBLIC) },
      }),
      findings: [{ messageId: 'ownedKey', at: at(CURRENT, 'DigitalProductId') }],
    },
    {
      name: 'the default key of the media, not in the table',
      image: software({ [CURRENT]: ids('Volume:GVLK', PUBLIC), [MEDIA]: ids('Retail', OLD), [`${MEDIA}2`]: ids('Retail', OLD) }),
      findings: [MEDIA, `${MEDIA}2`].map((key) => ({ messageId: 'mediaDefault' as const, at: at(key), severity: 'note' as const })),
    },
    ...['product key', 'ProductKey', 'product-key:', 'PIDKEY', '/inpkey:', '/ipk ', '-ipk ', '<key> ', 'slmgr ', 'ospp '].map((words) =>
      text(`a key of the older kind behind ${words}`, '/a.txt', `${words} ${OLD}`, 'textOldKey', 'error', words.length + 1),
    ),
    text('a key of the older kind without a word', '/a.txt', `see ${OLD}`, 'textOldKey', 'warning', 4),
    ...['/sources/pid.txt', '/sources/ei.cfg'].map((path) =>
      text(`a key of the older kind in ${path}`, path, `Value=${OLD}`, 'textOldKey', 'error', 6),
    ),
    ...copiedKeyCases,
    {
      name: 'copies: of the installed key, and of another edition',
      image: software({
        [CURRENT]: ids('Retail', OWNED, 'Enterprise'),
        [BROWSER]: ids('Retail', OWNED, 'Enterprise'),
        [`Wow6432Node\\${BROWSER}`]: ids('Retail', OTHER, 'Starter'),
      }),
      findings: [
        { messageId: 'ownedKey', at: at(CURRENT), severity: 'error' },
        { messageId: 'ownedKey', at: at(BROWSER), severity: 'error' },
        { messageId: 'otherEdition', at: at(`Wow6432Node\\${BROWSER}`), severity: 'warning' },
      ],
    },
    ...[OFFICE, OFFICE.replace(/\\[^\\]*$/, ''), PLATFORM].map((key) => ({
      name: `keys elsewhere: ${key}`,
      image: software({ [key]: { DigitalProductID: madeDigitalProductId(OLD) } }),
      findings: [{ messageId: 'ownedKey' as const, at: at(key, 'DigitalProductID') }],
    })),
    {
      name: 'values that were changed by hand or are no such values',
      image: software({
        [CURRENT]: { DigitalProductId4: madeDigitalProductId4('Volume:GVLK', OWNED).with(1140, 65) },
        [MEDIA]: { DigitalProductId4: new Uint8Array(10).fill(7) },
      }),
      findings: [
        { messageId: 'notIntact', at: at(CURRENT), severity: 'note' },
        { messageId: 'ownedKey', at: at(CURRENT) },
        { messageId: 'unreadable', at: at(MEDIA), severity: 'warning' },
      ],
    },
    {
      name: 'an installed key that cannot be judged',
      image: software({ [CURRENT]: { DigitalProductId4: new Uint8Array(2000).fill(1) } }),
      findings: [{ messageId: 'unreadable', at: at(CURRENT), severity: 'warning' }],
      unable: 'the installed key is unknown',
    },
    {
      name: 'a volume key in a value that was changed by hand',
      image: software({ [CURRENT]: { DigitalProductId4: madeDigitalProductId4('Volume:MAK', OWNED).with(1140, 65) } }),
      findings: [
        { messageId: 'notIntact', at: at(CURRENT), severity: 'note' },
        { messageId: 'volumeKey', at: at(CURRENT), severity: 'error' },
      ],
      never: [OWNED],
    },
    {
      name: 'a channel that was written over by hand',
      image: software({
        [CURRENT]: {
          DigitalProductId4: (() => {
            const value = madeDigitalProductId4('Volume:MAK', OWNED);
            value.fill(0, 0x3f8, 0x478).set(Buffer.from('Volume:GVLK', 'utf16le'), 0x3f8);
            return value;
          })(),
        },
      }),
      findings: [
        { messageId: 'notIntact', at: at(CURRENT), severity: 'note' },
        { messageId: 'ownedKey', at: at(CURRENT) },
      ],
      never: [OWNED],
    },
    backupKeys,
    {
      name: 'a key of an answer file that its bytes do not show, beside one that they do',
      image: {
        files: {
          '/a.xml': `<unattend>\n<ProductKey>${OWNED.replace(/./g, (c) => `&#${c.charCodeAt(0)};`)}</ProductKey></unattend>`,
          '/b.xml': `<unattend><ProductKey><Key><![CDATA[${OWNED.slice(0, 9)}]]>${OWNED.slice(9)}</Key></ProductKey></unattend>`,
          '/c.xml': `<unattend><Key>${OWNED}</Key></unattend>`,
          '/e.xml': new Uint8Array(
            Buffer.from(`\ufeff<unattend><Key>${OWNED.slice(0, 4)}<![CDATA[${OWNED.slice(4)}]]></Key></unattend>`, 'utf16le'),
          ),
          '/d-unattend.bak': `<unattend><Key>${OWNED.replaceAll('-', '')}</Key></unattend>`,
        },
      },
      findings: [
        { messageId: 'textKey', at: { file: '/a.xml', line: 2 } },
        { messageId: 'textKey', at: { file: '/b.xml', line: 1 } },
        { messageId: 'textKey', at: { file: '/c.xml', offset: 15 } },
        { messageId: 'textKey', at: { file: '/d-unattend.bak', line: 1 } },
        { messageId: 'textKey', at: { file: '/e.xml', line: 1 } },
      ],
      never: [OWNED],
    },
    ...(
      [
        ['as the same hive holds it', '/Windows/System32/config/SOFTWARE', OWNED, undefined],
        ['beside another one in the hive', '/Windows/System32/config/SOFTWARE', `${OWNED} ${OTHER}`, 'in the file: 2'],
        ['and another one in the hive', '/Windows/System32/config/SOFTWARE', OTHER, 'in the file: 1'],
        ['and the same in a text', '/Users/Public/config.txt', OWNED, 'in the file: 1'],
      ] as const
    ).map(([name, path, content, says]) => ({
      name: `a backup key, ${name}`,
      image: {
        ...software({ [PLATFORM]: { BackupProductKeyDefault: OWNED } }),
        files: { [path]: new Uint8Array(Buffer.from(content, 'utf16le')) },
      },
      findings: [
        ...(says === undefined ? [] : [{ messageId: 'textKey', at: { file: path, offset: 0 }, says }]),
        { messageId: 'backupKey', at: at(PLATFORM, 'BackupProductKeyDefault') },
      ],
      never: [OWNED, OTHER],
    })),
    {
      name: 'a backup key in clear',
      image: software({ [PLATFORM]: { BackupProductKeyDefault: OWNED } }),
      findings: [{ messageId: 'backupKey', at: at(PLATFORM, 'BackupProductKeyDefault') }],
    },
    text('a key in a script', '/Windows/Setup/Scripts/a.cmd', `cscript slmgr.vbs /ipk ${OWNED}`, 'textKey', 'error', 23),
    text('a key in UTF-16', '/b.txt', new Uint8Array(Buffer.from(`k ${OWNED}`, 'utf16le')), 'textKey', 'error', 4),
    text('a key in lower case', '/c.ini', OWNED.toLowerCase(), 'textKey', 'error', 0),
    text('an old key beside a word', '/Windows/Panther/unattend.xml', `<ProductKey>${OLD}</ProductKey>`, 'textOldKey', 'error', 12),
    text('an old key in Setup’s file', '/sources/PID.txt', `Value=${OLD}`, 'textOldKey', 'error', 6),
    text('an old key that stands alone', '/d.txt', `number ${OLD}`, 'textOldKey', 'warning', 7),
    text('a default key that is not in the table', '/e.txt', DEFAULT, 'textDefault', 'warning', 0),
    text('a default key that is not in the table, beside a word', '/e.txt', `ProductKey=${DEFAULT}`, 'textDefault', 'warning', 11),
    {
      name: 'many keys in one file',
      image: file('/f.txt', `${OWNED}\n${OTHER}\n${madeKey(9)}\n`),
      findings: [{ messageId: 'textKey', at: { file: '/f.txt', offset: 0 }, severity: 'error', says: 'in the file: 3' }],
      never: [OWNED, OTHER],
    },
    {
      name: 'a key in a named stream, and in a file and in a stream of it',
      image: {
        files: { '/g.txt': { content: 'x', streams: { s: OWNED } }, '/h.txt': { content: OWNED, streams: { undefined: ` ${OTHER}` } } },
      },
      findings: [
        { messageId: 'textKey', at: { file: '/g.txt', stream: 's', offset: 0 } },
        { messageId: 'textKey', at: { file: '/h.txt', offset: 0 }, says: 'in the file: 1' },
        { messageId: 'textKey', at: { file: '/h.txt', stream: 'undefined', offset: 1 } },
      ],
    },
  ],
});

test('product-key: an answer file that holds a key is never remembered as one in which there is nothing', async () => {
  const visitor = productKey.create({ policy: { kmsHosts: [] }, options: {} } as never);
  const seen = (content: string) => visitor.file!({ path: '/unattend.xml' } as ImageFile, Buffer.from(content));
  assert.is(await seen(answer('<ProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</ProductKey>')), undefined);
  assert.is(await seen(answer('<TimeZone>UTC</TimeZone>')), NOTHING);
});

test.run();
