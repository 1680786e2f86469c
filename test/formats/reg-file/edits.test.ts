// Values of .reg files as regedit takes them: any encoding, hexadecimal, removed keys, lines that mean nothing.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { regFileEdits } from '../../../formats/reg-file/edits.ts';

const HEAD = 'Windows Registry Editor Version 5.00\r\n\r\n';
const edits = (text: string | Uint8Array) =>
  regFileEdits(typeof text === 'string' ? new TextEncoder().encode(text) : text)?.edits.map(({ key, name, data, line }) => [
    key,
    name,
    data,
    line,
  ]);

test('texts, numbers, the default value, and values in hexadecimal', () => {
  assert.equal(
    edits(
      `${HEAD}[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\r\n@="x"\r\n"a\\"b"="C:\\\\x \\"y\\"" ; comment\r\n"n"=dword:00000698\r\n"e"=hex(2):61,00,\\\r\n  62,00,00,00\r\n"m"=hex(7):61,00,00,00,62,00,00,00,00,00\r\n"b"=hex:61,62\r\n"w"=hex:61,00,62,00\r\n"d"=hex(4):98,06,00,00\r\n`,
    ),
    [
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', '', 'x', 4],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', 'a"b', 'C:\\x "y"', 5],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', 'n', '1688', 6],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', 'e', 'ab', 7],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', 'm', 'a b', 9],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', 'b', 'ab', 10],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', 'w', 'ab', 11],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\A', 'd', '1688', 12],
    ],
  );
});

test('UTF-16 with and without a mark, and the older header', () => {
  const text = `${HEAD}[HKEY_CURRENT_USER\\A]\r\n"a"="b"\r\n`;
  for (const bytes of [
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text.replace(/^.*\r\n/, 'REGEDIT4\r\n')),
  ])
    assert.equal(edits(bytes), [['HKEY_CURRENT_USER\\A', 'a', 'b', 4]]);
});

test('removed keys and values, values before any key, and lines that mean nothing', () => {
  assert.equal(
    edits(`${HEAD}"a"="b"\r\n[-HKEY_CURRENT_USER\\A]\r\n"a"="b"\r\n[HKEY_CURRENT_USER\\B]\r\n"a"=-\r\nwhat\r\n"c"=text\r\n;"a"="b"\r\n`),
    [],
  );
  assert.is(edits('[HKEY_CURRENT_USER\\B]\r\n"a"="b"\r\n'), undefined);
});

test('a file of very many values is cut, and says so', () => {
  const read = regFileEdits(Buffer.from(`${HEAD}[HKEY_CURRENT_USER\\B]\n${'"a"="b"\n'.repeat(200_001)}`));
  assert.is(read?.complete, false);
  assert.is(read?.edits.length, 200_000);
});

test.run();
