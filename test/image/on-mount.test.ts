// A foreign program over the mounted image: what it changed ends in the staged copy as changes of a step do, on a WIM and on disks; what fails leaves nothing.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commit } from '../../image/commit.ts';
import type { Change } from '../../image/draft.ts';
import { createJournal, type Journal } from '../../image/journal.ts';
import { changeOnMount, type MountProgram } from '../../image/on-mount.ts';
import { openImage } from '../../image/open.ts';
import { convertDisk, DISK_TOOLS } from '../helpers/disk-files.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { detailedDir, run } from '../helpers/make-wim.ts';
import { mountsBelow, processesOf } from '../helpers/mounts.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';
import { makeSmallDisk } from '../helpers/small-disk.ts';

const test = suite('on-mount');
const TOOLS = { ...DISK_TOOLS, setfattr: 'attr', 'ntfs-3g': 'ntfs-3g', hivexregedit: 'libwin-hivex-perl' };
const withTools = needTools(test, TOOLS);
const withFuse = needFuse(withTools as never);
const MIB = 1024 * 1024;

// A temporary folder of its own, so that what is left in it is what we left.
const own = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
const temporary = join(own, 'tmp');
mkdirSync(temporary);
test.after(() => rmSync(own, { recursive: true, force: true }));

const sh = (text: string, seconds = 60): MountProgram => ({
  command: 'sh',
  arguments: (at) => ['-c', `set -e; cd "$1"; ${text}`, 'sh', at],
  seconds,
});
const KEY = 'Microsoft\\Windows NT\\CurrentVersion';
const REG = `Windows Registry Editor Version 5.00\\r\\n\\r\\n[HKEY_LOCAL_MACHINE\\\\SOFTWARE\\\\Corp]\\r\\n"Desk"="by program"\\r\\n`;

/** In place, by replacing, new below a new folder, removed; a hive by a tool that is not ours; what a step wrote before is there. */
const WORK = sh(`
  grep -q 'of a step' Windows/step.txt
  printf changed > Windows/step.txt
  printf 'in place' > Windows/System32/drivers/etc/hosts
  printf '127.0.0.2' > Windows/System32/drivers/etc/hosts
  mkdir -p Corp/sub; printf new > Corp/sub/new.txt; mkdir Corp/empty
  rm -r Windows/Setup/remove
  cp Windows/replaced.ini Windows/replaced.tmp; printf more >> Windows/replaced.tmp; mv Windows/replaced.tmp Windows/replaced.ini
  printf '${REG}' > "$TMPDIR/corp.reg"
  hivexregedit --merge --prefix 'HKEY_LOCAL_MACHINE\\SOFTWARE' Windows/System32/config/SOFTWARE "$TMPDIR/corp.reg"
`);

const EXTRA = { '/Windows/Setup/remove/a.txt': 'a', '/Windows/replaced.ini': 'old', '/Windows/System32/drivers/etc/hosts': '127.0.0.1' };

interface Case {
  readonly source: string;
  readonly journal: Journal;
  close(): Promise<void>;
}

let wim = '';
let raw = '';

withTools('the images are made', async () => {
  ({ wim, raw } = await makeSmallDisk(own, EXTRA));
  process.env['TMPDIR'] = temporary;
});

async function open(source: string): Promise<Case> {
  const image = await openImage(source);
  const journal = createJournal(image);
  const before = journal.draft('before');
  await before.write('/Windows/step.txt', 'of a step');
  await before.setValue('SOFTWARE', KEY, 'RegisteredOwner', { type: 'REG_SZ', data: 'of a step' });
  return { source, journal, close: () => image.close() };
}

function line(change: Change): string {
  switch (change.kind) {
    case 'write':
    case 'remove':
      return `${change.kind} ${change.path}`;
    case 'make-key':
    case 'remove-key':
      return `${change.kind} ${change.key}`;
    default:
      return `${change.kind} ${change.key}!${change.name}`;
  }
}

function nothingLeft(source: string, before: Buffer): void {
  assert.ok(readFileSync(source).equals(before), 'the source is untouched');
  assert.equal(mountsBelow(own), []);
  assert.equal(processesOf(own), []);
  assert.equal(readdirSync(temporary), []);
}

/** Of a staged file: its image as a WIM that wimlib has captured or holds. */
function asWim(staged: string, format: string): string {
  if (format === 'wim') return staged;
  const flat = join(own, 'flat.img');
  run('qemu-img', ['convert', '-f', format, '-O', 'raw', staged, flat]);
  run('truncate', ['-s', String(17 * MIB + 48 * MIB), flat]);
  const volume = join(own, 'flat.ntfs');
  run('dd', [`if=${flat}`, `of=${volume}`, 'bs=1M', 'skip=17', 'status=none']);
  run('ntfsfix', ['-n', volume]);
  const captured = join(own, 'captured.wim');
  rmSync(captured, { force: true });
  run('wimlib-imagex', ['capture', volume, captured, '--compress=none', '--quiet']);
  return captured;
}

