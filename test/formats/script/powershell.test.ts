// PowerShell in plain form: backticks, joined texts, formats, replacements, characters by number.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MappedText } from '../../../formats/script/mapped.ts';
import { plainPowerShell } from '../../../formats/script/powershell.ts';

const textOf = (text: string) => plainPowerShell(new MappedText(text, [{ start: 0, offset: 0, step: 1 }])).text;

for (const [name, script, expected] of [
  ['backticks', 'i`e`x (i`rm x)', 'iex (irm x)'],
  ['a continued line', 'irm `\r\n x', 'irm   x'],
  ['joined texts', "'ir' + 'm' +\r\n\"x\"", '\'irmx"'],
  ['texts in parentheses', "('ir')+('m')", "'irm'"],
  ['a format', "'{2}{0}{1}' -f 'm','x','ir'", "'irmx'"],
  ['replacements', "'iXrXm'.Replace('X','') \"aYb\" -replace 'Y','Z'", "'irm' 'aZb'"],
  ['characters by number', '[char]105+[char]0x72 + [CHAR](109)', "'irm'"],
  ['a call keeps its parentheses', "[Convert]::FromBase64String('QQ==')", "[Convert]::FromBase64String('QQ==')"],
] as const) {
  test(name, () => assert.is(textOf(script), expected));
}

test('a plain script stays as it is', () => {
  const script = 'param([string]$KmsHost)\r\ncscript slmgr.vbs /skms $KmsHost\r\n"a $b c"\r\n';
  assert.is(textOf(script), script);
});

test.run();
