// Two answer files setting by setting: list items by key, passwords as one thing and masked, doubled components told apart.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { answerFileDifference } from '../../unattend/difference.ts';
import { type AnswerFile, parseAnswerFile } from '../../unattend/model.ts';
import { encodePassword } from '../../unattend/password.ts';
import { needRealData, realData } from '../helpers/need.ts';

const SHELL = 'Microsoft-Windows-Shell-Setup';
const parse = (components: string): AnswerFile =>
  parseAnswerFile(
    Buffer.from(
      `<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State"><settings pass="oobeSystem">${components}</settings></unattend>`,
    ),
  );
const shell = (settings: string) => `<component name="${SHELL}" processorArchitecture="amd64">${settings}</component>`;
const rows = (before: AnswerFile | undefined, after: AnswerFile | undefined) =>
  answerFileDifference(before, after).map(({ at, before: old, after: now }) => [
    at.replace(`oobeSystem / ${SHELL} (amd64) / `, ''),
    old?.value,
    now?.value,
  ]);
const account = (name: string, password: string, group = 'Users') =>
  `<UserAccounts><LocalAccounts><LocalAccount wcm:action="add"><Name>${name}</Name><Group>${group}</Group><Password><Value>${encodePassword('Password', password)}</Value><PlainText>false</PlainText></Password></LocalAccount></LocalAccounts></UserAccounts>`;

test('settings are named from the pass down, new ones without a before, gone ones without an after', () => {
  assert.equal(
    rows(parse(shell('<TimeZone>UTC</TimeZone><A><B>1</B></A>')), parse(shell('<TimeZone>GMT Standard Time</TimeZone><C>x</C>'))),
    [
      ['TimeZone', '"UTC"', '"GMT Standard Time"'],
      ['C', undefined, '"x"'],
      ['A/B', '"1"', undefined],
    ],
  );
});

test('a list item goes by its key, and its password is one masked thing', () => {
  const [before, after] = [parse(shell(account('bob', 'hunter2'))), parse(shell(account('bob', 'hunter3', 'Administrators')))];
  const item = 'UserAccounts/LocalAccounts/LocalAccount[Name=bob]';
  assert.equal(rows(before, after), [
    [`${item}/Group`, '"Users"', '"Administrators"'],
    [`${item}/Password`, '(redacted)', '(redacted)'],
  ]);
  const said = JSON.stringify(rows(undefined, after));
  assert.not.match(said, new RegExp(`hunter|${encodePassword('Password', 'hunter3')}`));
});

test('an action that is not "add" is a difference of its own', () => {
  const item = (action: string) => parse(shell(`<X><LocalAccount wcm:action="${action}"><Name>bob</Name></LocalAccount></X>`));
  assert.equal(rows(item('add'), item('remove')), [['X/LocalAccount[Name=bob]/@wcm:action', undefined, '"remove"']]);
});

test('a component that stands twice keeps both parts apart', () => {
  assert.equal(rows(parse(shell('<TimeZone>UTC</TimeZone>')), parse(shell('<TimeZone>UTC</TimeZone>') + shell('<TimeZone>X</TimeZone>'))), [
    ['TimeZone (2)', undefined, '"X"'],
  ]);
});

test('formatting and comments are no difference', () => {
  assert.equal(rows(parse(shell('<TimeZone>UTC</TimeZone>')), parse(`\n ${shell('<!-- x -->\n<TimeZone>UTC</TimeZone>')}`)), []);
});

needRealData(test)('no real answer file differs from itself, each is all new beside none, and no password is shown', () => {
  const folder = join(realData, 'unattend');
  let files = 0;
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.xml'))) {
    let file: AnswerFile;
    try {
      file = parseAnswerFile(readFileSync(join(folder, name)));
    } catch (error) {
      if (error instanceof FormatError) continue;
      throw error;
    }
    files++;
    assert.equal(answerFileDifference(file, file), [], name);
    const all = answerFileDifference(undefined, file);
    assert.is(new Set(all.map(({ at }) => at)).size, all.length, name);
    for (const { at, after } of all) if (/password$/i.test(at)) assert.match(after!.value, /^\((?:redacted|empty)\)$/, `${name}: ${at}`);
  }
  assert.ok(files > 20, `${files} files`);
});

test.run();
