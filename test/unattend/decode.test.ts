// States of passwords and product keys: each with its file, and nothing of a secret in what comes out.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../formats/bytes.ts';
import { licenceOf } from '../../scripts/dev/fixtures/hives.ts';
import { holdsSecrets, passwordsOf, productKeysOf } from '../../unattend/decode.ts';
import { parseAnswerFile, renderAnswerFile } from '../../unattend/model.ts';
import { encodePassword, SCRUBBED } from '../../unattend/password.ts';
import { madeKey } from '../helpers/product-keys.ts';

const someKey = madeKey(7);
const gvlk = licenceOf('Enterprise').key;

const SECRET = 'Tr0ub4dor';
const inShell = (body: string) =>
  parseAnswerFile(
    new TextEncoder().encode(
      `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem">\n<component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64">\n${body}\n</component></settings></unattend>`,
    ),
  );
const value = (text: string, plain?: string) => `<Value>${text}</Value>${plain === undefined ? '' : `<PlainText>${plain}</PlainText>`}`;
const admin = (inner: string) => inShell(`<UserAccounts><AdministratorPassword>${inner}</AdministratorPassword></UserAccounts>`);
const autoLogon = (inner: string) => inShell(`<AutoLogon><Password>${inner}</Password></AutoLogon>`);

const STATES: readonly (readonly [string, ReturnType<typeof admin>, string, RegExp?])[] = [
  ['clear text', admin(value(SECRET, 'true')), 'plain'],
  ['clear text without PlainText', autoLogon(value(SECRET)), 'plain'],
  ['an element that Setup reads as it stands', inShell(`<Credentials><Password>${SECRET}</Password></Credentials>`), 'plain'],
  ['Base64 with its own suffix', admin(value(encodePassword('AdministratorPassword', SECRET), 'false')), 'encoded'],
  ['the same with 0 for false', autoLogon(value(encodePassword('Password', SECRET), '0')), 'encoded'],
  ['the same without PlainText', autoLogon(value(encodePassword('Password', SECRET))), 'encoded'],
  ['the same over two lines', autoLogon(value(encodePassword('Password', SECRET).replace(/^.{8}/, '$&\n  '), 'false')), 'encoded'],
  ['an encoded nothing', autoLogon(value(encodePassword('Password', ''), 'false')), 'blank'],
  ['an empty Value', autoLogon(value('', 'true')), 'blank'],
  ['an empty element', inShell('<AutoLogon><Password/></AutoLogon>'), 'blank'],
  ['what Setup leaves', admin(SCRUBBED), 'scrubbed'],
  ['what Setup leaves in Value', admin(value(SCRUBBED, 'false')), 'scrubbed'],
  ['text that says it is hidden', admin(value(`${SECRET}!`, 'false')), 'wrongly-encoded', /not Base64$/],
  ['plain Base64 of the text', admin(value(Buffer.from(SECRET).toString('base64'), 'false')), 'wrongly-encoded', /ends with "Admin/],
  ['the suffix of another element', admin(value(encodePassword('Password', SECRET), 'false')), 'wrongly-encoded', /of <Password> and not/],
  [
    'the longer suffix on the shorter element',
    autoLogon(value(encodePassword('AdministratorPassword', SECRET), 'false')),
    'wrongly-encoded',
    /of <AdministratorPassword> and not that of <Password>/,
  ],
  ['an encoded one that says it is not', autoLogon(value(encodePassword('Password', SECRET), 'true')), 'wrongly-encoded', /PlainText says/],
];

for (const [name, file, state, reason] of STATES) {
  test(`a password: ${name}`, () => {
    const found = passwordsOf(file);
    assert.is(found.length, 1);
    assert.is(found[0]!.state, state);
    if (reason) assert.match(found[0]!.reason!, reason);
    else assert.is(found[0]!.reason, undefined);
    for (const hint of [SECRET, Buffer.from(SECRET).toString('base64').slice(0, 8), encodePassword('', SECRET).slice(0, 12)]) {
      assert.not.ok(JSON.stringify(found).includes(hint), hint);
    }
  });
}

test('a password is told with pass, component, path, place and the suffix that its element wants', () => {
  const entry = passwordsOf(
    inShell(
      `<UserAccounts><LocalAccounts>\n<LocalAccount><Password>${value('a', 'true')}</Password></LocalAccount></LocalAccounts></UserAccounts>`,
    ),
  )[0]!;
  assert.equal(entry, {
    path: 'UserAccounts/LocalAccounts/LocalAccount/Password',
    pass: 'oobeSystem',
    component: 'Microsoft-Windows-Shell-Setup',
    architecture: 'amd64',
    at: { line: 4, column: 25 },
    state: 'plain',
    suffix: 'Password',
    reason: undefined,
  });
  assert.is(passwordsOf(inShell('<Credentials><Password>a</Password></Credentials>'))[0]!.suffix, undefined);
  assert.equal(passwordsOf(inShell('<ComputerName>PasswordPC</ComputerName>')), []);
});

test('product keys are classed, whichever element holds them', () => {
  const states = (body: string) => productKeysOf(inShell(body)).map(({ path, state }) => `${path}: ${state}`);
  const key = (text: string) => `<ProductKey>${text}</ProductKey>`;
  assert.equal(states(key(gvlk)), ['ProductKey: gvlk']);
  assert.equal(states(key(gvlk.toLowerCase())), ['ProductKey: gvlk']);
  assert.equal(states(`<UserData>${key(`<Key>${gvlk}</Key><WillShowUI>Never</WillShowUI>`)}</UserData>`), [
    'UserData/ProductKey/Key: gvlk',
  ]);
  assert.equal(states(key('')), ['ProductKey: empty']);
  assert.equal(states(key('XXXXX-XXXXX-XXXXX-XXXXX-XXXXX')), ['ProductKey: placeholder']);
  assert.equal(states(key('to be done')), ['ProductKey: malformed']);
  assert.equal(states(key(`${gvlk.slice(0, -1)}4`)), ['ProductKey: damaged']);
  assert.equal(states(key(someKey)), ['ProductKey: unknown']);
});

test('of a key nothing is said but the edition of a published one', () => {
  const found = productKeysOf(inShell(`<ProductKey>${someKey}</ProductKey>`));
  assert.is(found[0]!.edition, undefined);
  for (const group of someKey.split('-')) assert.not.ok(JSON.stringify(found).includes(group));
  assert.match(productKeysOf(inShell(`<ProductKey>${gvlk}</ProductKey>`))[0]!.edition!, 'Enterprise');
});

test('no password of any kind comes out, in any form', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9]{8,20}$/),
      fc.constantFrom('true', 'false', undefined),
      fc.boolean(),
      (text, plain, encoded) => {
        const shown = JSON.stringify(passwordsOf(admin(value(encoded ? encodePassword('AdministratorPassword', text) : text, plain))));
        for (const form of [text, encodePassword('', text), createHash('sha256').update(text).digest('hex')])
          assert.not.ok(shown.includes(form));
      },
    ),
    { numRuns: 300 },
  );
});

