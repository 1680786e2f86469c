// The answer-file step: one file, merged into what is there, with every competitor named.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { secret } from '../../pipeline/secrets.ts';
import { generalizeAnswerFile } from '../../steps/generalize-answer-file.ts';
import { workspacePolicy } from '../../steps/workspace-policy.ts';
import { componentsOf, parseAnswerFile, settingOf } from '../../unattend/model.ts';
import { answer, image, PANTHER, parse, refusalOf, SHELL } from '../helpers/answer-image.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { needTools } from '../helpers/need.ts';
import { optionFaults, runInOrder, runStep, unchecked } from '../helpers/step-tester.ts';

test('writes one file with the three passes for the architecture of the image', async () => {
  const { lines, text, notes } = await runStep(
    generalizeAnswerFile({ timeZone: 'W. Europe Standard Time', locale: 'de-DE', inputLocale: '0407:00000407' }),
    image({ '/Windows/System32/de-DE/shell32.dll.mui': 'MZ' }, { info: { architecture: 'arm64' } }),
  );
  assert.equal(lines, [
    `write ${PANTHER}`,
    'write /Windows/Setup/Scripts/wtgforge/delete-answer-files.cmd',
    'write /Windows/Setup/Scripts/wtgforge/first-boot.cmd',
    'write /Windows/Setup/Scripts/SetupComplete.cmd',
  ]);
  const file = parse(await text(PANTHER));
  assert.ok(componentsOf(file).every(({ architecture }) => architecture === 'arm64'));
  const get = (pass: string, component: string, path: string) => settingOf(file, pass, component, path);
  assert.is(get('generalize', 'Microsoft-Windows-Security-SPP', 'SkipRearm'), '0');
  assert.is(get('generalize', 'Microsoft-Windows-PnpSysprep', 'PersistAllDeviceInstalls'), 'false');
  assert.is(get('specialize', SHELL, 'ComputerName'), '*');
  assert.is(get('specialize', SHELL, 'TimeZone'), 'W. Europe Standard Time');
  assert.is(get('specialize', 'Microsoft-Windows-International-Core', 'UserLocale'), 'de-DE');
  assert.is(get('specialize', 'Microsoft-Windows-International-Core', 'UILanguage'), 'de-DE');
  assert.is(get('oobeSystem', 'Microsoft-Windows-International-Core', 'InputLocale'), '0407:00000407');
  assert.is(get('oobeSystem', SHELL, 'OOBE/HideEULAPage'), 'true');
  assert.is(get('oobeSystem', SHELL, 'OOBE/ProtectYourPC'), '3');
  assert.is(notes.length, 1);
  assert.match(notes[0]!, 'generalize pass runs only');
});

test('writes no locale, zone or hidden page that nobody asked for', async () => {
  const { text, notes } = await runStep(generalizeAnswerFile({ hideOobe: false, computerName: 'KIOSK-1' }), image());
  const written = await text(PANTHER);
  for (const absent of ['International-Core', 'TimeZone', 'HideEULAPage', 'Password']) assert.not.ok(written.includes(absent), absent);
  assert.match(notes[1]!, 'called KIOSK-1');
});

test('sets region and keyboard but no language that the image cannot speak', async () => {
  const { text, notes } = await runStep(generalizeAnswerFile({ locale: 'fr-FR' }), image({ '/Windows/System32/en-US/a.mui': 'MZ' }));
  const written = await text(PANTHER);
  assert.ok(written.includes('<SystemLocale>fr-FR') && written.includes('<UserLocale>fr-FR'));
  assert.not.ok(written.includes('UILanguage'));
  assert.match(notes[0]!, 'no language pack for fr-FR');
});

test('goes to Sysprep in the case in which the folder stands there, and leaves no file that would win', async () => {
  const before = () =>
    fakeImage({
      files: {
        '/Windows/System32/sysprep/sysprep.exe': 'MZ',
        '/Windows/Panther/Unattend.xml': answer(''),
        '/autounattend.xml': answer(''),
      },
      SYSTEM: { Setup: { UnattendFile: 'C:\\a.xml' } },
    });
  const { lines, notes } = await runStep(generalizeAnswerFile({ location: 'sysprep', deleteAfterSetup: false }), before());
  assert.equal(lines, [
    'write /Windows/System32/sysprep/unattend.xml',
    'remove /Windows/Panther/Unattend.xml',
    'remove /autounattend.xml',
    'delete SYSTEM Setup!UnattendFile',
  ]);
  assert.match(notes[0]!, '/Windows/Panther/Unattend.xml: another answer file, removed');
  assert.match(notes[2]!, 'UnattendFile named "C:\\\\a.xml"');
  const refused = refusalOf({ location: 'sysprep', others: 'error' }, before());
  assert.match(await refused, '/Windows/Panther/Unattend.xml: another answer file (');
  const value = fakeImage({ files: { '/Windows/explorer.exe': 'MZ' }, SYSTEM: { Setup: { UnattendFile: 'C:\\a.xml' } } });
  assert.match(await refusalOf({ others: 'error' }, value), 'UnattendFile names');
});

