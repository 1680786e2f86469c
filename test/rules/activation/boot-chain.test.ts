// The rule activation/boot-chain: stores as Windows makes them, and stores that start something else or check nothing.
import { test } from 'uvu';
import { bootChain } from '../../../rules/activation/boot-chain.ts';
import type { FakeKeys, FakeValue } from '../../helpers/fake-image.ts';
import { ruleTester } from '../../helpers/rule-tester.ts';

const BCD = '/EFI/Microsoft/Boot/BCD';
const ON = new Uint8Array([1]);
const OFF = new Uint8Array([0]);
const LOADER = { '12000002': '\\Windows\\system32\\winload.efi', '22000002': '\\Windows' };

function store(
  objects: Readonly<Record<string, { readonly type: number; readonly elements: Readonly<Record<string, FakeValue>> }>>,
): FakeKeys {
  const keys: Record<string, Record<string, FakeValue>> = { Description: {} };
  for (const [id, { type, elements }] of Object.entries(objects)) {
    keys[`Objects\\${id}\\Description`] = { Type: type };
    for (const [number, value] of Object.entries(elements)) keys[`Objects\\${id}\\Elements\\${number}`] = { Element: value };
  }
  return keys;
}

const loader = (elements: Readonly<Record<string, FakeValue>>, path: `/${string}` = BCD) => ({
  hives: { [path]: store({ '{w}': { type: 0x10200003, elements: { ...LOADER, ...elements } } }) },
});
const AT = { hive: BCD, key: 'Objects\\{w}' };

ruleTester(bootChain, {
  good: [
    { name: 'an entry as Windows makes it', image: loader({ '16000049': OFF, '25000020': new Uint8Array(8) }) },
    { name: 'load options that leave the checks on', image: loader({ '12000030': 'NOEXECUTE=OPTIN' }) },
    { name: 'no store at all, as in most WIM files', image: {} },
    {
      name: 'another system beside it, in a boot sector and in the firmware',
      image: {
        hives: {
          [BCD]: store({
            '{l}': { type: 0x101fffff, elements: { '12000002': '\\EFI\\systemd\\systemd-bootx64.efi' } },
            '{g}': { type: 0x10400008, elements: { '12000002': '\\grldr.mbr', '16000048': ON } },
            '{m}': { type: 0x10100002, elements: { '12000002': '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' } },
          }),
        },
      },
    },
    {
      name: 'every loader, kernel and HAL of Windows, in each place',
      image: {
        hives: {
          [BCD]: store(
            Object.fromEntries(
              [
                ['\\Windows\\system32\\boot\\winload.exe', 'ntkrnlpa.exe', 'halacpi.dll'],
                ['\\bootmgr', 'ntkrnlmp.exe', 'hal.dll'],
                ['\\boot\\memtest.exe', 'ntkrpamp.exe', 'halmacpi.dll'],
                ['\\windows\\system32\\winresume.efi', 'NTOSKRNL.EXE', ''],
              ].map(([path, kernel, hal], at) => [
                `{${at}}`,
                { type: 0x10200003, elements: { '12000002': path!, '22000011': kernel!, '22000012': hal! } },
              ]),
            ),
          ),
        },
      },
    },
    { name: 'a debugger over the network', image: loader({ '22000013': 'kdnet.dll', '16000010': ON, '22000011': 'ntoskrnl.exe' }) },
  ],
  bad: [
    { name: 'no checks of integrity', image: loader({ '16000048': ON }), findings: [{ messageId: 'unchecked', at: AT }] },
    {
      name: 'no checks by load options, in the other place',
      image: loader({ '12000030': 'DDISABLE_INTEGRITY_CHECKS' }, '/Boot/BCD'),
      findings: [{ messageId: 'unchecked', at: { ...AT, hive: '/Boot/BCD' }, says: 'DDISABLE' }],
    },
    {
      name: 'another kernel',
      image: loader({ '22000011': 'xkernel.exe' }),
      findings: [{ messageId: 'replaced', at: AT, says: 'xkernel.exe' }],
    },
    {
      name: 'another HAL, another debug transport',
      image: {
        hives: {
          [BCD]: store({
            '{w}': { type: 0x10200003, elements: { ...LOADER, '22000012': 'xhal.dll' } },
            '{x}': { type: 0x10200004, elements: { '22000013': 'xkd.dll' } },
          }),
        },
      },
      findings: [
        { messageId: 'replaced', at: AT, says: 'the HAL xhal.dll' },
        { messageId: 'replaced', at: { hive: BCD, key: 'Objects\\{x}' }, says: 'xkd.dll' },
      ],
    },
    {
      name: 'a boot manager that checks nothing, signed for tests in the old way',
      image: {
        hives: {
          [BCD]: store({
            '{m}': { type: 0x10100002, elements: { '16000048': ON } },
          }),
        },
      },
      findings: [{ messageId: 'unchecked', at: { hive: BCD, key: 'Objects\\{m}' } }],
    },
    {
      name: 'another loader, signed for tests',
      image: loader({ '12000002': '\\Windows\\system32\\xload.exe', '16000049': ON }),
      findings: [
        { messageId: 'replaced', at: AT, says: 'xload.exe' },
        { messageId: 'replacedUnchecked', at: AT, says: 'xload.exe' },
      ],
    },
    {
      name: 'another kernel and no checks, inherited in a circle',
      image: {
        hives: {
          [BCD]: store({
            '{w}': { type: 0x10200003, elements: { ...LOADER, '14000006': ['{s}'], '22000011': 'xkernel.exe' } },
            '{s}': { type: 0x20200003, elements: { '16000048': ON, '14000006': ['{w}'] } },
          }),
        },
      },
      findings: [{ messageId: 'replacedUnchecked', at: AT }],
    },
    { name: 'test signing alone', image: loader({ '16000049': ON }), findings: [{ messageId: 'testSigning', at: AT }] },
    { name: 'test signing as Windows 7 stores it', image: loader({ '26000027': ON }), findings: [{ messageId: 'testSigning', at: AT }] },
    {
      name: 'no checks, and test signing beside it, told once',
      image: loader({ '16000048': ON, '16000049': ON }),
      findings: [{ messageId: 'unchecked', at: AT }],
    },
    {
      name: 'inherited behind an object that is missing',
      image: {
        hives: {
          [BCD]: store({
            '{w}': { type: 0x10200003, elements: { ...LOADER, '14000006': ['{gone}', '{s}'] } },
            '{s}': { type: 0x20200003, elements: { '16000049': ON } },
          }),
        },
      },
      findings: [{ messageId: 'testSigning', at: AT }],
    },
    {
      name: 'inherited through more objects than are followed',
      image: {
        hives: {
          [BCD]: store({
            '{w}': { type: 0x10200003, elements: { ...LOADER, '14000006': ['{0}'] } },
            ...Object.fromEntries(
              Array.from({ length: 20 }, (_, at) => [`{${at}}`, { type: 0x20200003, elements: { '14000006': [`{${at + 1}}`] } }]),
            ),
          }),
        },
      },
      findings: [],
      unable: '{w} inherits from more than',
    },
    {
      name: 'a store that cannot be read',
      image: { files: { '/Boot/BCD': 'not a hive' } },
      findings: [],
      unable: '/Boot/BCD',
    },
  ],
});

test.run();
