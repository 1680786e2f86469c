// The step first-boot: commands in their order, the files that they need, and what goes with the next build.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstBoot } from '../../steps/first-boot.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { inHostFolder, refusalOf } from '../helpers/step-folder.ts';
import { runStep } from '../helpers/step-tester.ts';

const FOLDER = '/Windows/Setup/Scripts/wtgforge';
const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const image = (files: Record<string, string> = {}) => fakeImage({ files: { '/Windows/notepad.exe': 'MZ', ...files } });

test('each command is an action, in order, in the folder of the files', async () => {
  await inHostFolder({ 'agent.msi': 'MSI' }, async (folder) => {
    const commands = ['msiexec /i agent.msi /qn', 'reg add HKLM\\SOFTWARE\\Corp /f'];
    const { lines, text } = await runStep(firstBoot({ commands, files: [join(folder, 'agent.msi')] }), image());
    assert.equal(lines, [
      `write ${FOLDER}/files/agent.msi`,
      `write ${FOLDER}/first-boot-01.cmd`,
      `write ${FOLDER}/first-boot-02.cmd`,
      `write ${FOLDER}/first-boot.cmd`,
      `write ${COMPLETE}`,
    ]);
    const head = '@echo off\r\nsetlocal EnableExtensions DisableDelayedExpansion\r\ncd /d "%~dp0files"\r\n';
    assert.is(await text(`${FOLDER}/first-boot-01.cmd`), `${head}${commands[0]}\r\nexit /b %ERRORLEVEL%\r\n`);
    assert.equal((await text(COMPLETE)).match(/" first-boot-\d\d/g), ['" first-boot-01', '" first-boot-02']);
  });
});

test("keeps the owner's lines, replaces its block, and takes away what is no longer wanted", async () => {
  const first = await runStep(firstBoot({ commands: ['a', 'b', 'c'] }), image({ [COMPLETE]: '@echo off\r\necho owner\r\n' }));
  const { lines, text } = await runStep(firstBoot({ commands: ['a', 'x'] }), first.image);
  assert.equal(lines, [`replace ${FOLDER}/first-boot-02.cmd`, `replace ${COMPLETE}`, `remove ${FOLDER}/first-boot-03.cmd`]);
  assert.match(
    await text(COMPLETE),
    /^@echo off\r\nrem wtgforge >>> first-boot\r\n(?:call .*\r\n){2}rem wtgforge <<< first-boot\r\necho owner\r\n$/,
  );
});

test('refuses what is no command line and files that would be one', async () => {
  const of = (commands: readonly string[], files: readonly string[] = []) => refusalOf(runStep(firstBoot({ commands, files }), image()));
  assert.match(await of(['']), 'command 1 is empty');
  assert.match(await of(['a', 'x'.repeat(8192)]), 'command 2 is empty or longer than 8191');
  assert.match(await of(['echo \u00fc']), 'ASCII');
  assert.match(await of(['a\nb']), 'is not one line');
  assert.match(await of(Array<string>(100).fill('a')), '100 commands are given');
  await inHostFolder({ 'a/x': '1', 'b/X': '2' }, async (folder) => {
    assert.match(await of(['a'], [join(folder, 'a/x'), join(folder, 'b/X')]), 'two files are called X');
  });
  assert.is(await of([]), 'taken');
});

test('skips what is no Windows', async () => {
  assert.match((await runStep(firstBoot({ commands: [] }), fakeImage())).skipped!, 'no Windows folder');
});

test.run();
