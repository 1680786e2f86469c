// Constants of the KMS protocol in any file: keys as bytes and as source, texts of emulators in programs, and who may hold them.
import { test } from 'uvu';
import type { Severity } from '../../../lint/rule.ts';
import { kmsProtocolConstants } from '../../../rules/activation/kms-protocol-constants.ts';
import { windowsRuleTester } from '../../helpers/on-windows.ts';

// Written so that this file, should it lie in an image, holds none of what the signatures look for.
const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const V4 = bytes('05 3d 83 07 f9 e5 f0 88');
const V5 = bytes('cd 7e 79 6f 2a b2 5d cb');
const V6 = bytes('a9 4a 41 95 e2 01 43 2d');
const INTERFACE = bytes('75 21 c8 51 4e 84 50 47 b0 d8 ec 25 55 55 bc 06');
const noise = (seed: number) => Buffer.from(Array.from({ length: 333 }, (_, at) => (at * 31 + seed * 17) & 255));
const program = (...parts: (Uint8Array | string)[]) =>
  Buffer.concat([Buffer.from('MZ'), noise(1), ...parts.map((part) => Buffer.from(part)), noise(2)]);
const wide = (text: string) => Buffer.from(text, 'utf16le');
const list = (key: Uint8Array, glue = ', ') => [...key].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(glue);
const escaped = (key: Uint8Array) => [...key].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
const hex = (key: Uint8Array) => Buffer.from(key).toString('hex');
const FORGER = ['LibTS', 'forge'].join('');
const STORE_FORGER = `${FORGER}.PhysicalStore`;
const SETTINGS = [`KMS${'_'}Emulation`, `KMS${'_'}HWID`] as const;

const file = (path: string, content: Uint8Array | string) => ({ files: { [path]: content } });
const offsetOf = (content: Uint8Array, part: Uint8Array | string) => Buffer.from(content).indexOf(part);
const bad = (
  name: string,
  path: string,
  content: Uint8Array | string,
  messageId: string,
  first: Uint8Array | string,
  severity: Severity = 'error',
) => ({
  name,
  image: file(path, content),
  findings: [{ messageId, at: { file: path, offset: offsetOf(Buffer.from(content), first) }, severity }],
});

const both = program(V4, V6);
const single = program(V5);
const hooked = program(V5, SETTINGS[0]);
const bare = Buffer.concat([noise(3), V4, V5, V6]);
const COMPONENT = 'amd64_microsoft-windows-security-spp-ux_31bf3856ad364e35_10.0.19041.1_none_0123456789abcdef';