test('a file with secrets is told from one without', () => {
  for (const body of [
    `<AutoLogon><Password>${value(SECRET, 'true')}</Password></AutoLogon>`,
    `<ProductKey>${someKey}</ProductKey>`,
    '<Provisioning><AccountData>AAAA</AccountData></Provisioning>',
    '<CommandLine>net.exe user bob x</CommandLine>',
  ]) {
    assert.is(holdsSecrets(inShell(body)), true, body);
  }
  for (const body of [
    '<TimeZone>UTC</TimeZone>',
    `<AutoLogon><Password>${SCRUBBED}</Password></AutoLogon>`,
    '<AutoLogon><Password/></AutoLogon>',
    `<ProductKey>${gvlk}</ProductKey>`,
  ]) {
    assert.is(holdsSecrets(inShell(body)), false, body);
  }
});

test('damaged files are refused by the parser or read to their end', () => {
  const whole = renderAnswerFile(admin(value(encodePassword('AdministratorPassword', SECRET), 'false')));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
      const damaged = cut ? whole.slice(0, at) : whole.with(at, byte);
      try {
        const file = parseAnswerFile(damaged);
        assert.ok(passwordsOf(file).length <= 1);
        assert.equal(productKeysOf(file), []);
        holdsSecrets(file);
      } catch (error) {
        assert.instance(error, FormatError);
      }
    }),
    { numRuns: 1000 },
  );
});

test.run();
