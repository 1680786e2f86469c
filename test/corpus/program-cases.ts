// Cases that are programs and libraries of activators in disguise, and honest ones that look like them.
import { deltaFile, noise, peFile } from '../../scripts/dev/fixtures/bytes.ts';
import type { CorpusCases } from './case.ts';
import { bytesOf, dllFile, elfFile, emulatorBody, INTERFACE, joined, licensingProxy, PROTOCOL, SL_FUNCTIONS, wide } from './decoys.ts';

const OFFICE = '/Program Files/Microsoft Office/root/vfs/System';
const commaHex = (bytes: Uint8Array) => [...bytes].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ');
const anyFile = (path: string, content: Uint8Array | string) => ({ files: { [path]: content } });
const jpeg = Buffer.concat([bytesOf('ff d8 ff e0 00 10 4a 46 49 46 00 01 01 00 00 01 00 01 00 00'), noise('jpeg', 4000), bytesOf('ff d9')]);

export const programCases: CorpusCases = {
  refused: [
    {
      name: 'a library with the constants of the protocol, under an innocent name',
      rows: ['G4', 'E01', 'E29'],
      plant: anyFile('/Windows/System32/winmsgx.dll', peFile('winmsgx.dll', emulatorBody())),
    },
    { name: 'the same as a program of Linux', rows: ['G4', 'G23'], plant: anyFile('/opt/relay', elfFile(emulatorBody())) },
    {
      name: 'the constants as numbers in a script',
      rows: ['G4'],
      plant: anyFile(
        '/ProgramData/relay/request.py',
        `class Request:\n  key = bytearray([${commaHex(PROTOCOL[0]!)}])\n  other = bytearray([${commaHex(PROTOCOL[1]!)}])\n`,
      ),
    },
    {
      name: 'a program behind a picture',
      rows: ['G4', 'G13'],
      plant: anyFile('/Users/Public/Pictures/holiday.jpg', Buffer.concat([jpeg, peFile('x.exe', emulatorBody())])),
    },
    {
      name: 'a licensing client that hands on to another one, behind a picture',
      rows: ['G2', 'G13'],
      plant: anyFile('/Users/Public/Pictures/sea.jpg', Buffer.concat([jpeg, licensingProxy('view.dll', 'LICORIG')])),
    },
    {
      name: 'a program in a named stream',
      rows: ['E11'],
      plant: {
        files: { '/Users/Public/notes.txt': { content: 'notes', streams: { cache: new Uint8Array(peFile('x.exe', emulatorBody())) } } },
      },
    },
    {
      name: 'a program in a named stream of a folder',
      rows: ['E11'],
      plant: { files: { '/ProgramData/cache': { folder: true, streams: { data: new Uint8Array(peFile('x.exe', emulatorBody())) } } } },
    },
    {
      name: 'settings of a hook in a library',
      rows: ['G5'],
      plant: anyFile(
        '/Windows/System32/winprint9.dll',
        peFile(
          'winprint9.dll',
          Buffer.concat([noise('h', 64), wide(joined('KMS_', 'Emulation', '\0', 'KMS_', 'HWID', '\0')), wide('%05u-%05u-%03u-%06u-')]),
        ),
      ),
    },
    {
      name: 'a licensing client beside Office that hands on to another one',
      rows: ['G2'],
      plant: anyFile(`${OFFICE}/sppc.dll`, licensingProxy('sppc.dll', joined('SPP', 'CS'))),
    },
    {
      name: 'the same under another name, to another library',
      rows: ['G2', 'E01', 'E29'],
      plant: anyFile('/Program Files/Office Tools/licview.dll', licensingProxy('licview.dll', 'LICORIG')),
    },
    {
      name: 'a link to the licensing client by the name that only a hook uses',
      rows: ['G2', 'E28'],
      plant: {
        files: {
          [`${OFFICE}/${joined('spp', 'cs.dll')}`]: {
            reparse: { tag: 0xa000000c, target: 'C:\\Windows\\System32\\sppc.dll' },
            attributes: 0x420,
          },
        },
      },
    },
    {
      name: 'another library in place of the licensing client',
      rows: ['G2', 'G21'],
      plant: anyFile(
        '/Windows/System32/sppc.dll',
        dllFile(
          'sppc.dll',
          SL_FUNCTIONS.slice(0, 4).map((name) => ({ name })),
        ),
      ),
    },
    {
      name: 'another program in place of the activation host',
      rows: ['G21'],
      plant: anyFile('/Windows/System32/SppExtComObj.exe', peFile('SppExtComObj.exe', noise('other', 900))),
    },
    {
      name: 'a helper of old setups with a library of its own beside it',
      rows: ['G6'],
      plant: {
        files: {
          '/ProgramData/t/gatherosstate.exe': peFile('gatherosstate.exe'),
          '/ProgramData/t/slc.dll': dllFile('slc.dll', [{ name: 'SLOpen' }, { name: 'SLGetWindowsInformation' }]),
        },
      },
    },
    {
      name: 'the product data of an emulator',
      rows: ['G22', 'E01'],
      plant: anyFile('/Windows/System32/data.bin', Buffer.concat([bytesOf('4b 4d 44 00 00 00 02 00'), noise('kmd', 900)])),
    },
    {
      name: 'a known activator by its folder',
      rows: ['G14'],
      plant: anyFile(`/Program Files/${joined('KMS', 'pico')}/${joined('Auto', 'Pico')}.exe`, peFile('a.exe')),
    },
    {
      name: 'a known activator in the folder of the Windows before',
      rows: ['G14', 'E42'],
      plant: anyFile(`/Windows.old/Windows/${joined('SECOH', '-QAD')}.exe`, peFile('a.exe')),
    },
    {
      name: 'a loader that takes the place of the kernel',
      rows: ['G16'],
      plant: {
        files: {
          [`/Windows/System32/${joined('xNt', 'Krnl')}.exe`]: peFile('k.exe'),
          [`/Windows/System32/drivers/${joined('oem', '-drv64')}.sys`]: peFile('d.sys'),
        },
      },
    },
    {
      name: 'a driver package that installs a service of an activator',
      rows: ['E23'],
      plant: {
        files: {
          '/Windows/System32/DriverStore/FileRepository/oemlic.inf_amd64_0011223344556677/oemlic.inf':
            '[Version]\r\nSignature="$WINDOWS NT$"\r\nClass=System\r\nProvider=%P%\r\n[DefaultInstall.NTamd64]\r\nAddService=oemlic,,S\r\n[S]\r\nServiceType=1\r\nStartType=0\r\nServiceBinary=%12%\\oemlic.sys\r\n[Strings]\r\nP="Somebody"\r\n',
          '/Windows/System32/DriverStore/FileRepository/oemlic.inf_amd64_0011223344556677/oemlic.sys': peFile('oemlic.sys', emulatorBody()),
        },
      },
    },
    {
      name: 'a library in a component that no manifest names',
      rows: ['E21'],
      plant: anyFile(
        '/Windows/WinSxS/amd64_microsoft-windows-licensing-extra_31bf3856ad364e35_10.0.19041.1_none_0011223344556677/sppext.dll',
        peFile('sppext.dll', emulatorBody()),
      ),
    },
  ],
  honest: [
    {
      name: 'the interface of the service in a program of analysis',
      rows: ['T13', 'G4'],
      plant: anyFile('/Program Files/Nmap/nselib.dll', peFile('nselib.dll', Buffer.concat([noise('n', 500), INTERFACE, noise('m', 500)]))),
    },
    {
      name: 'a client of keys in a cloud',
      rows: ['T11'],
      plant: anyFile(
        '/Program Files/Cloud/kms.exe',
        peFile('kms.exe', Buffer.from('kms:Decrypt Key Management Service aws-encryption-sdk')),
      ),
    },
    {
      name: 'names that only hold the letters of others',
      rows: ['T22', 'G14'],
      plant: {
        files: {
          '/Program Files/Dev/gohook.dll': peFile('gohook.dll'),
          '/Program Files/Dev/discohook.exe': peFile('discohook.exe'),
          [`/Program Files/Dev/Shor${joined('tsF', 'orge')}.exe`]: peFile('s.exe'),
        },
      },
    },
    {
      name: 'deltas of servicing under the names of licensing files',
      rows: ['T40', 'G2', 'G21'],
      plant: {
        files: {
          '/Windows/WinSxS/amd64_microsoft-windows-security-spp_31bf3856ad364e35_10.0.19041.1_none_00112233aabbccdd/f/sppc.dll':
            deltaFile('f'),
          '/Windows/WinSxS/amd64_microsoft-windows-security-spp_31bf3856ad364e35_10.0.19041.1_none_00112233aabbccdd/r/sppobjs.dll':
            deltaFile('r'),
          '/Windows/WinSxS/amd64_microsoft-windows-security-spp_31bf3856ad364e35_10.0.19041.1_none_00112233aabbccdd/f/SppExtComObj.exe':
            deltaFile('e'),
        },
      },
    },
    {
      name: 'a library that hands on functions of another kind',
      rows: ['G2'],
      plant: anyFile(
        '/Program Files/App/apiset.dll',
        dllFile(
          'apiset.dll',
          ['HeapAlloc', 'HeapFree', 'CreateFileW', 'ReadFile', 'WriteFile', 'CloseHandle'].map((name) => ({
            name,
            forward: `KERNELBASE.${name}`,
          })),
        ),
      ),
    },
    {
      name: 'a driver for a private network',
      rows: ['T09', 'G15'],
      plant: anyFile('/Windows/System32/drivers/tap0901.sys', peFile('tap0901.sys')),
    },
  ],
};
