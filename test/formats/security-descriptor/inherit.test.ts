// What new files and folders inherit: flags, creators, generic rights, folders that hand nothing down.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inheritDescriptor } from '../../../formats/security-descriptor/inherit.ts';
import type { Ace, SecurityDescriptor } from '../../../formats/security-descriptor/model.ts';
import { parseDescriptor } from '../../../formats/security-descriptor/parse.ts';
import { changedAce, plainAce, renderDescriptor } from '../../../formats/security-descriptor/render.ts';

const TRUSTED = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';
const SYSTEM = 'S-1-5-18';
const ADMINISTRATORS = 'S-1-5-32-544';
const USERS = 'S-1-5-32-545';
const FULL = 0x1f01ff;
const OI = 1;
const CI = 2;
const NP = 4;
const IO = 8;
const ID = 0x10;

/** [flags, mask, sid] of the list that a child of a folder with these entries gets. */
function child(entries: readonly (readonly [number, number, string])[], folder: boolean): readonly unknown[] {
  const dacl = entries.map(([flags, mask, sid]) => plainAce(0, flags, mask, sid));
  return listOf(inheritDescriptor(descriptor(dacl), folder).dacl!);
}
function descriptor(dacl: readonly Ace[] | undefined, sacl?: readonly Ace[]): SecurityDescriptor {
  return { control: 0x9404, owner: TRUSTED, group: TRUSTED, dacl, sacl };
}
const listOf = (aces: readonly Ace[]) => aces.map((ace) => [ace.flags, ace.mask, ace.sid]);

/** The list of C:\Windows as `icacls` shows it on Windows 10. */
const WINDOWS_FOLDER = [
  [0, FULL, TRUSTED],
  [CI | IO, 0x10000000, TRUSTED],
  [0, 0x1301bf, SYSTEM],
  [OI | CI | IO, 0x10000000, SYSTEM],
  [0, 0x1301bf, ADMINISTRATORS],
  [OI | CI | IO, 0x10000000, ADMINISTRATORS],
  [0, 0x1200a9, USERS],
  [OI | CI | IO, 0xa0000000, USERS],
  [OI | CI | IO, 0x10000000, 'S-1-3-0'],
] as const;

test('a file below C:\\Windows', () => {
  assert.equal(child(WINDOWS_FOLDER, false), [
    [ID, FULL, SYSTEM],
    [ID, FULL, ADMINISTRATORS],
    [ID, 0x1200a9, USERS],
    [ID, FULL, ADMINISTRATORS], // the creator's entry
  ]);
});

test('a folder below C:\\Windows keeps the general entries for what comes below it', () => {
  assert.equal(child(WINDOWS_FOLDER, true), [
    [ID, FULL, TRUSTED],
    [ID | CI | IO, 0x10000000, TRUSTED],
    [ID, FULL, SYSTEM],
    [ID | OI | CI | IO, 0x10000000, SYSTEM],
    [ID, FULL, ADMINISTRATORS],
    [ID | OI | CI | IO, 0x10000000, ADMINISTRATORS],
    [ID, 0x1200a9, USERS],
    [ID | OI | CI | IO, 0xa0000000, USERS],
    [ID, FULL, ADMINISTRATORS],
    [ID | OI | CI | IO, 0x10000000, 'S-1-3-0'],
  ]);
});

test('each combination of inheritance flags', () => {
  const cases: readonly [number, readonly unknown[], readonly unknown[]][] = [
    // flags of the parent's entry, what a folder gets, what a file gets
    [OI | CI, [[ID | OI | CI, 1, USERS]], [[ID, 1, USERS]]],
    [CI, [[ID | CI, 1, USERS]], 'default' as never],
    [OI, [[ID | OI | IO, 1, USERS]], [[ID, 1, USERS]]],
    [OI | IO, [[ID | OI | IO, 1, USERS]], [[ID, 1, USERS]]],
    [CI | IO, [[ID | CI, 1, USERS]], 'default' as never],
    [OI | CI | NP, [[ID, 1, USERS]], [[ID, 1, USERS]]],
    [OI | NP, 'default' as never, [[ID, 1, USERS]]],
    [0, 'default' as never, 'default' as never],
  ];
  const fallback = [
    [0, FULL, SYSTEM],
    [0, FULL, ADMINISTRATORS],
  ];
  for (const [flags, folder, file] of cases) {
    assert.equal(child([[flags, 1, USERS]], true), (folder as unknown) === 'default' ? fallback : folder, `folder, flags ${flags}`);
    assert.equal(child([[flags, 1, USERS]], false), (file as unknown) === 'default' ? fallback : file, `file, flags ${flags}`);
  }
});

test('a folder without a list, or with one that hands nothing down, gives SYSTEM and Administrators', () => {
  for (const dacl of [undefined, []]) {
    const made = inheritDescriptor(descriptor(dacl), false);
    assert.equal(listOf(made.dacl!), [
      [0, FULL, SYSTEM],
      [0, FULL, ADMINISTRATORS],
    ]);
    assert.is(made.control & 0x400, 0);
  }
});

test('owner, group and control bits; protection is not handed down', () => {
  const made = parseDescriptor(renderDescriptor(inheritDescriptor(descriptor([plainAce(0, OI | CI, FULL, SYSTEM)]), true)));
  assert.is(made.owner, ADMINISTRATORS);
  assert.is(made.group, SYSTEM);
  assert.is(made.control, 0x8404);
  assert.is(made.sacl, undefined);
});

test('CREATOR GROUP becomes the group, denying entries stay denying', () => {
  const dacl = [plainAce(1, OI | CI, 2, 'S-1-5-7'), plainAce(0, OI | CI | IO, 0x80000000, 'S-1-3-1')];
  const made = inheritDescriptor(descriptor(dacl), false).dacl!;
  assert.equal(listOf(made), [
    [ID, 2, 'S-1-5-7'],
    [ID, 0x120089, SYSTEM],
  ]);
  assert.equal(
    made.map((ace) => ace.type),
    [1, 0],
  );
});

test('a SACL comes along only when it is inheritable', () => {
  const dacl = [plainAce(0, OI | CI, FULL, SYSTEM)];
  const audit = (flags: number) => inheritDescriptor(descriptor(dacl, [plainAce(2, flags, 2, 'S-1-1-0')]), false);
  assert.is(audit(0x40).sacl, undefined);
  assert.equal(listOf(audit(0x40 | OI).sacl!), [[0x40 | ID, 2, 'S-1-1-0']]);
  assert.is(audit(0x40 | OI).control & 0x800, 0x800);
});

test('a condition behind the SID is kept, also when the SID changes its length', () => {
  const plain = plainAce(9, OI, 0x10000000, 'S-1-3-0');
  const bytes = Buffer.concat([plain.bytes, Buffer.from('artx0000')]);
  bytes.writeUInt16LE(bytes.length, 2);
  const made = inheritDescriptor(descriptor([{ ...plain, bytes }]), false);
  const [ace] = parseDescriptor(renderDescriptor(made)).dacl!;
  assert.is(ace!.sid, ADMINISTRATORS);
  assert.is(Buffer.from(ace!.bytes).subarray(-8).toString(), 'artx0000');
  assert.is(
    Buffer.from(changedAce(ace!, { flags: 0 }).bytes)
      .subarray(-8)
      .toString(),
    'artx0000',
  );
});

test.run();
