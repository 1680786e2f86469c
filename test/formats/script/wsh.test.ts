// VBScript and JScript in plain form: joined texts, characters by number, escapes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MappedText } from '../../../formats/script/mapped.ts';
import { plainJscript, plainVbscript } from '../../../formats/script/wsh.ts';

const whole = (text: string) => new MappedText(text, [{ start: 0, offset: 0, step: 1 }]);

test('VBScript: pieces, characters and continued lines', () => {
  assert.is(plainVbscript(whole('x = "slm" & "gr" & Chr(46) & _\r\n ChrW(&H76) & "bs"')).text, 'x = "slmgr.vbs"');
  assert.is(plainVbscript(whole('x = "a" & y & "b"')).text, 'x = "a" & y & "b"');
});

test('JScript: pieces, characters and escapes', () => {
  assert.is(plainJscript(whole(`x = 'slm' + 'gr' + "." + "vbs"`)).text, `x = 'slmgr' + ".vbs"`);
  assert.is(plainJscript(whole('String.fromCharCode(115, 0x6c,109)+"\\x67\\u0072"')).text, '"slmgr"');
  for (const text of ['a + b', 'String.fromCharCode()', 'String.fromCharCode(1234567)', 'String.fromCharCode(x)'])
    assert.is(plainJscript(whole(text)).text, text);
});

test.run();
