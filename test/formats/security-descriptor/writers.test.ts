// Who of the broad groups may change an object: denying entries, inherit-only ones, missing lists, owners.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Ace } from '../../../formats/security-descriptor/model.ts';
import { replacersOf, writersOf } from '../../../formats/security-descriptor/parse.ts';
import { plainAce } from '../../../formats/security-descriptor/render.ts';

const EVERYONE = 'S-1-1-0';
const USERS = 'S-1-5-32-545';
const AUTHENTICATED = 'S-1-5-11';
const SYSTEM = 'S-1-5-18';
const FULL = 0x1f01ff;
const READ_EXECUTE = 0x1200a9;

function writers(dacl: readonly Ace[] | undefined, folder = false, owner = SYSTEM): readonly string[] {
  return writersOf({ control: 0x8004, owner, group: SYSTEM, dacl, sacl: undefined }, folder);
}
const allow = (sid: string, mask: number, flags = 0) => plainAce(0, flags, mask, sid);
const deny = (sid: string, mask: number, flags = 0) => plainAce(1, flags, mask, sid);

test('who may only read is no writer', () => {
  assert.equal(writers([allow(SYSTEM, FULL), allow(USERS, READ_EXECUTE), allow(EVERYONE, 0x80000000)]), []);
  assert.equal(writers([]), []);
});

test('each right that changes content or control counts', () => {
  for (const right of [0x2, 0x4, 0x10000, 0x40000, 0x80000, 0x40000000, 0x10000000]) {
    assert.equal(writers([allow(USERS, right)]), [USERS], right.toString(16));
  }
  for (const right of [0x1, 0x8, 0x10, 0x20, 0x80, 0x100, 0x100000]) assert.equal(writers([allow(USERS, right)]), [], right.toString(16));
});

test('deleting children counts on folders only', () => {
  assert.equal(writers([allow(USERS, 0x40)], true), [USERS]);
  assert.equal(writers([allow(USERS, 0x40)], false), []);
});

test('who may delete in a folder or take it over may replace what lies in it; who may only make files may not', () => {
  const replacers = (dacl: readonly Ace[] | undefined) =>
    replacersOf({ control: 0x8004, owner: SYSTEM, group: SYSTEM, dacl, sacl: undefined });
  for (const right of [0x40, 0x40000, 0x80000, FULL]) assert.equal(replacers([allow(USERS, right)]), [USERS], right.toString(16));
  for (const right of [0x2, 0x4, 0x6, 0x10000, READ_EXECUTE]) assert.equal(replacers([allow(USERS, right)]), [], right.toString(16));
  assert.equal(replacers([allow(USERS, FULL, 0x0b)]), []);
  assert.equal(replacers(undefined), [EVERYONE]);
});

test('no list at all lets everyone in', () => {
  assert.equal(writers(undefined), [EVERYONE]);
});

test('inherit-only entries say nothing about the object', () => {
  assert.equal(writers([allow(EVERYONE, FULL, 0x0b)], true), []);
  assert.equal(writers([allow(EVERYONE, FULL, 0x03)], true), [EVERYONE]);
});

test('a denial counts when it stands in front, and for whom it names', () => {
  assert.equal(writers([deny(USERS, FULL), allow(USERS, FULL)]), []);
  assert.equal(writers([allow(USERS, FULL), deny(USERS, FULL)]), [USERS]);
  assert.equal(writers([deny(EVERYONE, FULL), allow(USERS, FULL)]), []);
  assert.equal(writers([deny(USERS, FULL), allow(AUTHENTICATED, FULL)]), [AUTHENTICATED]);
  assert.equal(writers([deny(USERS, 0x2), allow(USERS, FULL)]), [USERS]);
  assert.equal(writers([deny(USERS, FULL, 0x0b), allow(USERS, FULL)]), [USERS]);
});

test('domain users are broad, one account is not', () => {
  assert.equal(writers([allow('S-1-5-21-1-2-3-513', FULL)]), ['S-1-5-21-1-2-3-513']);
  assert.equal(writers([allow('S-1-5-21-1-2-3-1001', FULL)]), []);
});

test('a broad owner may take over, unless OWNER RIGHTS stands in the list', () => {
  assert.equal(writers([allow(SYSTEM, FULL)], false, USERS), [USERS]);
  assert.equal(writers([allow('S-1-3-4', READ_EXECUTE)], false, USERS), []);
});

test.run();
