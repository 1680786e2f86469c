// What scripts carry: coded commands, texts and programs in Base64, cabinets in Base85, and what only looks like it.
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { carriedIn } from '../../../formats/script/embedded.ts';
import { MappedText } from '../../../formats/script/mapped.ts';

const whole = (text: string) => new MappedText(text, [{ start: 0, offset: 0, step: 1 }]);
const found = (text: string) => carriedIn(whole(text)).carried;
const TEXT = 'slmgr /skms kms.example && slmgr /ato';
const coded = (bytes: Uint8Array | string) => Buffer.from(bytes as string).toString('base64');

test('an encoded command under any name that PowerShell takes', () => {
  const command = Buffer.from(TEXT, 'utf16le').toString('base64');
  for (const name of ['-EncodedCommand', '-enc', '-e', '-EC', '/enc', '–encod']) {
    const [one] = found(`powershell -NoP ${name} ${command}`);
    assert.is(one?.coding, 'encoded command', name);
    assert.is(Buffer.from(one!.bytes).toString('utf16le'), TEXT);
    assert.is(one?.offset, 16);
  }
  for (const line of [`-exclude ${command}`, `-Path ${command}`, '-e 12345678abcdefgh', `x-e ${command}`])
    assert.equal(found(line), [], line);
});

test('texts behind FromBase64String, packed in three ways and not at all', () => {
  for (const bytes of [TEXT, gzipSync(TEXT), deflateSync(TEXT), deflateRawSync(TEXT)]) {
    const [one] = found(`[Convert]::FromBase64String("${coded(bytes)}")`);
    assert.is(one?.kind, 'text');
    assert.is(Buffer.from(one!.bytes).toString(), TEXT);
  }
});

test('a packed text that is cut is told with its fault', () => {
  const [one] = found(`FromBase64String('${coded(gzipSync(TEXT.repeat(20)).subarray(0, 30))}')`);
  assert.match(one?.fault ?? '', /cannot be unpacked/);
});

test('programs and archives in long runs: on one line, on many, echoed, in comments', () => {
  const carry = (beginning: Uint8Array | string) =>
    coded(Buffer.concat([Buffer.from(beginning as string, 'latin1'), Buffer.alloc(900, 'payload')]));
  const lines = (text: string, before: string, after = '') =>
    text
      .match(/.{1,64}/g)!
      .map((line) => `${before}${line}${after}`)
      .join('\r\n');
  for (const [kind, beginning] of [
    ['program', 'MZ\x90\0'],
    ['cabinet', 'MSCF\0\0\0\0'],
    ['zip', 'PK\x03\x04'],
    ['7z', '7z\xbc\xaf\x27\x1c'],
    ['rar', 'Rar!\x1a'],
  ] as const) {
    for (const text of [
      `$x = "${carry(beginning)}"`,
      `-----BEGIN CERTIFICATE-----\r\n${lines(carry(beginning), '')}\r\n-----END CERTIFICATE-----`,
      lines(carry(beginning), 'echo ', '>>x.b64'),
      lines(carry(beginning), '::'),
      lines(carry(beginning), ' "', '" & _'),
    ])
      assert.equal(
        found(text).map((one) => one.kind),
        [kind],
        text.slice(0, 80),
      );
  }
});

test('a program in a line of its own, joined to the next one, or behind anything', () => {
  const program = coded(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(898, 'payload')]));
  for (const text of [
    `${program}`,
    `"${program}" + _`,
    `${program}+ _`,
    `${program} ^`,
    `x = f(1, ${program});`,
    `%${program}%`,
    `${'!'.repeat(511)}${program}`,
    `<a>${program}`,
  ]) {
    const [one] = found(text);
    assert.is(one?.kind, 'program', text.slice(0, 20));
    assert.is(one?.bytes.length, 900);
    assert.is(text.slice(one!.offset).replace(/^"/, '').slice(0, 4), program.slice(0, 4));
  }
  assert.equal(found(`%${program.slice(0, 508)}%`), [], 'a short run is a name or a digest');
});

test('long runs that decode to nothing known are nothing: hashes, keys, minified code', () => {
  const noise = Buffer.from(Uint8Array.from({ length: 900 }, (_, at) => ((at * 73 + 200) % 251) | 0x80));
  assert.equal(found(noise.toString('base64')), []);
  assert.equal(found('0123456789abcdef'.repeat(60)), []);
});

test('a cabinet in Base85 of any alphabet', () => {
  const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$&()*+-;<=>?@^_`{|}~.'];
  const cabinet = Buffer.concat([
    Buffer.from('MSCF\0\0\0\0'),
    Buffer.from(Array.from({ length: 800 }, (_, at) => (at * at * 31 + at * 7) % 256)),
  ]);
  const encode = (letters: readonly string[]) => {
    let text = '';
    for (let at = 0; at + 4 <= cabinet.length; at += 4) {
      let value = cabinet.readUInt32BE(at);
      const group: string[] = [];
      for (let digit = 0; digit < 5; digit++) {
        group.unshift(letters[value % 85]!);
        value = Math.floor(value / 85);
      }
      text += group.join('');
    }
    return text;
  };
  for (const letters of [alphabet, [...alphabet].reverse()]) {
    const text = encode(letters)
      .match(/.{1,100}/g)!
      .map((line) => `::${line}`)
      .join('\r\n');
    assert.equal(
      found(`@echo off\r\n${text}`).map(({ kind, coding, offset }) => [kind, coding, offset]),
      [['cabinet', 'base85', 11]],
    );
  }
  assert.equal(found(`::${'='.repeat(600)}\r\n::${'abcde.....'.repeat(80)}`), []);
});

test('a flood of them is told', () => {
  const many = Array.from({ length: 300 }, () => `FromBase64String('${coded(TEXT)}')`).join('\n');
  assert.is(carriedIn(whole(many)).flooded, true);
});

test('any text is survived', () => {
  fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => void found(text)));
});

test.run();
