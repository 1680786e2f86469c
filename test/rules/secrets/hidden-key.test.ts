// Keys in twenty and more writings and encodings are found and never shown; public keys, look-alikes and plain keys are not told here.
import { test } from 'uvu';
import { hiddenKey } from '../../../rules/secrets/hidden-key.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';
import { madeDigitalProductId, madeKey, madeOldKey } from '../../helpers/product-keys.ts';

const KEY = madeKey(61);
const OTHER = madeKey(62);
const BARE = KEY.replaceAll('-', '');
const GVLK = 'NPPR9-FWDCX-D2C8J-H872K-2YT43';
const hex = (bytes: Uint8Array, between: string) => [...bytes].map((one) => one.toString(16).padStart(2, '0')).join(between);
const wideLetters = (text: string) => text.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const utf32 = (text: string) => Buffer.from([...text].flatMap((one) => [one.charCodeAt(0), 0, 0, 0]));

/** As PowerShell puts a text together, within quotes. */
const inPieces = (text: string) => (text.match(/.{1,6}/g) ?? []).join("' + '");

const WRITINGS: readonly (readonly [name: string, path: string, content: string | Uint8Array, how: string])[] = [
  ['no dashes', '/a.txt', `ProductKey=${BARE}\r\n`, 'without dashes'],
  ['no dashes, lower case, in two bytes a letter', '/a.ini', Buffer.from(`\ufeffkey ${BARE.toLowerCase()}`, 'utf16le'), 'without dashes'],
  ['no dashes, in two bytes of the other order', '/a.ini', utf16be(`key ${BARE}`), 'without dashes'],
  ['blanks', '/a.txt', KEY.replaceAll('-', ' '), 'other signs'],
  ['long dashes of two bytes a letter', '/a.txt', Buffer.from(KEY.replaceAll('-', '\u2013'), 'utf16le'), 'other signs'],
  ['long dashes', '/a.log', `serial ${KEY.replaceAll('-', '\u2014')}`, 'other signs'],
  ['full-width letters', '/a.txt', wideLetters(KEY), 'in unusual letters'],
  ['signs between that nobody sees', '/a.txt', KEY.replace(/./g, '$&\u200b'), 'in unusual letters'],
  ['four bytes a letter', '/a.txt', utf32(`key ${KEY}`), 'UTF-32'],
  ['UTF-7', '/a.eml', KEY.replaceAll('-', '+AC0-'), 'UTF-7'],
  ['references', '/a.xml', `<k>${KEY.replace(/./g, (one) => `&#${one.charCodeAt(0)};`)}</k>`, 'as escapes'],
  ['JSON', '/a.json', `{"k":"${KEY.replaceAll('-', '\\u002d')}"}`, 'as escapes'],
  ['URL', '/a.url', `URL=x?k=${KEY.replaceAll('-', '%2d')}`, 'as escapes'],
  ['mail', '/a.eml', KEY.replaceAll('-', '=2D'), 'as escapes'],
  ['Base64', '/a.json', `{"k":"${Buffer.from(KEY).toString('base64')}"}`, 'in Base64'],
  ['Base64 behind letters of two bytes', '/a.json', `{"ü":"üö","k":"${Buffer.from(KEY).toString('base64')}"}`, 'in Base64'],
  ['Base64 in pieces too short to be any', '/a.ps1', `$k = '${inPieces(Buffer.from(KEY).toString('base64'))}'\n`, 'in Base64'],
  ['Base64 of two bytes a letter', '/a.cfg', Buffer.from(KEY, 'utf16le').toString('base64'), 'in Base64'],
  ['hex', '/a.csv', hex(Buffer.from(KEY), ''), 'as hexadecimal numbers'],
  ['hex of a .reg file', '/a.reg', `"k"=hex(1):${hex(Buffer.from(KEY, 'utf16le'), ',')}`, 'as hexadecimal numbers'],
  ['numbers', '/a.inf', Buffer.from(KEY).join(','), 'as numbers'],
  ['a stored value', '/a.reg', `"DigitalProductId"=hex:${hex(madeDigitalProductId(KEY), ',')}`, 'a stored value'],
  ['pieces in PowerShell', '/a.ps1', `$k = '${KEY.slice(0, 8)}' + '${KEY.slice(8)}'\n`, 'in pieces'],
  ['pieces in a batch file', '/a.cmd', `@echo off\r\nset nil=\r\nslmgr /ipk ${KEY.slice(0, 7)}%nil%${KEY.slice(7)}\r\n`, 'in pieces'],
  ['carets', '/a.bat', `slmgr /ipk ${KEY.slice(0, 7)}^${KEY.slice(7)}\r\n`, 'in pieces'],
  [
    'history of a shell, no dashes',
    '/Users/a/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt',
    `slmgr /ipk ${BARE}\n`,
    'without dashes',
  ],
];

windowsRuleTester(hiddenKey, {
  good: [
    { name: 'a plain key, which another rule tells', image: { files: { '/a.txt': `key ${KEY}`, '/b.cmd': `slmgr /ipk ${KEY}` } } },
    { name: 'a plain key beside the same without dashes', image: { files: { '/a.txt': `key ${KEY} ${BARE}` } } },
    {
      name: 'public keys in any writing',
      image: {
        files: {
          '/a.txt': `${GVLK.replaceAll('-', '')} ${Buffer.from(GVLK).toString('base64')}`,
          '/b.cmd': `slmgr /ipk ${GVLK.slice(0, 8)}^${GVLK.slice(8)}`,
        },
      },
    },
    {
      name: 'an old key, a wrong checksum, a GUID, a digest and other data',
      image: {
        files: {
          '/a.txt': `${madeOldKey(3).replaceAll('-', '')} ${BARE.slice(0, -1)}${BARE.endsWith('B') ? 'C' : 'B'} {6F9619FF-8B86-D011-B42D-00C04FC964FF}`,
          '/b.json': `{"sha256":"${'3a1f'.repeat(16)}","data":"${Buffer.alloc(300, 7).toString('base64')}"}`,
        },
      },
    },
    {
      name: 'a program, a document and a text that is too long',
      image: { files: { '/a.exe': BARE, '/a.docx': BARE, '/b.txt': `${BARE} ${' '.repeat(256 * 1024)}` } },
    },
    {
      name: 'stored values of no key: a wrong checksum, a placeholder',
      image: {
        files: Object.fromEntries(
          [`${KEY.slice(0, -1)}${KEY.endsWith('B') ? 'C' : 'B'}`, 'CCCCC-CCCCC-CCCCC-CCCCC-CCCCC'].map((key, place) => [
            `/${place}.reg`,
            `"DigitalProductId"=hex:${hex(madeDigitalProductId(key), ',')}`,
          ]),
        ),
      },
    },
    { name: 'texts with next to nothing in them', image: { files: { '/a.txt': '', '/b.cmd': 'rem' } } },
    { name: 'placeholders', image: { files: { '/a.txt': 'XXXXXXXXXXXXXXXXXXXXXXXXX BBBBB BBBBB BBBBB BBBBB BBBBN' } } },
  ],
  bad: [
    ...WRITINGS.map(([name, path, content, how]) => ({
      name,
      image: { files: { [path]: typeof content === 'string' ? content : new Uint8Array(content) } },
      findings: [{ messageId: 'hidden', at: { file: path }, says: how, severity: 'error' as const }],
      never: [KEY, BARE],
    })),
    {
      name: 'one key in two writings: the first is told',
      image: { files: { '/a.bat': `rem ${BARE}\r\nslmgr /ipk ${KEY.slice(0, 7)}^${KEY.slice(7)}\r\n` } },
      findings: [{ messageId: 'hidden', at: { file: '/a.bat' }, says: /without dashes.*in the file: 1/ }],
      never: [KEY, BARE],
    },
    ...'txt|log|ini|inf|inc|cfg|conf|xml|json|reg|csv|sif|eml|url|rtf|bak|old'.split('|').map((ending) => ({
      name: `a kind of text: ${ending}`,
      image: { files: { [`/k.${ending}`]: `key ${BARE}` } },
      findings: [{ messageId: 'hidden', at: { file: `/k.${ending}` } }],
      never: [KEY, BARE],
    })),
    ...(
      [
        ['cmd', (a: string, b: string) => `slmgr /ipk ${a}^${b}`],
        ['bat', (a: string, b: string) => `slmgr /ipk ${a}^${b}`],
        ['ps1', (a: string, b: string) => `$k = '${a}' + '${b}'`],
        ['psm1', (a: string, b: string) => `$k = '${a}' + '${b}'`],
        ['vbs', (a: string, b: string) => `k = "${a}" & "${b}"`],
        ['wsf', (a: string, b: string) => `<job><script language="VBScript">k = "${a}" & "${b}"</script></job>`],
        ['hta', (a: string, b: string) => `<html><script language="VBScript">k = "${a}" & "${b}"</script></html>`],
      ] as const
    ).map(([ending, text]) => ({
      name: `a kind of script: ${ending}`,
      image: { files: { [`/k.${ending}`]: `${text(KEY.slice(0, 8), KEY.slice(8))}\r\n` } },
      findings: [{ messageId: 'hidden', at: { file: `/k.${ending}` }, says: 'in pieces' }],
      never: [KEY, BARE],
    })),
    {
      name: 'two keys in one file',
      image: { files: { '/keys.csv': `${BARE}\r\n${OTHER.replaceAll('-', '')}\r\n` } },
      findings: [{ messageId: 'hidden', at: { file: '/keys.csv' }, says: 'in the file: 2' }],
      never: [KEY, OTHER],
    },
  ],
});

test.run();
