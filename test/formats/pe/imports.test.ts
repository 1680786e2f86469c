// Imports of PE files: names, ordinals, delayed ones, and lists that do not end.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePeHeaders } from '../../../formats/pe/headers.ts';
import { readImports } from '../../../formats/pe/imports.ts';
import { PeReader } from '../../../formats/pe/reader.ts';
import { makePe } from '../../helpers/make-pe.ts';

const importsOf = (content: Uint8Array) => readImports(new PeReader(content, parsePeHeaders(content)));
const IMPORTS = { 'KERNEL32.dll': ['VirtualProtect', 'WriteProcessMemory'], 'rpcrt4.dll': ['RpcStringBindingComposeW'] };
const EXPECTED = [
  { dll: 'KERNEL32.dll', delayed: false, functions: ['VirtualProtect', 'WriteProcessMemory'] },
  { dll: 'rpcrt4.dll', delayed: false, functions: ['RpcStringBindingComposeW'] },
];

test('libraries and their functions, in both widths', () => {
  for (const bits of [32, 64] as const) assert.equal(importsOf(makePe({ bits, imports: IMPORTS })), EXPECTED);
  assert.equal(importsOf(makePe()), []);
});

test('an ordinal stands for a function without a name', () => {
  const content = Buffer.from(makePe({ bits: 32, imports: { 'a.dll': ['named'] } }));
  const table = content.indexOf('a.dll') + 8 - ((content.indexOf('a.dll') + 6) % 8 || 8) + 6;
  const thunk = [...content.keys()].find(
    (at) => at >= table - 8 && at % 4 === 0 && content.readUInt32LE(at) - 0x1000 + 0x400 === content.indexOf('named') - 2,
  )!;
  content.writeUInt32LE(0x80000011, thunk);
  assert.equal(importsOf(content)[0]!.functions, ['#17']);
});

test('delayed imports are told as such', () => {
  const content = Buffer.from(makePe({ imports: { 'late.dll': ['f'] } }));
  const directory = 0x98 + 112;
  const names = {
    dll: content.indexOf('late.dll') - 0x400 + 0x1000,
    thunks: content.readUInt32LE(content.readUInt32LE(directory + 8) - 0x1000 + 0x400),
  };
  const at = 0x400 + 0x180; // in the padding of the section
  content.writeUInt32LE(1, at);
  content.writeUInt32LE(names.dll, at + 4);
  content.writeUInt32LE(names.thunks, at + 16);
  content.writeUInt32LE(at - 0x400 + 0x1000, directory + 13 * 8);
  content.writeUInt32LE(0, directory + 8); // no other imports
  assert.equal(importsOf(content), [{ dll: 'late.dll', delayed: true, functions: ['f'] }]);
});

test('a list that runs out of the file is a fault', () => {
  const content = Buffer.from(makePe({ imports: IMPORTS }));
  content.writeUInt32LE(0x1000 + content.length, 0x98 + 112 + 8);
  assert.throws(() => importsOf(content), /list of imports lies outside/);
});

test.run();
