// The settings for Setup: by mode, only what was asked for, passwords as Setup decodes them, and every place known to the reference.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerFile } from '../../unattend/build.ts';
import { checkAnswerFile } from '../../unattend/check.ts';
import { passwordsOf } from '../../unattend/decode.ts';
import { componentsOf, settingOf, settingsOf } from '../../unattend/model.ts';
import { decodePassword } from '../../unattend/password.ts';
import { type Sealing, sealingPasses } from '../../unattend/sealing.ts';
import { lookUpSetting } from '../../unattend/settings-table.ts';

const PLAIN: Sealing = { mode: 'oobe', computerName: '*', hideOobe: true, protectYourPC: 3 };
const file = (more: Partial<Sealing> = {}, architecture = 'amd64') =>
  answerFile({ architecture, passes: sealingPasses({ ...PLAIN, ...more }) });
const FULL: Partial<Sealing> = {
  mode: 'audit',
  timeZone: 'UTC',
  locale: 'de-DE',
  language: 'de-DE',
  inputLocale: '0407:00000407',
  extendOsPartition: true,
  account: { name: 'kiosk', group: 'Users', password: 'hunter2' },
};

test('every setting of every choice stands in a pass that the reference allows', () => {
  for (const choice of [{}, FULL]) {
    const made = file(choice);
    let settings = 0;
    for (const component of componentsOf(made)) {
      for (const { path } of settingsOf(component)) {
        const known = lookUpSetting(component.name, path);
        assert.ok(
          known?.passes.some((pass) => pass === component.pass),
          `${component.pass} ${component.name} ${path}`,
        );
        settings++;
      }
    }
    assert.ok(settings > 8);
  }
});

test('our own checks find nothing but the password', () => {
  for (const architecture of ['amd64', 'arm64', 'x86']) {
    assert.equal(
      checkAnswerFile(file({ ...FULL, account: undefined }, architecture), { architecture }).filter(({ severity }) => severity !== 'note'),
      [],
    );
  }
});

test('audit mode seals itself and shuts down; oobe says nothing of it', () => {
  const get = (one: ReturnType<typeof file>, pass: string, path: string) => settingOf(one, pass, 'Microsoft-Windows-Deployment', path);
  const audit = file({ mode: 'audit' });
  assert.equal(
    [
      get(audit, 'oobeSystem', 'Reseal/Mode'),
      get(audit, 'auditUser', 'Generalize/Mode'),
      get(audit, 'auditUser', 'Generalize/ForceShutdownNow'),
    ],
    ['Audit', 'OOBE', 'true'],
  );
  assert.not.ok(componentsOf(file()).some(({ name }) => name === 'Microsoft-Windows-Deployment'));
});

test('the partition grows only when somebody chose it', () => {
  const get = (choice: Partial<Sealing>) =>
    settingOf(file(choice), 'specialize', 'Microsoft-Windows-Deployment', 'ExtendOSPartition/Extend');
  assert.equal([get({}), get({ extendOsPartition: true }), get({ extendOsPartition: false })], [undefined, 'true', 'false']);
});

test('the password is stored as Setup decodes it', () => {
  const made = file(FULL);
  assert.equal(
    passwordsOf(made).map(({ state, pass }) => [state, pass]),
    [['encoded', 'oobeSystem']],
  );
  const value = settingOf(made, 'oobeSystem', 'Microsoft-Windows-Shell-Setup', 'UserAccounts/LocalAccounts/LocalAccount/Password/Value');
  assert.is(decodePassword('Password', value!), 'hunter2');
});

test.run();
