// Answer files as values: components, settings, processed passes, and roots that are something else.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { componentsOf, parseAnswerFile, processedPasses, renderAnswerFile, settingOf, settingsOf } from '../../unattend/model.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const file = parseAnswerFile(
  bytes(`<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="specialize" wasPassProcessed="true">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64"><ComputerName>*</ComputerName></component>
  </settings>
  <settings pass="oobeSystem">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64">
      <UserAccounts><LocalAccounts>
        <LocalAccount><Name>one</Name><Password><Value>cAA=</Value><PlainText>false</PlainText></Password></LocalAccount>
        <LocalAccount><Name> two </Name></LocalAccount>
      </LocalAccounts></UserAccounts>
    </component>
  </settings>
</unattend>`),
);

test('lists components with their pass, and which passes Setup has done', () => {
  assert.equal(
    componentsOf(file).map(({ pass, processed, name, architecture, at }) => [pass, processed, name, architecture, at?.line]),
    [
      ['specialize', true, 'Microsoft-Windows-Shell-Setup', 'amd64', 3],
      ['oobeSystem', false, 'Microsoft-Windows-Shell-Setup', 'amd64', 6],
    ],
  );
  assert.equal(processedPasses(file), ['specialize']);
});

test('lists the settings that hold text by their path, each list item for itself', () => {
  const settings = settingsOf(componentsOf(file)[1]!);
  const account = 'UserAccounts/LocalAccounts/LocalAccount';
  assert.equal(
    settings.map(({ path, value, at }) => [path, value, at?.line]),
    [
      [`${account}/Name`, 'one', 8],
      [`${account}/Password/Value`, 'cAA=', 8],
      [`${account}/Password/PlainText`, 'false', 8],
      [`${account}/Name`, ' two ', 9],
    ],
  );
  assert.is(settings[1]!.parent.local, 'Password');
});

test('finds one setting, for an architecture when asked', () => {
  const shell = 'Microsoft-Windows-Shell-Setup';
  assert.is(settingOf(file, 'specialize', shell, 'ComputerName'), '*');
  assert.is(settingOf(file, 'specialize', shell, 'ComputerName', 'x86'), undefined);
  assert.is(settingOf(file, 'oobeSystem', shell, 'ComputerName'), undefined);
});

test('refuses another root, and another namespace', () => {
  const refuses = (text: string) =>
    assert.throws(
      () => parseAnswerFile(bytes(text)),
      (error: unknown) => error instanceof FormatError && /root is/.test(error.message),
    );
  refuses('<FirstExperience><oobe/></FirstExperience>');
  refuses('<unattend/>');
  refuses('<x:unattend xmlns:x="urn:other"/>');
  assert.is(componentsOf(parseAnswerFile(bytes('<unattend xmlns="urn:schemas-microsoft-com:unattend"/>'))).length, 0);
});

test('renders what it read', () => {
  assert.equal(parseAnswerFile(renderAnswerFile(file)), file);
});

test.run();
