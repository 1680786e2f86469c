// Batch files in plain form: what cmd.exe would run, and what must be left alone.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { plainBatch } from '../../../formats/script/batch.ts';
import { MappedText } from '../../../formats/script/mapped.ts';

const plain = (text: string) => plainBatch(new MappedText(text, [{ start: 0, offset: 0, step: 1 }]));
const textOf = (text: string) => plain(text).text.text;
const lastLine = (text: string) => textOf(text).split(/\r?\n/).at(-1);

for (const [name, script, expected] of [
  ['carets', 's^lm^gr.v^bs /a^to', 'slmgr.vbs /ato'],
  ['a continued line', 'slm^\r\ngr /ato', 'slmgr /ato'],
  ['a variable that is set to nothing', 'set nil=\r\ns%nil%cht%nil%asks', 'schtasks'],
  ['a variable that is never set', 'ht%blank%tps://x', 'https://x'],
  ['a part of one', 'set a=xxslmgryy\n%a:~2,5%', 'slmgr'],
  ['parts counted from the end', 'set a=xxslmgryy\n%a:~-7,-2% %a:~-2% %a:~7%', 'slmgr yy yy'],
  ['a replaced part, in any case', 'set a=sQlQmgr\n%a:q=%', 'slmgr'],
  ['everything up to a part', 'set a=junkslmgr\n%a:*junk=%', 'slmgr'],
  ['the form with quotes', 'set "a=slm" & set "b=gr"\n%a%%b%', 'slmgr'],
  ['exclamation marks', 'set a=slm\n!a!gr !a:~0,2!', 'slmgr sl'],
  ['set in a block, any case', 'if 1==1 (SET A=slm) else x\n%a:~0,3%gr', 'slmgr'],
  ['a second expansion by call', 'set a=slm\ncall echo %%a%%gr', 'call echo slmgr'],
  ['a value made of others', 'set a=slm\nset b=%a%gr\n%b%', 'slmgr'],
  ['the value that stands above', 'set a=1\nset a=2\n%a%', '2'],
] as const) {
  test(name, () => assert.is(lastLine(script), expected));
}

test('used before it is set, as behind a goto', () => assert.is(textOf('%a%gr\nset a=slm').split('\n')[0], 'slmgr'));

test('what is not in the script stays: the environment, parameters, loops, doubled signs, messages', () => {
  for (const line of [
    'cd /d "%~dp0"',
    '%1 %* %~nx2',
    '%SystemRoot%\\System32\\cscript.exe %ProgramFiles(x86)%',
    'for %%a in (1 2) do slmgr /ipk %%a',
    'for /f "tokens=1,2" %%a in (x) do echo %%a%%b',
    'echo 100%% sure',
    'echo Done! All fine! Bye!',
    'set /p KMS=Host? & slmgr /skms %KMS%',
    'set /a n=1+1 & echo %n%',
  ])
    assert.is(textOf(line).replace('%a%b', '%%a%%b'), line);
});

test('empty variables inside of words are counted, others are not', () => {
  assert.is(plain('s%n%l%n%m %n% x').splits, 2);
  assert.is(plain('set n=a\ns%n%l').splits, 0);
});

test('offsets lead to the place in the file', () => {
  const { text } = plain('set n=\r\ns%n%lmgr');
  const at = text.text.indexOf('slmgr');
  assert.is(text.at(at), 8);
  assert.is(text.at(at + 1), 12);
});

test('a script that grows without end, and one with a flood of variables, are left and told', () => {
  const growing = `set a=${'x'.repeat(8000)}\n${'%a%'.repeat(2000)}`;
  assert.match(plain(growing).fault ?? '', /grows without end/);
  assert.match(plain('set a=b\n'.repeat(20_001)).fault ?? '', /more than 20000 variables/);
});

test.run();