test("merges into a user's file, in its own place and case, and keeps the rest of it", async () => {
  const theirs = answer(
    `<!-- theirs --><settings pass="oobeSystem"><component name="${SHELL}" processorArchitecture="amd64"><OOBE><HideEULAPage>false</HideEULAPage></OOBE><RegisteredOwner>Corp</RegisteredOwner></component><component name="x" processorArchitecture="x86"/></settings>`,
  );
  const { lines, text, notes } = await runStep(generalizeAnswerFile(), image({ '/Windows/Panther/Unattend.XML': theirs }));
  assert.is(lines[0], 'replace /Windows/Panther/Unattend.XML');
  const after = await text(PANTHER);
  assert.match(after, '<!-- theirs -->');
  assert.is(settingOf(parse(after), 'oobeSystem', SHELL, 'RegisteredOwner'), 'Corp');
  assert.is(settingOf(parse(after), 'oobeSystem', SHELL, 'OOBE/HideEULAPage'), 'true');
  assert.match(notes[0]!, 'components for x86, which Setup skips on amd64');
  const replaced = await runStep(generalizeAnswerFile({ existing: 'replace' }), image({ [PANTHER]: theirs }));
  assert.not.ok((await replaced.text(PANTHER)).includes('Corp'));
});

test('reports each value of the file that it replaces, keeps them, or refuses', async () => {
  const component = (body: string) => `<component name="${SHELL}" processorArchitecture="amd64">${body}</component>`;
  const theirs = answer(
    `<settings pass="specialize">${component('<ComputerName>DESK</ComputerName>')}</settings>\n<settings pass="oobeSystem">${component('<OOBE>\n<ProtectYourPC>1</ProtectYourPC></OOBE><TimeZone>UTC</TimeZone>')}</settings>`,
  );
  const before = () => image({ [PANTHER]: theirs });
  const name = `specialize / ${SHELL} (amd64) / ComputerName: ${PANTHER}:1:`;
  const later = await runStep(generalizeAnswerFile(), before());
  assert.ok(later.notes[0]!.startsWith(name), later.notes[0]);
  assert.match(later.notes[0]!, 'says "DESK", this step says "*"; the second is taken');
  assert.match(later.notes[1]!, `OOBE/ProtectYourPC: ${PANTHER}:3:1 says "1", this step says "3"; the second is taken`);
  assert.not.ok(later.notes.some((note) => note.includes('TimeZone') || note.includes('will be called')));
  assert.ok((await later.text(PANTHER)).includes('<TimeZone>UTC</TimeZone>'));

  const kept = await runStep(generalizeAnswerFile({ conflict: 'base' }), before());
  const file = parse(await kept.text(PANTHER));
  assert.is(settingOf(file, 'specialize', SHELL, 'ComputerName'), 'DESK');
  assert.is(settingOf(file, 'oobeSystem', SHELL, 'OOBE/ProtectYourPC'), '1');
  assert.is(settingOf(file, 'oobeSystem', SHELL, 'OOBE/HideEULAPage'), 'true');
  assert.match(kept.notes[0]!, 'the first stays');
  assert.match(kept.notes.at(-1)!, 'called DESK');

  try {
    await runStep(generalizeAnswerFile({ conflict: 'error' }), before());
    assert.unreachable();
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    assert.match(message, 'does not agree with this step');
    assert.match(message, 'ComputerName');
    assert.match(message, 'ProtectYourPC');
    assert.match(hint!, 'set conflict');
  }
  const agreed = await runStep(
    generalizeAnswerFile({ conflict: 'error', hideOobe: false, protectYourPC: 1, computerName: 'DESK' }),
    before(),
  );
  assert.is(settingOf(parse(await agreed.text(PANTHER)), 'oobeSystem', SHELL, 'TimeZone'), 'UTC');
});

test('replaces the copy of an installation that Setup has finished', async () => {
  const cached = answer(
    `<settings pass="specialize" wasPassProcessed="true"><component name="${SHELL}" processorArchitecture="amd64"/></settings>`,
  );
  const { text, notes } = await runStep(generalizeAnswerFile(), image({ [PANTHER]: cached }));
  assert.not.ok((await text(PANTHER)).includes('wasPassProcessed'));
  assert.match(notes[0]!, 'had marked specialize as done');
});

