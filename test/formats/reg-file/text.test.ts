// The bytes of .reg files: both headers, UTF-16 and ASCII; what depends on a code page is refused with its line.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError, utf16Bytes } from '../../../formats/bytes.ts';
import { decodeRegFile, REG_FILE_MAX_BYTES } from '../../../formats/reg-file/text.ts';

const FIVE = 'Windows Registry Editor Version 5.00\r\n';
const wide = (text: string) => Uint8Array.from([0xff, 0xfe, ...utf16Bytes(text)]);
const narrow = (text: string) => new Uint8Array(Buffer.from(text));
const fault = (bytes: Uint8Array) => {
  try {
    decodeRegFile(bytes);
  } catch (error) {
    assert.instance(error, FormatError);
    return (error as Error).message;
  }
  return 'taken';
};

test('UTF-16 with a mark, ASCII, and UTF-8 with a mark are read; line ends become line feeds', () => {
  assert.equal(decodeRegFile(wide(`${FIVE}[é]\r\n`)), { text: `${FIVE.trim()}\n[é]\n`, version: 5 });
  assert.equal(decodeRegFile(narrow('REGEDIT4\r[a]\r\n')), { text: 'REGEDIT4\n[a]\n', version: 4 });
  assert.is(decodeRegFile(Uint8Array.from([0xef, 0xbb, 0xbf, ...narrow(FIVE)])).version, 5);
});

test('what is no .reg file, or depends on a code page, is refused', () => {
  assert.match(fault(narrow('[HKEY_LOCAL_MACHINE]\n')), 'line 1: is not');
  assert.match(fault(narrow('')), 'line 1: is not');
  assert.match(fault(narrow(FIVE.trim())), 'line 1: is not');
  assert.match(fault(narrow(`${FIVE}\r\n[é]\r\n`)), 'line 3: holds characters beyond ASCII');
  assert.match(fault(utf16Bytes(FIVE)), 'line 1: holds a NUL');
  assert.match(fault(wide(FIVE).subarray(0, -1)), 'ends within');
  assert.match(fault(Uint8Array.from([0xfe, 0xff, 0, 0x57])), 'big-endian');
  assert.match(fault(new Uint8Array(REG_FILE_MAX_BYTES + 1)), 'too large');
});

test.run();
