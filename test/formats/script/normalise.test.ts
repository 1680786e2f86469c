// Scripts in plain form as rules search them: layers, offsets, limits.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { normaliseCommand, normaliseScript, SCRIPT_MAX_BYTES, type ScriptLanguage } from '../../../formats/script/normalise.ts';

const plain = (text: string | Uint8Array, language: ScriptLanguage) =>
  normaliseScript(new Uint8Array(Buffer.from(text as string)), language);
const texts = (text: string, language: ScriptLanguage) => plain(text, language).layers.map((layer) => layer.text);
const encoded = (text: string) => Buffer.from(text, 'utf16le').toString('base64');

test('each language is undone in its way', () => {
  assert.equal(texts('sl^mgr', 'batch'), ['slmgr']);
  assert.equal(texts("'sl'+'mgr'", 'powershell'), ["'slmgr'"]);
  assert.equal(texts('"sl" & "mgr"', 'vbscript'), ['"slmgr"']);
  assert.equal(texts('"sl" + "mgr"', 'jscript'), ['"slmgr"']);
});

test('a batch file that calls PowerShell is read in both ways', () => {
  const layers = texts(`p^owershell "i'+'ex"`, 'batch');
  assert.ok(layers.includes(`powershell "i'+'ex"`));
  assert.ok(layers.includes('powershell "iex"'));
});

test('coded texts become layers at the place of their carrier, one inside of the other', () => {
  const inner = `[Convert]::FromBase64String('${gzipSync("'slm'+'gr /ato'").toString('base64')}')`;
  const { layers, carried } = plain(`@echo off\r\npowershell -e ${encoded(inner)}`, 'batch');
  const layer = layers.find(({ text }) => text.includes('slmgr /ato'))!;
  assert.equal(layer.made, ['encoded command', 'base64', 'ascii', 'powershell'].toSpliced(1, 0));
  assert.is(layer.at(3), layer.at(0));
  assert.equal(
    carried.map(({ coding }) => coding),
    ['encoded command', 'base64'],
  );
});

test('splits are counted, programs are carried, and what was not followed is told', () => {
  assert.is(plain('s%n%l%n%mgr', 'batch').splits, 2);
  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(900, 'x')]).toString('base64');
  assert.equal(
    plain(`$x='${program}'`, 'powershell').carried.map(({ kind }) => kind),
    ['program'],
  );
  let deep = 'slmgr /ato';
  for (let level = 0; level < 8; level++) deep = `powershell -enc ${encoded(deep)}`;
  assert.match(plain(deep, 'batch').faults.join(), /levels deep/);
});

test('a command line is read as one of no known language', () => {
  const { layers } = normaliseCommand(`cmd /c s^chtasks & powershell -c "'i'+'ex'"`);
  assert.ok(layers.some(({ text }) => text.includes('schtasks')));
  assert.ok(layers.some(({ text }) => text.includes('iex')));
});

test('a script larger than any is refused', () => {
  assert.throws(() => normaliseScript(new Uint8Array(SCRIPT_MAX_BYTES + 1), 'batch'), /too large/);
});

test('any bytes in any language are survived, and offsets lie in the file', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 300 }).map((text) => new Uint8Array(Buffer.from(text))),
      ),
      fc.constantFrom<ScriptLanguage>('batch', 'powershell', 'vbscript', 'jscript', 'unknown'),
      (bytes, language) => {
        for (const layer of normaliseScript(bytes, language).layers)
          for (let index = 0; index < layer.text.length; index += 7) assert.ok(layer.at(index) < bytes.length);
      },
    ),
    { numRuns: 300 },
  );
});

test.run();
