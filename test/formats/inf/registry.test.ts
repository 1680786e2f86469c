// What AddReg writes: full keys, texts, numbers and bytes, below services, and what is no value at all.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseInf } from '../../../formats/inf/inf.ts';
import { infValues } from '../../../formats/inf/registry.ts';

const values = (lines: readonly string[], services: ReadonlyMap<string, string> = new Map()) =>
  infValues(
    parseInf(new TextEncoder().encode(['[Install]', 'AddReg = Values, Values, Absent', '[Values]', ...lines].join('\r\n'))),
    services,
  ).map(({ key, name, data, line }) => [key, name, data, line]);

test('texts, lists, numbers and bytes', () => {
  assert.equal(
    values([
      'HKLM, Software\\Corp, Name, , "a, b"',
      'hklm,\\Software\\Corp\\,,0x00020000,"%11%\\x.dll"',
      'HKLM,Software\\Corp,List,0x00010000,a,b',
      'HKLM,Software\\Corp,Port,0x00010001,0x698',
      'HKLM,Software\\Corp,Port2,0x00010001,98,06,00,00',
      'HKLM,Software\\Corp,Wide,0x00000001,61,00,62,00,00,00',
      'HKLM,Software\\Corp,Bytes,1,61,62,00',
      'HKR,,Line,,a=b,c',
      'HKCU,X,Odd,0x00010001,text',
    ]),
    [
      ['HKLM\\Software\\Corp', 'Name', 'a, b', 4],
      ['HKLM\\Software\\Corp', '', 'C:\\Windows\\System32\\x.dll', 5],
      ['HKLM\\Software\\Corp', 'List', 'a b', 6],
      ['HKLM\\Software\\Corp', 'Port', '1688', 7],
      ['HKLM\\Software\\Corp', 'Port2', '1688', 8],
      ['HKLM\\Software\\Corp', 'Wide', 'ab', 9],
      ['HKLM\\Software\\Corp', 'Bytes', 'ab', 10],
      ['HKR', 'Line', 'a=b c', 11],
      ['HKCU\\X', 'Odd', 'text', 12],
    ],
  );
});

test('deletions, keys alone and unknown roots are no values', () =>
  assert.equal(values(['HKLM,Software\\Corp,Gone,0x00000004', 'HKLM,Software\\Corp,,0x00000010', 'HKXX,a,b,,c', 'text']), []));

test('what stands in the install section of a service lies below its key', () => {
  const services = new Map([['install', 'corp']]);
  assert.equal(values(['HKR,Parameters,Port,0x00010001,1'], services), [
    ['HKLM\\SYSTEM\\CurrentControlSet\\Services\\corp\\Parameters', 'Port', '1', 4],
  ]);
});

test('a file of very many values is cut', () => assert.is(values(Array.from({ length: 50_010 }, () => 'HKLM,a,b,,c')).length, 50_000));

test.run();