test('the workspace policy adds to the same file, and this step leaves that in place', async () => {
  const before = image({}, { SYSTEM: { Select: { Default: 1 }, ControlSet001: {} } });
  const after = await runInOrder([generalizeAnswerFile(), workspacePolicy(), generalizeAnswerFile()], before);
  const file = parseAnswerFile(await after.read(PANTHER));
  assert.is(settingOf(file, 'oobeSystem', 'Microsoft-Windows-WinRE-RecoveryAgent', 'UninstallWindowsRE'), 'true');
  assert.is(settingOf(file, 'generalize', 'Microsoft-Windows-Security-SPP', 'SkipRearm'), '0');
});

test('refuses a file that it cannot read, and an architecture that nobody knows', async () => {
  const refusal = async (given: Parameters<typeof image>) => {
    try {
      await runStep(generalizeAnswerFile(), image(...given));
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(await refusal([{ [PANTHER]: '<unattend>' }]), /cannot be read as an answer file .*line 1/);
  assert.match(await refusal([{ [PANTHER]: '<!DOCTYPE x><x/>' }]), 'has a DTD');
  assert.match(await refusal([{}, { info: { architecture: 'unknown' } }]), 'says its architecture');
});

test('refuses options of the wrong form', () => {
  for (const [given, fault] of [
    [{ computerName: 'much-too-long-name' }, 'right form'],
    [{ computerName: '12345' }, 'right form'],
    [{ computerName: 'a b' }, 'right form'],
    [{ timeZone: '<x>' }, 'right form'],
    [{ locale: 'deutsch' }, 'right form'],
    [{ protectYourPC: 4 }, 'at most 3'],
    [{ conflict: 'ask' }, 'must be one of later, error, base'],
    [{ location: 'root' }, 'must be one of panther, sysprep'],
    [{ password: 'x' }, 'unknown option'],
  ] as const) {
    assert.match(optionFaults(unchecked(generalizeAnswerFile, given))[0]!, fault);
  }
});

test('removes every other answer file and the registry value and nothing else', async () => {
  const files = {
    '/Windows/Panther/Unattend/Unattend.xml': answer(''),
    '/Windows/Panther/unattend.xml': answer(''),
    '/Windows/Panther/unattend-original.xml': answer(''),
    '/Windows/System32/Sysprep/UNATTEND.XML': 'broken',
    '/Windows/Panther/setupinfo.xml': '<x/>',
    '/Deploy/site.xml': answer(''),
  };
  const spec: FakeSpec = { SYSTEM: { Setup: { UnattendFile: 'C:\\Deploy\\site.xml', SetupType: 0 } } };
  const { lines, notes, image: after } = await runStep(generalizeAnswerFile(), image(files, spec));
  assert.is(lines.filter((line) => /^(?:remove|delete) /.test(line)).length, 4, lines.join('\n'));
  for (const gone of [
    '/Windows/Panther/Unattend/Unattend.xml',
    '/Windows/Panther/unattend-original.xml',
    '/Windows/System32/Sysprep/unattend.xml',
  ]) {
    assert.not.ok(await after.has(gone), gone);
    assert.ok(
      notes.some((note) => note.toLowerCase().startsWith(`${gone}: another answer file, removed`.toLowerCase())),
      gone,
    );
  }
  for (const kept of [PANTHER, '/Windows/Panther/setupinfo.xml', '/Deploy/site.xml']) assert.ok(await after.has(kept), kept);
  const system = await after.hive('SYSTEM');
  assert.is(system.value('Setup', 'UnattendFile'), undefined);
  assert.ok(system.value('Setup', 'SetupType'));
  assert.ok(notes.some((note) => note.includes('the value was removed')));
});

test('skips what is no Windows', async () => {
  assert.is((await runStep(generalizeAnswerFile(), fakeImage())).skipped, 'the image has no Windows folder');
});

for (const architecture of ['amd64', 'arm64', 'x86'] as const) {
  needTools(test, { xmllint: 'libxml2-utils' })(`what it writes for ${architecture} is valid by the schema of the envelope`, async () => {
    const given = {
      timeZone: 'UTC',
      locale: 'en-US',
      extendOsPartition: true,
      accountName: 'k',
      accountPassword: secret.env('KIOSK_PASSWORD'),
    } as const;
    const before = image({}, { info: { architecture } });
    const { image: after } = await runStep(generalizeAnswerFile(given), before, { secrets: { KIOSK_PASSWORD: 'x' } });
    const schema = fileURLToPath(new URL('../../unattend/answer-file.xsd', import.meta.url));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input: await after.read(PANTHER) });
    assert.is(status, 0, String(stderr));
    assert.ok(componentsOf(parseAnswerFile(await after.read(PANTHER))).every((one) => one.architecture === architecture));
  });
}

test.run();
