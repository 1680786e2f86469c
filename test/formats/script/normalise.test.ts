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

const MB = 1024 * 1024;

test('a text of which no expression sees the end is told, and what is plain in it is seen', () => {
  for (const [language, unit] of [
    ['batch', 'a%b%^c'],
    ['powershell', 'a`b'],
    ['vbscript', '"a" & '],
  ] as const) {
    const { layers, faults } = plain(`slmgr /ato\r\n${unit.repeat(1.2 * MB)}`, language);
    assert.match(faults.join(), /rewritten at more than 1000000 places/, language);
    assert.ok(
      layers.some(({ text }) => text.startsWith('slmgr /ato')),
      language,
    );
  }
});

// Each would not end in the life of a machine if an expression began anew at every letter.
test('long lines of one kind are read once', () => {
  for (const [language, text] of [
    ['batch', `${' '.repeat(MB)}%`],
    ['batch', `echo ${' '.repeat(MB)}%`],
    ['batch', `${'A'.repeat(MB)}${' '.repeat(MB)}%`],
    ['batch', `::${'A'.repeat(16 * MB)}%`],
    ['jscript', `String.fromCharCode(${'1'.repeat(MB)}x`],
    ['jscript', `String.fromCharCode(1${' '.repeat(MB)}x`],
    ['jscript', `String.fromCharCode(${'1,'.repeat(MB)}x`],
  ] as const)
    assert.ok(plain(text, language).layers.length > 0, text.slice(0, 30));
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
