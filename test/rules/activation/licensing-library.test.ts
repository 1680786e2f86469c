// The rule activation/licensing-library: libraries of Windows, deltas, namesakes; proxies, hooks and foreign files under any name.
import { test } from 'uvu';
import { licensingLibrary } from '../../../rules/activation/licensing-library.ts';
import {
  at,
  brought,
  delta,
  genuine,
  HOOK_TEXTS,
  handedOn,
  MANIFEST,
  OFFICE,
  PICTURE,
  proxy,
  STORE,
  SYSTEM,
  shapeCases,
  version,
} from '../../helpers/licensing-library-cases.ts';
import { makePe } from '../../helpers/make-pe.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

ruleTester(licensingLibrary, {
  good: [
    {
      name: 'the library of Windows, the one in its component',
      image: {
        files: { [`${SYSTEM}/sppc.dll`]: { content: genuine, links: [`${STORE}/sppc.dll`] }, [`${STORE}/sppc.dll`]: genuine, ...MANIFEST },
      },
    },
    {
      name: 'deltas of servicing, empty files, and the old name that hands everything on',
      image: {
        files: {
          [`${STORE}/f/sppc.dll`]: delta,
          [`${STORE}/r/SppExtComObj.exe`]: delta,
          [`${SYSTEM}/slcext.dll`]: '',
          [`${SYSTEM}/slc.dll`]: makePe({
            exports: { ...handedOn('SPPC'), SLGetLicensingStatusInformation: 'SPPC.SLGetLicensingStatusInformation' },
            version,
          }),
        },
      },
    },
    {
      name: 'a library of another maker that is called alike, and one that hands on other functions',
      image: {
        files: {
          '/Program Files/Chips/clipc.dll': makePe({ exports: { ClipConnect: '' }, version: { CompanyName: 'Chips' } }),
          '/Program Files/Chips/slc.dll': makePe({ exports: { SlcConnect: '' }, version: { CompanyName: 'Chips' } }),
          '/Program Files/App/heap.dll': makePe({ exports: { HeapAlloc: 'NTDLL.HeapAlloc', HeapFree: 'NTDLL.HeapFree' } }),
        },
      },
    },
    {
      name: 'folders of such names, deltas out of their place, programs of Office’s own platform, and Windows’ old name that no tool of tickets lies beside',
      image: {
        files: {
          '/x/sppc.dll': { folder: true },
          [`/x/spp${''}cs.dll`]: { folder: true },
          '/y/sppc.dll': delta,
          '/Program Files/Common Files/Microsoft Shared/OfficeSoftwareProtectionPlatform/osppc.dll': genuine,
          '/Program Files/Common Files/Microsoft Shared/OfficeSoftwareProtectionPlatform/osppsvc.exe': makePe({ version }),
          [`${SYSTEM}/slc.dll`]: genuine,
          [`${SYSTEM}/gatherosstate.exe`]: makePe({ version }),
        },
      },
    },
    {
      name: 'a library of Windows behind a picture, and a text that names an entry',
      image: {
        files: {
          '/a.jpg': Buffer.concat([PICTURE, genuine]),
          '/d.exe': makePe({ data: HOOK_TEXTS }),
          '/b.md': 'The library exports PatcherMain and SLOpen.',
          '/c.jpg': Buffer.concat([
            PICTURE,
            makePe({ exports: { ...handedOn('SPPC'), SLGetLicensingStatusInformation: 'SPPC.SLGetLicensingStatusInformation' } }),
          ]),
        },
      },
    },
    ...[
      '/Windows.old/Windows/System32',
      '/$WINDOWS.~BT/x',
      '/$SysReset/x',
      '/sources',
      '/Windows/servicing/x',
      '/Windows/SoftwareDistribution/x',
    ]
      .concat('/Windows/WinSxS/Temp/x', '/Windows/WinSxS/Backup')
      .map((folder) => ({
        name: `a copy of Setup or of a Windows before this one: ${folder}`,
        image: { files: { [`${folder}/sppc.dll`]: genuine } },
      })),
  ],
  bad: [
    ...shapeCases,
    {
      name: 'a proxy beside Office',
      image: { files: { [`${OFFICE}/sppc.dll`]: proxy('ANY') } },
      findings: [
        { messageId: 'proxy', at: at(`${OFFICE}/sppc.dll`), says: 'any' },
        { messageId: 'foreign', at: at(`${OFFICE}/sppc.dll`) },
      ],
    },
    {
      name: 'a proxy under another name, one in a stream, and one in a file and in its stream',
      image: {
        files: {
          '/Tools/view.dll': proxy('OTHER'),
          '/a.txt': { content: 'x', streams: { s: proxy('X') } },
          '/b.dll': { content: proxy('ONE'), streams: { undefined: proxy('TWO') } },
        },
      },
      findings: [
        { messageId: 'proxy', at: at('/Tools/view.dll') },
        { messageId: 'proxy', at: { file: '/a.txt', stream: 's' } },
        { messageId: 'proxy', at: at('/b.dll'), says: 'to one' },
        { messageId: 'proxy', at: { file: '/b.dll', stream: 'undefined' }, says: 'to two' },
      ],
    },
    {
      name: 'a proxy behind a picture, two in an archive that is not packed, a hook in another program and in a stream',
      image: {
        files: {
          '/a.jpg': Buffer.concat([PICTURE, proxy('ANY')]),
          '/b.bin': Buffer.concat([PICTURE, proxy('ONE'), proxy('TWO')]),
          '/c.exe': makePe({ overlay: makePe({ dll: false, exports: { PatcherMain: '' } }) }),
          '/d.txt': { content: 'x', streams: { s: Buffer.concat([PICTURE, proxy('X')]) } },
        },
      },
      findings: [
        { messageId: 'proxy', at: { file: '/a.jpg', offset: 12, inside: ['0xc.dll'] }, says: 'any' },
        { messageId: 'proxy', at: { file: '/b.bin', offset: 12 }, says: 'one' },
        { messageId: 'proxy', at: { file: '/b.bin', offset: 12 + proxy('ONE').length }, says: 'two' },
        { messageId: 'hook', at: { file: '/c.exe', offset: makePe().length, inside: [`0x${makePe().length.toString(16)}.exe`] } },
        { messageId: 'proxy', at: { file: '/d.txt', stream: 's', inside: ['0xc.dll'] } },
      ],
    },
    {
      name: 'a proxy that the component store holds, too, is a note',
      image: {
        files: {
          [`${SYSTEM}/new.dll`]: { content: proxy('SPPC'), links: [`${STORE}/new.dll`] },
          [`${STORE}/new.dll`]: proxy('SPPC'),
          ...MANIFEST,
        },
      },
      findings: [
        { messageId: 'storeProxy', at: at(`${SYSTEM}/new.dll`), severity: 'note' },
        { messageId: 'storeProxy', at: at(`${STORE}/new.dll`), severity: 'note' },
      ],
    },
    {
      name: 'a proxy in the place of Windows that no component holds',
      image: { files: { [`${SYSTEM}/new.dll`]: proxy('SPPC') } },
      findings: [{ messageId: 'proxy', at: at(`${SYSTEM}/new.dll`) }],
    },
    {
      name: 'another library of licensing beside the tool of old setups is only out of its place',
      image: { files: { '/t/gatherosstate.exe': makePe({ version }), '/t/sppc.dll': genuine } },
      findings: [{ messageId: 'misplaced', at: at('/t/sppc.dll') }],
    },
    {
      name: 'the name of a hook, as a link and as a copy',
      image: {
        files: {
          [`${OFFICE}/spp${''}cs.dll`]: { reparse: { tag: 0xa000000c, target: 'C:\\Windows\\System32\\sppc.dll' } },
          [`/Office/SPP${''}CS.DLL`]: genuine,
        },
      },
      findings: [
        { messageId: 'hookName', at: at(`${OFFICE}/spp${''}cs.dll`) },
        { messageId: 'hookName', at: at(`/Office/SPP${''}CS.DLL`) },
      ],
    },
    ...'sppc|sppcext|slc|slcext|sppobjs|sppwinob|osppc|osppcext|osppobjs|pidgenx|clipc'.split('|').map((name) => ({
      name: `a foreign file in place of the library ${name}`,
      image: { files: { [`${SYSTEM}/${name}.dll`]: makePe({ dll: true }) } },
      findings: [{ messageId: 'foreign', at: at(`${SYSTEM}/${name}.dll`) }],
    })),
    ...['sppsvc', 'SppExtComObj', 'osppsvc', 'slsvc'].map((name) => ({
      name: `a foreign file in place of the program ${name}`,
      image: { files: { [`${SYSTEM}/${name}.exe`]: makePe() } },
      findings: [{ messageId: 'foreign', at: at(`${SYSTEM}/${name}.exe`) }],
    })),
    ...['SysWOW64', 'SysArm32'].map((folder) => ({
      name: `a foreign library in ${folder}`,
      image: { files: { [`/Windows/${folder}/sppc.dll`]: makePe({ dll: true }) } },
      findings: [{ messageId: 'foreign', at: at(`/Windows/${folder}/sppc.dll`) }],
    })),
    {
      name: 'a foreign library beside an older Office, one in the platform of Office, and one that answers under a common name',
      image: {
        files: {
          '/Program Files/Microsoft Office 15/x/sppc.dll': makePe({ dll: true }),
          '/Program Files/Common Files/Microsoft Shared/OfficeSoftwareProtectionPlatform/osppc.dll': makePe({ dll: true }),
          '/Tools/slc.dll': makePe({ exports: brought }),
        },
      },
      findings: [
        { messageId: 'foreign', at: at('/Program Files/Microsoft Office 15/x/sppc.dll') },
        { messageId: 'foreign', at: at('/Program Files/Common Files/Microsoft Shared/OfficeSoftwareProtectionPlatform/osppc.dll') },
        { messageId: 'foreignElsewhere', at: at('/Tools/slc.dll') },
      ],
    },
    {
      name: 'a library of Office’s own in another folder of Office, and Windows’ own there',
      image: {
        files: {
          [`${OFFICE}/osppc.dll`]: genuine,
          [`${OFFICE}/sppcext.dll`]: { content: genuine, links: [`${STORE}/sppcext.dll`] },
          [`${STORE}/sppcext.dll`]: genuine,
          ...MANIFEST,
        },
      },
      findings: [
        { messageId: 'misplaced', at: at(`${OFFICE}/osppc.dll`) },
        { messageId: 'misplaced', at: at(`${OFFICE}/sppcext.dll`) },
      ],
    },
    {
      name: 'entries of hooks',
      image: {
        files: {
          '/a.dll': makePe({ exports: { PatcherMain: '' } }),
          '/c.dll': makePe({ exports: { PatcherMainW: '' } }),
          '/b.dll': makePe({
            exports: { InitHook: '' },
            imports: { 'RPCRT4.dll': ['RpcStringBindingComposeW'], 'K.dll': ['VirtualProtect'] },
          }),
        },
      },
      findings: [
        { messageId: 'hook', at: at('/a.dll') },
        { messageId: 'hook', at: at('/b.dll') },
        { messageId: 'hook', at: at('/c.dll') },
      ],
    },
    {
      name: 'a foreign library where only what lies beside it loads it, as Wine has one',
      image: { files: { '/Program Files/wine/x86_64-windows/sppc.dll': makePe({ dll: true }) } },
      findings: [{ messageId: 'foreignElsewhere', at: at('/Program Files/wine/x86_64-windows/sppc.dll'), severity: 'warning' }],
    },
    {
      name: 'foreign files in the place of the library and of the program',
      image: {
        files: {
          [`${SYSTEM}/sppc.dll`]: makePe({ dll: true }),
          [`${SYSTEM}/SppExtComObj.exe`]: makePe({ version: { CompanyName: 'Somebody' } }),
        },
      },
      findings: [
        { messageId: 'foreign', at: at(`${SYSTEM}/sppc.dll`), says: 'no maker' },
        { messageId: 'foreign', at: at(`${SYSTEM}/SppExtComObj.exe`), says: 'Somebody' },
      ],
    },
    {
      name: 'a file that claims to be the library and is not the one of its component',
      image: {
        files: {
          [`${SYSTEM}/sppc.dll`]: makePe({ exports: brought, version, data: 'changed' }),
          [`${STORE}/sppc.dll`]: genuine,
          ...MANIFEST,
        },
      },
      findings: [{ messageId: 'differs', at: at(`${SYSTEM}/sppc.dll`) }],
    },
    {
      name: 'a library of its own beside the tool of old setups',
      image: { files: { '/t/gatherosstate.exe': makePe({ version }), '/t/slc.dll': makePe({ exports: brought, version }) } },
      findings: [{ messageId: 'ticketHelper', at: at('/t/slc.dll') }],
    },
    {
      name: 'genuine by its claim, beside Office and in an odd folder',
      image: { files: { [`${OFFICE}/sppc.dll`]: genuine, '/ProgramData/x/sppc.dll': genuine } },
      findings: [
        { messageId: 'besideOffice', at: at(`${OFFICE}/sppc.dll`) },
        { messageId: 'misplaced', at: at('/ProgramData/x/sppc.dll') },
      ],
    },
    {
      name: 'a library whose headers are broken',
      image: { files: { [`${SYSTEM}/sppc.dll`]: genuine.subarray(0, 0x180) } },
      findings: [],
      unable: 'runs past the end',
    },
  ],
});

test.run();
