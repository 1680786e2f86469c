// Libraries and programs of licensing made for tests, and cases of their shape: what is handed on, what is broken, where it lies.
import type { licensingLibrary } from '../../rules/activation/licensing-library.ts';
import { makePe } from './make-pe.ts';
import type { BadCase } from './rule-tester.ts';

const COMPONENT = 'amd64_microsoft-windows-security-spp_31bf3856ad364e35_10.0.19041.1_none_00112233aabbccdd';
export const STORE = `/Windows/WinSxS/${COMPONENT}`;
export const MANIFEST = { [`/Windows/WinSxS/Manifests/${COMPONENT}.manifest`]: '' };
export const OFFICE = '/Program Files/Microsoft Office/root/vfs/System';
export const SYSTEM = '/Windows/System32';
const FUNCTIONS = ['SLOpen', 'SLClose', 'SLGetSLIDList', 'SLConsumeRight', 'SLInstallLicense'];
export const handedOn = (to: string) => Object.fromEntries(FUNCTIONS.map((name) => [name, `${to}.${name}`]));
export const brought = Object.fromEntries([...FUNCTIONS, 'SLGetLicensingStatusInformation'].map((name) => [name, '']));
export const version = { CompanyName: 'Microsoft Corporation' };
export const proxy = (to: string) => makePe({ exports: { ...handedOn(to), SLGetLicensingStatusInformation: '' } });
export const genuine = makePe({ exports: brought, version });
export const delta = new Uint8Array(Buffer.from('\x01\x02\x03\x04PA30 and so on', 'latin1'));
export const PICTURE = Buffer.from('GIF89a MZ ..');
export const at = (file: string) => ({ file });
/** A program whose directory of that number (0 exports, 1 imports) lies nowhere. */
const broken = (content: Uint8Array, directory: number) => {
  const copy = Buffer.from(content);
  copy.writeUInt32LE(0x00ffff00, 0x108 + 8 * directory);
  copy.writeUInt32LE(0x100, 0x10c + 8 * directory);
  return new Uint8Array(copy);
};
export const HOOK_TEXTS = `Init${''}Hook RpcStringBindingCompose`;
/** Every function that is looked for, each with the next one and two that are not. */
const CHOSEN = [
  'SLOpen',
  'SLClose',
  'SLGetSLIDList',
  'SLConsumeRight',
  'SLInstallLicense',
  'SLGetPolicyInformationDWORD',
  'SLGetServiceInformation',
  'SLGetProductSkuInformation',
];
const handsOn = (...names: readonly string[]) =>
  makePe({
    exports: { ...Object.fromEntries(names.map((name) => [name, `ANY.${name}`])), SLGetLicensingStatusInformation: '' },
  });

export const shapeCases: readonly BadCase<typeof licensingLibrary>[] = [
  ...CHOSEN.map((name, place) => ({
    name: `a proxy of few functions: ${name}`,
    image: { files: { '/a.dll': handsOn(name, CHOSEN[(place + 1) % CHOSEN.length]!, 'SLReArmWindows', 'SLUnpinRights') } },
    findings: [{ messageId: 'proxy' as const, at: at('/a.dll'), says: '4 functions' }],
  })),
  {
    name: 'a proxy whose imports are broken, and one that carries another, told once',
    image: {
      files: {
        '/a.dll': broken(proxy('ANY'), 1),
        '/b.dll': makePe({ exports: { ...handedOn('ANY'), SLGetLicensingStatusInformation: '' }, overlay: proxy('OTHER') }),
      },
    },
    findings: [
      { messageId: 'proxy', at: at('/a.dll') },
      { messageId: 'proxy', at: at('/b.dll'), says: 'to any' },
    ],
  },
  {
    name: 'a program with the texts of a hook whose exports cannot be read',
    image: { files: { '/a.dll': broken(makePe({ data: HOOK_TEXTS }), 0) } },
    findings: [],
    unable: '/a.dll: PE',
  },
  {
    name: 'a copy of a proxy of the component store in another place, and a proxy in a stream of a file of the store',
    image: {
      files: {
        '/Tools/new.dll': proxy('SPPC'),
        [`${STORE}/new.dll`]: { content: proxy('SPPC') },
        [`${SYSTEM}/plain.dll`]: { content: 'x', links: [`${STORE}/plain.dll`], streams: { s: proxy('SPPC') } },
        ...MANIFEST,
      },
    },
    findings: [
      { messageId: 'proxy', at: at('/Tools/new.dll') },
      { messageId: 'storeProxy', at: at(`${STORE}/new.dll`), severity: 'note' },
      { messageId: 'proxy', at: { file: `${SYSTEM}/plain.dll`, stream: 's' } },
    ],
  },
  {
    name: 'a foreign library in a component without a manifest, and beside an Office that is packed as an app',
    image: { files: { [`${STORE}/sppc.dll`]: makePe({ dll: true }), '/Apps/a/root/vfs/System/sppc.dll': makePe({ dll: true }) } },
    findings: [
      { messageId: 'foreign', at: at(`${STORE}/sppc.dll`) },
      { messageId: 'foreign', at: at('/Apps/a/root/vfs/System/sppc.dll') },
    ],
  },
];
