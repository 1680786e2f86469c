// Building answer files and setting values in other people's, judged by xmllint where it is there.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnswerSpec, answerFile, mergeSettings, withSettings } from '../../unattend/build.ts';
import { componentsOf, parseAnswerFile, renderAnswerFile, settingOf } from '../../unattend/model.ts';
import { needRealData, needTools, realData } from '../helpers/need.ts';

const SCHEMA = fileURLToPath(new URL('../../unattend/answer-file.xsd', import.meta.url));
const SHELL = 'Microsoft-Windows-Shell-Setup';
const spec: AnswerSpec = {
  architecture: 'amd64',
  passes: {
    oobeSystem: { [SHELL]: { OOBE: { HideEULAPage: true, ProtectYourPC: 3 }, FirstLogonCommands: commands('one', 'two') } },
    generalize: { 'Microsoft-Windows-Security-SPP': { SkipRearm: 0 } },
  },
};

function commands(...lines: string[]) {
  return { SynchronousCommand: lines.map((line, at) => ({ Order: at + 1, CommandLine: line })) };
}

const text = (file: Parameters<typeof renderAnswerFile>[0]) => new TextDecoder().decode(renderAnswerFile(file));
const parse = (source: string) => parseAnswerFile(new TextEncoder().encode(source));

test('a new file has the passes in the order in which they run, and reads well', () => {
  assert.is(
    text(answerFile(spec)).replaceAll('\r\n', '\n'),
    `<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="generalize">
    <component name="Microsoft-Windows-Security-SPP" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
      <SkipRearm>0</SkipRearm>
    </component>
  </settings>
  <settings pass="oobeSystem">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
      <OOBE>
        <HideEULAPage>true</HideEULAPage>
        <ProtectYourPC>3</ProtectYourPC>
      </OOBE>
      <FirstLogonCommands>
        <SynchronousCommand wcm:action="add">
          <Order>1</Order>
          <CommandLine>one</CommandLine>
        </SynchronousCommand>
        <SynchronousCommand wcm:action="add">
          <Order>2</Order>
          <CommandLine>two</CommandLine>
        </SynchronousCommand>
      </FirstLogonCommands>
    </component>
  </settings>
</unattend>
`,
  );
});

test('setting what is there already changes nothing', () => {
  const file = answerFile(spec);
  assert.is(withSettings(file, spec), file);
  const read = parseAnswerFile(renderAnswerFile(file));
  assert.is(withSettings(read, spec), read);
});

test("another person's file keeps its comments, order, prefix and other settings", () => {
  const before = `<?xml version="1.0"?>
<!-- ours -->
<u:unattend xmlns:u="urn:schemas-microsoft-com:unattend">
    <u:settings pass="oobeSystem">
        <u:component name="${SHELL}" processorArchitecture="AMD64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
            <!-- keep -->
            <u:TimeZone>UTC</u:TimeZone>
            <u:OOBE><u:HideEULAPage>false</u:HideEULAPage></u:OOBE>
        </u:component>
    </u:settings>
</u:unattend>
`;
  const file = withSettings(parse(before), spec);
  const after = text(file);
  for (const kept of [
    '<!-- ours -->',
    '<!-- keep -->',
    '<u:TimeZone>UTC</u:TimeZone>',
    '<u:HideEULAPage>true</u:HideEULAPage>',
    'xmlns:wcm=',
  ]) {
    assert.ok(after.includes(kept), kept);
  }
  assert.not.ok(after.includes('>false<'));
  assert.is(settingOf(parse(after), 'generalize', 'Microsoft-Windows-Security-SPP', 'SkipRearm'), '0');
  assert.is(componentsOf(file).filter(({ name }) => name === SHELL).length, 1);
  const again = parse(after);
  assert.is(withSettings(again, spec), again);
});

test('a list gets the items that it has not, and a component of another architecture is left alone', () => {
  const file = withSettings(answerFile(spec), {
    architecture: 'amd64',
    passes: { oobeSystem: { [SHELL]: { FirstLogonCommands: commands('three', 'one') } } },
  });
  const written = [...text(file).matchAll(/<Order>(\d)<\/Order>\s*<CommandLine>(\w+)</g)].map(([, order, line]) => `${order} ${line}`);
  assert.equal(written, ['1 one', '2 two', '3 three']);
  const both = withSettings(file, { architecture: 'x86', passes: { oobeSystem: { [SHELL]: { TimeZone: 'UTC' } } } });
  assert.equal(
    componentsOf(both)
      .filter(({ name }) => name === SHELL)
      .map(({ architecture }) => architecture),
    ['amd64', 'x86'],
  );
});

test('says which values of the file were replaced, or keeps them', () => {
  const source =
    '<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64"><OOBE><ProtectYourPC>1</ProtectYourPC></OOBE></component></settings></unattend>';
  const base = { name: 'user.xml', file: parse(source) };
  const later = mergeSettings(base, { name: 'the step', spec }, 'later');
  assert.equal(later.conflicts, [
    {
      pass: 'oobeSystem',
      component: SHELL,
      architecture: 'amd64',
      setting: 'OOBE/ProtectYourPC',
      base: { value: '"1"', place: { name: 'user.xml', line: 1, column: source.indexOf('<ProtectYourPC') + 1 } },
      later: { value: '"3"', place: { name: 'the step', line: undefined, column: undefined } },
      kept: 'later',
    },
  ]);
  const kept = mergeSettings(base, { name: 'the step', spec }, 'base');
  assert.is(settingOf(kept.file, 'oobeSystem', SHELL, 'OOBE/ProtectYourPC'), '1');
  assert.is(settingOf(kept.file, 'oobeSystem', SHELL, 'OOBE/HideEULAPage'), 'true');
});

const withXmllint = needTools(test, { xmllint: 'libxml2-utils' });

withXmllint('what we render is valid by the schema of the envelope, and the schema refuses what is not an answer file', () => {
  const judge = (bytes: string | Uint8Array) =>
    spawnSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, '-'], { input: Buffer.from(bytes as Uint8Array) });
  const good = judge(renderAnswerFile(answerFile(spec)));
  assert.is(good.status, 0, String(good.stderr));
  const source = text(answerFile(spec));
  for (const [from, to] of [
    ['pass="generalize"', 'pass="sysprep"'],
    ['pass="generalize"', 'pass="oobeSystem"'],
    [' publicKeyToken="31bf3856ad364e35"', ''],
    ['processorArchitecture="amd64"', 'processorArchitecture="x64"'],
    ['<settings', '<setting'],
    ['urn:schemas-microsoft-com:unattend', 'urn:other'],
  ] as const) {
    assert.not.equal(judge(new TextEncoder().encode(source.replace(from, to).replace('</setting>', ''))).status, 0, to);
  }
});

needRealData(test)('settings go into every real answer file, and xmllint reads what comes out', () => {
  const folder = join(realData, 'unattend');
  let seen = 0;
  for (const name of readdirSync(folder).filter((one) => !/OA3\.0__Unattend|oobe\.xml$/.test(one))) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const file = withSettings(parseAnswerFile(bytes), spec);
    const out = renderAnswerFile(file);
    assert.is(settingOf(parseAnswerFile(out), 'oobeSystem', SHELL, 'OOBE/ProtectYourPC', 'amd64'), '3', name);
    const again = parseAnswerFile(out);
    assert.is(withSettings(again, spec), again, name);
    assert.is(spawnSync('xmllint', ['--noout', '-'], { input: out }).status, 0, name);
    seen++;
  }
  assert.ok(seen > 50);
});

test.run();
