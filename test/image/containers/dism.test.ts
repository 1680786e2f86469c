// The contract over DISM, with programs that only play its part: what is told to them, what is read and written in the folder, and that failures discard.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyHive } from '../../../formats/hive/empty.ts';
import { commit } from '../../../image/commit.ts';
import { DismImage, dismContainer } from '../../../image/containers/dism.ts';
import type { Container } from '../../../image/image.ts';
import { createJournal } from '../../../image/journal.ts';
import { openContainer } from '../../../image/open.ts';
import { makeWim } from '../../helpers/make-wim.ts';
import { type MockedCommand, withMockCommand } from '../../helpers/mock-command.ts';
import { refusalOf } from '../../helpers/refusal.ts';

const test = suite('dism');
const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
const temporary = join(folder, 'tmp');
mkdirSync(temporary);
process.env['TMPDIR'] = temporary;
test.after(() => rmSync(folder, { recursive: true, force: true }));

const wim = join(folder, 'base.wim');
makeWim(wim, { images: [{ files: { '/Windows/a.txt': 'x' } }] });
const tree = join(folder, 'tree');
const saved = join(folder, 'saved');

function lay(): void {
  for (const at of [tree, saved]) rmSync(at, { recursive: true, force: true });
  mkdirSync(join(tree, 'Windows/System32/config'), { recursive: true });
  writeFileSync(join(tree, 'Windows/a.txt'), 'stored');
  writeFileSync(join(tree, 'Windows/gone.txt'), 'x');
  writeFileSync(join(tree, 'Windows/System32/config/SOFTWARE'), emptyHive());
  symlinkSync('/', join(tree, 'link'));
}

/** The folder gets the tree when it is mounted, and what is in it is kept when it is committed. */
const DISM = `
at= file=
for word in "$@"; do case "$word" in /MountDir:*) at=\${word#/MountDir:};; /DestinationImageFile:*) file=\${word#/DestinationImageFile:};; esac; done
case "$*" in
  */Mount-Image*) cp -a "${tree}/." "$at/";;
  */Commit*) cp -a "$at" "${saved}"; find "$at" -mindepth 1 -delete;;
  */Discard*) find "$at" -mindepth 1 -delete;;
  */Export-Image*) echo exported > "$file";;
esac`;

async function inDism(use: (container: Container, dism: MockedCommand, reg: MockedCommand) => Promise<void>, regBody = ''): Promise<void> {
  lay();
  const inner = await openContainer(wim);
  try {
    await withMockCommand('dism.exe', DISM, (dism) => withMockCommand('reg.exe', regBody, (reg) => use(dismContainer(inner), dism, reg)));
  } finally {
    await inner.close();
  }
  assert.equal(readdirSync(temporary), [], 'no temporary folder is left');
}

const verbs = (mock: MockedCommand) =>
  mock.calls().map((words) =>
    words
      .filter((word) => /^\/[A-Z][A-Za-z-]*$/.test(word))
      .slice(1)
      .join(' '),
  );

test('an image is read from the folder where DISM shows it, and discarded', () =>
  inDism(async (container, dism) => {
    const image = await container.open(1);
    assert.instance(image, DismImage);
    assert.is(image.info.container, 'wim');
    assert.is(Buffer.from(await image.read('/windows/A.TXT')).toString(), 'stored');
    assert.is((await image.find('/link'))?.reparse?.target, '/');
    assert.equal((await image.hive('SOFTWARE')).keys(''), []);
    await image.close();
    assert.equal(verbs(dism), ['/Mount-Image /ReadOnly', '/Unmount-Image /Discard']);
    assert.match((await refusalOf(() => container.open(7))).message, /image 7 does not exist/);
  }));

test('a kind that DISM does not mount keeps its own reader', () => {
  const iso = { id: 'iso', path: 'x', images: [] } as unknown as Container;
  assert.is(dismContainer(iso), iso);
});

test('changes are made in a mounted copy: files in place, hives through reg.exe; saved and exported', () =>
  inDism(async (container, dism, reg) => {
    const image = await container.open(1);
    const journal = createJournal(image);
    const draft = journal.draft('step');
    await draft.write('/Windows/a.txt', 'changed');
    await draft.write('/Corp/deep/new.txt', 'new');
    await draft.remove('/Windows/gone.txt');
    await draft.setValue('SOFTWARE', 'Corp', 'Desk', { type: 'REG_SZ', data: 'x' });
    const before = readFileSync(wim);
    const staged = join(folder, 'staged.wim');
    const { notes } = await commit(journal, { staged, images: 'built' });
    await image.close();
    assert.match(notes.join(), /experimental/);
    assert.equal(verbs(dism), [
      '/Mount-Image /ReadOnly',
      '/Mount-Image',
      '/Unmount-Image /Commit',
      '/Export-Image',
      '/Unmount-Image /Discard',
    ]);
    assert.equal(
      reg.calls().map(([verb]) => verb),
      ['load', 'import', 'unload'],
    );
    assert.match(reg.calls()[0]![2]!, /mount\/Windows\/System32\/config\/SOFTWARE$/);
    assert.is(readFileSync(join(saved, 'Windows/a.txt'), 'utf8'), 'changed');
    assert.is(readFileSync(join(saved, 'Corp/deep/new.txt'), 'utf8'), 'new');
    assert.not(existsSync(join(saved, 'Windows/gone.txt')));
    assert.is(readFileSync(staged, 'utf8'), 'exported\n');
    assert.ok(readFileSync(wim).equals(before), 'the source is only read');
    assert.equal(readdirSync(folder).sort(), ['base.wim', 'saved', 'staged.wim', 'tmp', 'tree']);
    rmSync(staged);
  }));

test('a link is not written through, and what fails is discarded', () =>
  inDism(async (container, dism) => {
    const image = await container.open(1);
    const journal = createJournal(image);
    await journal.draft('step').write('/Windows/a.txt', 'changed');
    const edits = [...journal.fileEdits, { kind: 'write', path: '/link/etc/passwd', content: new Uint8Array(1) } as const];
    const error = await refusalOf(() =>
      commit({ ...journal, image, fileEdits: edits, hiveEdits: new Map() }, { staged: join(folder, 's.wim'), images: 'all' }),
    );
    assert.is(error.code, 'PATH_THROUGH_LINK');
    await image.close();
    assert.equal(verbs(dism).slice(1, 3), ['/Mount-Image', '/Unmount-Image /Discard']);
    assert.not(existsSync(saved));
    rmSync(join(folder, 's.wim'), { force: true });
  }));

test('a hive that reg.exe does not take is discarded', () =>
  inDism(async (container, dism) => {
    const image = await container.open(1);
    const journal = createJournal(image);
    await journal.draft('step').setValue('SOFTWARE', 'Corp', 'Desk', { type: 'REG_SZ', data: 'x' });
    const staged = join(folder, 's.wim');
    assert.is((await refusalOf(() => commit(journal, { staged, images: 'built' }))).code, 'TOOL_FAILED');
    await image.close();
    assert.ok(verbs(dism).includes('/Unmount-Image /Discard'));
    assert.not(verbs(dism).includes('/Unmount-Image /Commit'));
    assert.not(existsSync(`${staged}.whole.wim`));
  }, 'exit 1'));

test.run();