const contentOf = (file: string, path: string) => run('wimlib-imagex', ['extract', file, '1', path, '--to-stdout', '--quiet']);
const descriptorOf = (file: string, path: string) =>
  detailedDir(file)
    .get(path)!
    .filter((one) => /Attributes|Short Name|Descriptor|ACE|SID/i.test(one));

for (const [id, sourceOf] of [
  ['wim', () => wim],
  ['raw', () => raw],
  ['vhdx', () => convertDisk(raw, 'vhdx')],
] as const) {
  withFuse(`${id}: what the program changed is in the journal and in the staged copy`, async () => {
    const source = sourceOf();
    const before = readFileSync(source);
    const { journal, close } = await open(source);
    const from = journal.changes.length;
    const notes = await changeOnMount(journal, journal.draft('on-mount'), WORK);
    nothingLeft(source, before);
    assert.equal(notes, ['/Corp/empty: new and empty, left out']);
    const taken = journal.changes.slice(from);
    assert.ok(taken.every(({ step }) => step === 'on-mount'));
    assert.equal(taken.map(line).sort(), [
      'make-key Corp',
      'remove /Windows/Setup/remove',
      'set-value Corp!Desk',
      'write /Corp/sub/new.txt',
      'write /Windows/System32/drivers/etc/hosts',
      'write /Windows/replaced.ini',
      'write /Windows/step.txt',
    ]);
    const staged = join(own, `staged.${id}`);
    await commit(journal, { staged, images: 'built' });
    await close();
    const [was, is] = [asWimOf(source, id, 'was.wim'), asWimOf(staged, id, 'is.wim')];
    assert.is(contentOf(is, '/Windows/System32/drivers/etc/hosts'), '127.0.0.2');
    assert.is(contentOf(is, '/Windows/replaced.ini'), 'oldmore');
    assert.is(contentOf(is, '/Windows/step.txt'), 'changed');
    assert.is(contentOf(is, '/Corp/sub/new.txt'), 'new');
    for (const path of ['/Windows/System32/drivers/etc/hosts', '/Windows/replaced.ini']) {
      assert.equal(descriptorOf(is, path), descriptorOf(was, path), `${path} keeps what it had, however it was changed`);
    }
    assert.not(detailedDir(is).has('/Corp/empty'));
    const image = await openImage(staged);
    assert.is((await image.hive('SOFTWARE')).value('Corp', 'Desk')?.decoded?.data, 'by program');
    assert.is((await image.hive('SOFTWARE')).value(KEY, 'RegisteredOwner')?.decoded?.data, 'of a step');
    await image.close();
    rmSync(staged);
  });
}

function asWimOf(file: string, format: string, name: string): string {
  const made = asWim(file, format);
  const kept = join(own, name);
  run('cp', [made, kept]);
  return kept;
}

const FAILURES: readonly (readonly [string, MountProgram, string])[] = [
  ['fails', sh('printf x > Windows/half.txt; exit 7'), 'PROGRAM_FAILED'],
  ['hangs', sh('printf x > Windows/half.txt; sleep 60', 2), 'PROGRAM_TIMEOUT'],
  ['leaves the mount busy', sh('setsid sleep 60 >/dev/null 2>&1 &'), 'PROGRAM_LEFT'],
  // Without the mark it is not found, and it stays in the folder.
  ['leaves it busy without a trace', sh('env -i setsid /bin/sleep 40 >/dev/null 2>&1 & sleep 0.5'), 'MOUNT_BUSY'],
  ['makes a link', sh('ln -s Windows link'), 'ON_MOUNT_REFUSED'],
  ['damages a hive', sh('printf regf > Windows/System32/config/SOFTWARE'), 'HIVE_CORRUPT'],
];

for (const [what, program, code] of FAILURES) {
  for (const id of ['wim', 'raw'] as const) {
    withFuse(`${id}: a program that ${what} costs an error and nothing else`, async () => {
      const source = id === 'wim' ? wim : raw;
      const before = readFileSync(source);
      const { journal, close } = await open(source);
      const from = journal.changes.length;
      const error = await refusalOf(() => changeOnMount(journal, journal.draft('on-mount'), program));
      assert.is(error.code, code, error.message);
      if (code !== 'HIVE_CORRUPT') assert.is(journal.changes.length, from, 'nothing is recorded');
      await close();
      nothingLeft(source, before);
    });
  }
}

withFuse('an interruption leaves nothing', async () => {
  const before = readFileSync(wim);
  const { journal, close } = await open(wim);
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('stop')), 1500);
  let said = '';
  await changeOnMount(journal, journal.draft('on-mount'), sh('sleep 60'), abort.signal).catch((error: Error) => {
    said = error.message;
  });
  assert.is(said, 'stop');
  await close();
  nothingLeft(wim, before);
});

test('an image that is no file of ours cannot be mounted', async () => {
  const journal = createJournal(fakeImage({}));
  const error = await refusalOf(() => changeOnMount(journal, journal.draft('x'), sh('true')));
  assert.is(error.code, 'ON_MOUNT_UNSUPPORTED');
});

test.run();