windowsRuleTester(kmsProtocolConstants, {
  good: [
    { name: 'a plain program', image: file('/Windows/System32/a.dll', program('nothing')) },
    {
      name: 'a report and a rule file that quote the texts',
      image: {
        files: {
          '/docs/report.md': `The hook reads ${SETTINGS.join(' and ')}; its key is ${list(V4)} or ${hex(V5)}; ${STORE_FORGER}`,
          '/docs/rules.yar': `$a = "${SETTINGS[0]}" $b = { ${hex(V4)} } $c = "${hex(V6)}"`,
          '/docs/iocs.json': JSON.stringify({ hex: hex(V4), texts: [...SETTINGS, 'SPPCS.SL', STORE_FORGER] }),
        },
      },
    },
    { name: 'a database of texts that is no program', image: file('/av/base.dat', Buffer.from(SETTINGS.join('\0'))) },
    { name: 'a part of a key', image: file('/a.bin', V4.subarray(0, 7)) },
    { name: 'source with other numbers', image: file('/a.py', 'key = [0x05, 0x3D, 0x84, 0x07, 0xF9]') },
  ],
  bad: [
    bad('two keys in a program', '/Windows/System32/update.dll', both, 'certain', V4),
    bad('all keys in a file of no type', '/ProgramData/blob', bare, 'certain', V4),
    bad('one key', '/Windows/x.sys', single, 'strong', V5),
    bad('a key in a program of Linux', '/opt/server', Buffer.concat([Buffer.from('\x7fELF'), noise(4), V6]), 'strong', V6),
    bad('the interface alone, as analysers have it', '/Tools/dissector.dll', program(INTERFACE), 'weak', INTERFACE, 'warning'),
    bad('the interface beside a key', '/Tools/server.exe', program(V5, INTERFACE), 'certain', V5),
    bad('the settings of a hook, wide', '/a.dll', program(wide(SETTINGS[0]), wide(SETTINGS[1])), 'certain', wide(SETTINGS[0])),
    bad('one setting of a hook', '/a.dll', program(SETTINGS[0]), 'strong', SETTINGS[0]),
    bad('a proxy of the licensing DLL', '/Program Files/Office/sppc.dll', program('SPPCS.SLOpen'), 'certain', 'SPPCS.SL'),
    bad('a forger of the licence store', '/a.exe', program(FORGER), 'certain', FORGER),
    bad('its source in a script', '/a.cmd', `@echo off\r\nAdd-Type ${STORE_FORGER}`, 'certain', STORE_FORGER),
    bad('a product database', '/data.bin', Buffer.concat([bytes('4b 4d 44 00 00 00 02 00'), noise(5)]), 'strong', 'KMD'),
    bad('a key as a list in a script', '/s.py', `key = bytes([${list(V4)}])`, 'strong', '0x05'),
    bad(
      'a key as a list in other writing',
      '/s.cs',
      `byte[] k = { ${list(
        V6.map((byte) => byte),
        ',\r\n\t',
      )
        .toUpperCase()
        .replaceAll('0X', '0x')} };`,
      'strong',
      '0x',
    ),
    bad('a key as hexadecimal text', '/s.ps1', `$k = '${hex(V5).toUpperCase()}'`, 'strong', hex(V5).toUpperCase()),
    bad('one key as source in two writings', '/s.py', `k = "${hex(V4)}"; l = [${list(V4)}]`, 'strong', hex(V4)),
    bad('one key as bytes and as text', '/s.py', Buffer.concat([V6, Buffer.from(` k = "${hex(V6)}"`)]), 'strong', V6),
    bad('two keys as source', '/s.js', `[${list(V4)}],[${list(V5)}]`, 'certain', '0x05'),
    bad('a ready-made product id', '/a.exe', program('06401-00206-271-392041-03-1033-9600.0000-1652014'), 'strong', '06401'),
    bad('texts of a server', '/a.exe', program('vlmcsd default', 'randomized at program start'), 'certain', 'vlmcsd'),
    bad('texts of known builds', '/a.exe', program('KMSELDI.pdb', wide('Run KMS Emulator')), 'certain', 'KMSELDI'),
    ...'py|pyw|js|mjs|cjs|jse|ts|cs|csx|vb|vbs|vbe|ps1|psm1|psd1|cmd|bat|php|c|h|cc|cpp|hpp|cxx|rs|go|java|kt|lua|pl|pm|rb|sh|wsf|hta|au3|ahk|asm|inc|idl'
      .split('|')
      .map((ending) => bad(`source with the ending ${ending}`, `/s.${ending}`, `x ${hex(V6)}`, 'strong', hex(V6))),
    ...[V4, V5, V6].flatMap((key) => [
      bad('a key as hexadecimal text in one run', '/s.py', `k = "${hex(key)}"`, 'strong', hex(key)),
      bad('a key as escapes', '/s.py', `k = b"${escaped(key)}"`, 'strong', '\\x'),
    ]),
    // As Python prints bytes: letters stand for themselves. Joined here, so that this file is no finding itself.
    ...[String.raw`\x05=_\x83\x07\xf9`, String.raw`\xcd~y_o*\xb2`, String.raw`\xa9JA_\x95\xe2`]
      .map((parts) => parts.replace('_', ''))
      .map((text) => bad('a key as Python writes it', '/s.py', `k = b"${text}"`, 'strong', text)),
    ...[...SETTINGS, `KMS${'_'}RenewalInterval`, `%05u-%05u${''}-%03u-%06u-`].map((text) =>
      bad(`a setting of a hook: ${text}`, '/a.dll', program(wide(text)), 'strong', wide(text)),
    ),
    bad('the maker of a proxy', '/a.dll', program(wide(`Anomalous Software ${'Deterioration'} Corporation`)), 'certain', wide('Anomalous')),
    bad('the program of a forger', '/a.exe', program(['TSforge', 'CLI'].join('')), 'certain', 'TSforge'),
    ...['Activators', 'PhysicalStore', 'TokenStore'].map((part) =>
      bad(`source of a forger: ${part}`, '/a.cs', `using ${FORGER}.${part};`, 'certain', FORGER),
    ),
    ...`SppExtComObj_Hook.pdb|KMS_ELDI.pdb|Office 2010 _Toolkit.pdb|Tun_Mirror.pdb|\\KMS _Server.pdb|Activation GUI _for KMS Host|Run KMS _Emulator|IsKms_Client
Starting KMS_Emulator service|KMS Server _Emulator running|Install_AutoKMS|KMSAuto_Lite.Properties|Rati_borus|W10 Digital _Activation Program
DefaultKMS_PID|RandomKMS_PID|KillProcess_OnPort|KMS_PID|KMS_HWID|364F463A_8863D35F|3A1C0496_00B60076|vlmcsd _default|randomized at _program start
is not a KMS _data file version 2.x|install vlmcsd _as an NT service|<<< Incoming _KMS request|Sending _ePID (`
      .split(/[|\n]/)
      .map((parts) => parts.replace('_', ''))
      .map((text) => bad(`one text of a build: ${text}`, '/a.exe', program(' ', text, ' '), 'strong', text)),
    bad('settings of a service', '/a.exe', program(' KMSPID ', ' KillProcessOnPort '), 'certain', 'KMSPID'),
    {
      name: 'a named stream of a folder or file',
      image: { files: { '/innocent.txt': { content: 'text', streams: { hidden: both } } } },
      findings: [{ messageId: 'certain', at: { file: '/innocent.txt', stream: 'hidden', offset: offsetOf(both, V4) } }],
    },
    {
      name: 'source in a stream that is called so',
      image: { files: { '/a.txt': { content: 'x', streams: { 's.py': `k = "${hex(V6)}"` } } } },
      findings: [{ messageId: 'strong', at: { file: '/a.txt', stream: 's.py' } }],
    },
    {
      name: 'a file and a stream of it',
      image: { files: { '/a.txt': { content: single, streams: { undefined: both } } } },
      findings: [
        { messageId: 'strong', at: { file: '/a.txt', offset: offsetOf(single, V5) } },
        { messageId: 'certain', at: { file: '/a.txt', stream: 'undefined', offset: offsetOf(both, V4) } },
      ],
    },
    {
      name: 'a licensing program that equals its copy in the component store',
      image: {
        files: {
          '/Windows/System32/sppsvc.exe': { content: both, links: [`/Windows/WinSxS/${COMPONENT}/sppsvc.exe`] },
          [`/Windows/WinSxS/Manifests/${COMPONENT}.manifest`]: '<assembly/>',
        },
      },
      findings: [{ messageId: 'genuine', at: { file: '/Windows/System32/sppsvc.exe', offset: offsetOf(both, V4) }, severity: 'note' }],
    },
    ...['sppextcomobj.exe', 'slsvc.exe', 'sppobjs.dll', 'sppwinob.dll', 'sppc.dll', 'slc.dll', 'slcext.dll', 'pidgenx.dll'].map(
      (name, at) => {
        const path = `/Windows/${['System32', 'SysWOW64', 'SysArm32'][at % 3]}/${name}`;
        const content = program(at % 2 === 0 ? V5 : INTERFACE);
        return {
          name: `a copy of the component store as ${path}`,
          image: {
            files: {
              [path]: { content, links: [`/Windows/WinSxS/${COMPONENT}/${name}`] },
              [`/Windows/WinSxS/Manifests/${COMPONENT}.manifest`]: '<assembly/>',
            },
          },
          findings: [
            {
              messageId: 'genuine',
              at: { file: path, offset: offsetOf(content, at % 2 === 0 ? V5 : INTERFACE) },
              severity: 'note' as const,
            },
          ],
        };
      },
    ),
    {
      name: 'a copy of the component store that is no licensing program, one with more than the protocol, and a stream of one',
      image: {
        files: {
          '/Windows/System32/other.dll': { content: single, links: [`/Windows/WinSxS/${COMPONENT}/other.dll`] },
          '/Windows/System32/slc.dll': { content: hooked, links: [`/Windows/WinSxS/${COMPONENT}/slc.dll`] },
          '/Windows/System32/sppc.dll': { content: 'x', links: [`/Windows/WinSxS/${COMPONENT}/sppc.dll`], streams: { s: single } },
          [`/Windows/WinSxS/Manifests/${COMPONENT}.manifest`]: '<assembly/>',
        },
      },
      findings: [
        { messageId: 'strong', at: { file: '/Windows/System32/other.dll', offset: offsetOf(single, V5) } },
        { messageId: 'certain', at: { file: '/Windows/System32/slc.dll', offset: offsetOf(hooked, V5) } },
        { messageId: 'strong', at: { file: '/Windows/System32/sppc.dll', stream: 's', offset: offsetOf(single, V5) } },
      ],
    },
    {
      name: 'a licensing program in the component store itself',
      image: {
        files: {
          [`/Windows/WinSxS/${COMPONENT}/slc.dll`]: single,
          [`/Windows/WinSxS/Manifests/${COMPONENT}.manifest`]: '<assembly/>',
        },
      },
      findings: [
        { messageId: 'genuine', at: { file: `/Windows/WinSxS/${COMPONENT}/slc.dll`, offset: offsetOf(single, V5) }, severity: 'note' },
      ],
    },
    {
      name: 'a licensing program without such a copy',
      image: file('/Windows/System32/sppsvc.exe', both),
      findings: [{ messageId: 'certain', at: { file: '/Windows/System32/sppsvc.exe', offset: offsetOf(both, V4) } }],
    },
    {
      name: 'a hook beside a copy in a component that has no manifest',
      image: { files: { '/Windows/System32/sppc.dll': { content: single, links: [`/Windows/WinSxS/${COMPONENT}/sppc.dll`] } } },
      findings: [{ messageId: 'strong', at: { file: '/Windows/System32/sppc.dll', offset: offsetOf(single, V5) } }],
    },
  ],
});

test.run();
