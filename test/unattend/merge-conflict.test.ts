// What a conflict report shows and what it must not: values on one line, places, the answer; no secret, no command.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError } from '../../errors.ts';
import { elementsOf, xmlElement, xmlText } from '../../formats/xml/tree.ts';
import {
  conflictLine,
  type MergeConflict,
  MergeConflictError,
  quoted,
  renderConflicts,
  shownValue,
} from '../../unattend/merge-conflict.ts';

const leaf = (text: string) => xmlElement('x', '', [], text === '' ? [] : [xmlText(text)]);
const conflict = (kept: MergeConflict['kept'], setting = 'TimeZone'): MergeConflict => ({
  pass: 'specialize',
  component: 'Shell',
  architecture: 'amd64',
  setting,
  base: { value: '"UTC"', place: { name: 'user.xml', line: 12, column: 7 } },
  later: { value: '"GMT"', place: { name: 'this step', line: undefined, column: undefined } },
  kept,
});

test('masks passwords, keys and commands, and shows the rest', () => {
  const shown = (text: string, ...path: string[]) => shownValue(leaf(text), path);
  const key = ['AAAAA', 'BBBBB', 'CCCCC', 'DDDDD', 'EEEEE'].join('-');
  for (const [value, path, wanted] of [
    ['geheim', ['AutoLogon', 'Password', 'Value'], '(redacted)'],
    ['', ['UserAccounts', 'AdministratorPassword'], '(empty)'],
    ['geheim', ['Identification', 'MachinePassword'], '(redacted)'],
    ['geheim', ['Provisioning', 'AccountData'], '(redacted)'],
    [key, ['ProductKey'], '*****-*****-*****-*****-EEEEE'],
    ['short', ['UserData', 'ProductKey', 'Key'], '(redacted)'],
    [`slmgr ${key}`, ['Description'], '*****-*****-*****-*****-EEEEE'],
    ['Always', ['UserData', 'ProductKey', 'WillShowUI'], '"Always"'],
    ['net user x geheim', ['FirstLogonCommands', 'SynchronousCommand', 'CommandLine'], '(a command)'],
    ['net user x geheim', ['RunSynchronous', 'RunSynchronousCommand', 'Path'], '(a command)'],
    ['D:\\', ['DriverPaths', 'PathAndCredentials', 'Path'], '"D:\\\\"'],
    ['bob', ['Credentials', 'Username'], '"bob"'],
  ] as const) {
    assert.is(shown(value, ...path), wanted, path.join('/'));
  }
  assert.is(shownValue(xmlElement('G', '', [], elementsOf(xmlElement('p', '', [], [leaf('1'), leaf('2')]))), ['G']), '(a group of 2)');
});

test('a value stays on its line and cannot speak to the terminal', () => {
  assert.is(quoted('a\n\x1b[31m\x9b"'), '"a\\n\\u001b[31m?\\""');
  assert.is(quoted('x'.repeat(500)).length, 83);
});

test('the report says each setting, both sides and what became of them', () => {
  assert.is(renderConflicts([]), 'no conflicts\n');
  assert.is(
    renderConflicts([conflict('later'), conflict('later', 'OOBE/X')]),
    `2 settings have two values: the later file wins

specialize / Shell (amd64) / TimeZone
  dropped  "UTC"  at user.xml:12:7
  kept     "GMT"  at this step

specialize / Shell (amd64) / OOBE/X
  dropped  "UTC"  at user.xml:12:7
  kept     "GMT"  at this step
`,
  );
  assert.match(renderConflicts([conflict('base')]), /^1 setting has two values: the base wins[\s\S]*kept {5}"UTC"[\s\S]*dropped {2}"GMT"/);
  assert.match(renderConflicts([conflict('neither')]), /nothing was merged[\s\S]*open {5}"UTC"[\s\S]*open {5}"GMT"/);
  assert.is(
    conflictLine(conflict('base')),
    'specialize / Shell (amd64) / TimeZone: user.xml:12:7 says "UTC", this step says "GMT"; the first stays',
  );
});

test('the error names the first conflict and holds all of them', () => {
  const error = new MergeConflictError([conflict('neither'), conflict('neither', 'B')]);
  assert.instance(error, ConfigError);
  assert.is(error.code, 'ANSWER_MERGE_CONFLICT');
  assert.is(
    error.message,
    'answer files: do not agree (specialize / Shell (amd64) / TimeZone: user.xml:12:7 says "UTC", this step says "GMT", and 1 more)',
  );
  assert.is(error.conflicts.length, 2);
});

test.run();
