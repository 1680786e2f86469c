// The choices of the answer-file step: account, time zone, base file, audit mode, and what deletes the file at first boot.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeChange } from '../../pipeline/describe.ts';
import { secret } from '../../pipeline/secrets.ts';
import { generalizeAnswerFile } from '../../steps/generalize-answer-file.ts';
import { withScratch } from '../../tools/scratch.ts';
import { settingOf } from '../../unattend/model.ts';
import { decodePassword } from '../../unattend/password.ts';
import { answer, image, PANTHER, parse, refusalOf, SHELL } from '../helpers/answer-image.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';

test("has SetupComplete delete the file and every copy, as one action beside the owner's lines", async () => {
  const owner = '@echo off\r\necho corp\r\n';
  const { text, notes } = await runStep(generalizeAnswerFile(), image({ '/Windows/Setup/Scripts/SetupComplete.cmd': owner }));
  const action = await text('/Windows/Setup/Scripts/wtgforge/delete-answer-files.cmd');
  for (const path of [
    '%SystemRoot%\\Panther\\unattend.xml',
    '%SystemRoot%\\System32\\Sysprep\\unattend.xml',
    '%SystemRoot%\\Panther\\UnattendGC\\unattend.xml',
  ]) {
    assert.ok(action.includes(`if exist "${path}" del /f /q "${path}"\r\n`), path);
  }
  const setup = await text('/Windows/Setup/Scripts/SetupComplete.cmd');
  assert.match(setup, 'first-boot.cmd" delete-answer-files\r\n');
  assert.match(notes.join(), 'seals it again with sysprep /generalize /unattend:FILE, as the file in the image is deleted at first boot');
  assert.ok(setup.endsWith('echo corp\r\n'));
  const without = await runStep(generalizeAnswerFile({ deleteAfterSetup: false }), image());
  assert.equal(without.lines, [`write ${PANTHER}`]);
  assert.match(without.notes.join(), /sysprep \/generalize$/);
});

test('in audit mode the machine seals itself, the file stays for it, and the note says when the generalize pass runs', async () => {
  const { lines, text, notes } = await runStep(generalizeAnswerFile({ mode: 'audit' }), image());
  assert.equal(lines, [`write ${PANTHER}`]);
  const file = parse(await text(PANTHER));
  assert.is(settingOf(file, 'oobeSystem', 'Microsoft-Windows-Deployment', 'Reseal/Mode'), 'Audit');
  assert.is(settingOf(file, 'auditUser', 'Microsoft-Windows-Deployment', 'Generalize/ForceShutdownNow'), 'true');
  assert.match(notes[0]!, 'seals itself and shuts down');
});

test('a local account is made by reference only; its password is encoded and shown nowhere', async () => {
  const given = { accountName: 'kiosk', accountPassword: secret.env('KIOSK_PASSWORD') } as const;
  const { text, notes, changes } = await runStep(generalizeAnswerFile(given), image(), { secrets: { KIOSK_PASSWORD: 'Hunter-2' } });
  const file = parse(await text(PANTHER));
  const value = settingOf(file, 'oobeSystem', SHELL, 'UserAccounts/LocalAccounts/LocalAccount/Password/Value')!;
  assert.is(decodePassword('Password', value), 'Hunter-2');
  assert.is(settingOf(file, 'oobeSystem', SHELL, 'UserAccounts/LocalAccounts/LocalAccount/Group'), 'Users');
  assert.ok(changes[0]?.kind === 'write' && changes[0].secret);
  const shown = JSON.stringify([notes, changes.map((change) => describeChange(change, ['Hunter-2']))]);
  assert.not.match(shown, 'Hunter-2');
  assert.not.ok(shown.includes(value));
  assert.match(shown, 'LocalAccount[Name=kiosk]/Password');
  assert.match(notes.join(), 'the gate reports it');
  assert.match(await refusalOf({ accountName: 'kiosk' }), 'needs accountName and accountPassword');
  assert.match(await refusalOf({ ...given, accountName: 'administrator' }, image(), 'x'), 'a name that Windows has for itself');
  assert.match(await refusalOf({ ...given, mode: 'audit' }, image(), 'x'), 'in audit mode');
  assert.match(await refusalOf(given, image(), 'x'.repeat(128)), 'longer than 127');
  assert.match(optionFaults(unchecked(generalizeAnswerFile, { ...given, accountPassword: 'Hunter-2' }))[0]!, 'must be a reference');
  for (const accountName of ['a/b', 'a@b', '.', 'trailing ', 'x'.repeat(21)]) {
    assert.match(optionFaults(generalizeAnswerFile({ ...given, accountName }))[0]!, 'right form', accountName);
  }
});

test('takes a time zone of the image as the image writes it, and refuses any other', async () => {
  const zones = { SOFTWARE: { 'Microsoft\\Windows NT\\CurrentVersion\\Time Zones\\Corp Standard Time': {} } };
  const own = await runStep(generalizeAnswerFile({ timeZone: 'corp standard time' }), image({}, zones));
  assert.ok((await own.text(PANTHER)).includes('<TimeZone>Corp Standard Time<'));
  assert.match(await refusalOf({ timeZone: 'UTC' }, image({}, zones)), 'timeZone "UTC": the image does not know it (1 are known)');
  assert.match(await refusalOf({ timeZone: 'Central European Time' }), 'is no time zone of Windows (141 are known)');
});

test('a file of the host is the base: over the file of the image, below this step; one with a password is refused', async () => {
  await withScratch(async (folder) => {
    const base = join(folder, 'corp.xml');
    const shell = (body: string) =>
      `<settings pass="oobeSystem"><component name="${SHELL}" processorArchitecture="amd64">${body}</component></settings>`;
    await writeFile(
      base,
      answer(`<!-- corp -->${shell('<RegisteredOwner>Corp</RegisteredOwner><OOBE><ProtectYourPC>1</ProtectYourPC></OOBE>')}`),
    );
    const alone = await runStep(generalizeAnswerFile({ base }), image());
    assert.match(await alone.text(PANTHER), '<!-- corp -->');
    const theirs = image({
      [PANTHER]: answer(shell('<RegisteredOwner>Me</RegisteredOwner><RegisteredOrganization>Lab</RegisteredOrganization>')),
    });
    const both = await runStep(generalizeAnswerFile({ base }), theirs);
    const file = parse(await both.text(PANTHER));
    const get = (path: string) => settingOf(file, 'oobeSystem', SHELL, path);
    assert.equal([get('RegisteredOwner'), get('RegisteredOrganization'), get('OOBE/ProtectYourPC')], ['Corp', 'Lab', '3']);
    assert.match(both.notes[0]!, 'RegisteredOwner');
    await writeFile(
      base,
      answer(
        shell(
          '<UserAccounts><AdministratorPassword><Value>hunter2</Value><PlainText>true</PlainText></AdministratorPassword></UserAccounts>',
        ),
      ),
    );
    const refused = await refusalOf({ base });
    assert.match(refused, 'corp.xml: holds a password');
    assert.not.match(refused, 'hunter2');
    await writeFile(base, '<unattend>');
    assert.match(await refusalOf({ base }), 'corp.xml: cannot be read as an answer file');
  });
});

test.run();
