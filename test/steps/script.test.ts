// The step script: own scripts at first boot, each boot and each logon, in the form that their interpreter reads, and what is refused.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTask } from '../../formats/task-xml/task.ts';
import { script } from '../../steps/script.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { parsePowerShell } from '../helpers/powershell.ts';
import { inHostFolder, refusalOf } from '../helpers/step-folder.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';

const FOLDER = '/Windows/Setup/Scripts/wtgforge';
const image = () => fakeImage({ files: { '/Windows/notepad.exe': 'MZ' } });
const FILES = {
  'once.cmd': 'echo 1\r\n',
  'each.ps1': "Write-Output 'x'\n",
  'gr\u00fc\u00dfe.ps1': '',
  'umlaut.ps1': "'\u00fc'\n",
  'unix.bat': ':a\ngoto a\n',
};

test('first boot runs the script itself, boot and logon have a task', async () => {
  await inHostFolder(FILES, async (folder) => {
    const file = (name: string) => join(folder, name);
    const {
      lines,
      text,
      image: after,
      notes,
    } = await runStep(
      script({
        scripts: [
          { file: file('once.cmd'), when: 'first-boot', arguments: '/a "b c"' },
          { file: file('each.ps1'), when: 'first-boot' },
          { file: file('each.ps1'), when: 'boot', delay: 'PT1M' },
          { file: file('once.cmd'), when: 'logon', runAs: 'users' },
        ],
      }),
      image(),
    );
    assert.equal(
      lines.map((line) => line.replace(`${FOLDER}/`, '')),
      [
        'write scripts/once.cmd',
        'write scripts/each.ps1',
        'write script-boot-each-ps1.xml',
        'write script-logon-once-cmd.xml',
        'write script-first-boot-once-cmd.cmd',
        'write script-first-boot-each-ps1.cmd',
        'write script-boot-each-ps1.cmd',
        'write script-logon-once-cmd.cmd',
        'write first-boot.cmd',
        'write /Windows/Setup/Scripts/SetupComplete.cmd',
      ],
    );
    assert.match(
      await text(`${FOLDER}/script-first-boot-once-cmd.cmd`),
      'call "%~dp0scripts\\once.cmd" /a "b c"\r\nexit /b %ERRORLEVEL%\r\n',
    );
    assert.match(
      await text(`${FOLDER}/script-first-boot-each-ps1.cmd`),
      '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%~dp0scripts\\each.ps1"\r\n',
    );
    const boot = parseTask(await after.read(`${FOLDER}/script-boot-each-ps1.xml`));
    assert.equal(
      [boot.uri, boot.triggers[0]!.kind, boot.principals[0]!.userId],
      ['\\wtgforge\\script boot each.ps1', 'BootTrigger', 'S-1-5-18'],
    );
    const logon = parseTask(await after.read(`${FOLDER}/script-logon-once-cmd.xml`));
    assert.equal(logon.principals[0], { userId: undefined, groupId: 'S-1-5-32-545', runLevel: 'LeastPrivilege' });
    assert.is((logon.actions[0] as { arguments: string }).arguments, '/d /c ""%SystemRoot%\\Setup\\Scripts\\wtgforge\\scripts\\once.cmd""');
    assert.equal(notes, []);
    assert.equal((await parsePowerShell(await text(`${FOLDER}/scripts/each.ps1`))).faults, []);
  });
});

test('PowerShell beyond ASCII gets a mark, a batch file the line ends of Windows; bytes that fit stay', async () => {
  await inHostFolder({ ...FILES, 'marked.ps1': '\ufeff\u00fc', 'marked.cmd': '\ufeffecho 1\r\n' }, async (folder) => {
    const scripts = ['umlaut.ps1', 'unix.bat', 'marked.ps1', 'marked.cmd'].map((name) => ({
      file: join(folder, name),
      when: 'first-boot' as const,
    }));
    const { text, notes, image: after } = await runStep(script({ scripts }), image());
    assert.equal([...(await after.read(`${FOLDER}/scripts/umlaut.ps1`))].slice(0, 5), [0xef, 0xbb, 0xbf, 0x27, 0xc3]);
    assert.is(await text(`${FOLDER}/scripts/unix.bat`), ':a\r\ngoto a\r\n');
    assert.is(await text(`${FOLDER}/scripts/marked.ps1`), '\ufeff\u00fc');
    assert.is(await text(`${FOLDER}/scripts/marked.cmd`), 'echo 1\r\n');
    assert.equal(
      notes.map((note) => note.slice(folder.length + 1)),
      [
        'umlaut.ps1: got a byte order mark, without which PowerShell reads it in the code page of the machine',
        'unix.bat: got the line ends of Windows',
        'marked.cmd: lost its byte order mark, which the command interpreter takes for a command',
      ],
    );
  });
});

test('refuses what no interpreter reads, names that are not plain, and options that do not fit', async () => {
  const wide = new Uint8Array(Buffer.from('\ufeffecho', 'utf16le'));
  const files = {
    ...FILES,
    'wide.cmd': wide,
    'latin.ps1': new Uint8Array([0x27, 0xfc, 0x27]),
    'tool.exe': 'MZ',
    'sub/once.cmd': 'x',
    'zero.ps1': 'a\0\u00fc',
  };
  await inHostFolder(files, async (folder) => {
    const of = (...scripts: readonly Parameters<typeof script>[0]['scripts'][number][]) =>
      refusalOf(runStep(script({ scripts: scripts.map((one) => ({ ...one, file: join(folder, one.file) })) }), image()));
    const when = 'first-boot';
    assert.match(await of({ file: 'wide.cmd', when }), 'is UTF-16 or binary');
    assert.match(await of({ file: 'latin.ps1', when }), 'is neither UTF-8 nor marked');
    assert.match(await of({ file: 'zero.ps1', when }), 'is binary');
    for (const file of ['tool.exe', 'gr\u00fc\u00dfe.ps1', 'a&b.cmd', '%x%.cmd'])
      assert.match(await of({ file, when }), 'with a plain name', file);
    assert.match(await of({ file: 'once.cmd', when }, { file: 'once.cmd', when }), 'is given twice for first-boot');
    assert.match(await of({ file: 'once.cmd', when }, { file: 'sub/once.cmd', when: 'boot' }), 'would be one file in the image');
    assert.match(await of({ file: 'once.cmd', when: 'boot', runAs: 'users' }), 'at boot nobody is logged on');
    assert.match(await of({ file: 'once.cmd', when, delay: 'PT1M' }), 'delay is for boot and logon');
    assert.match(await of({ file: 'absent.cmd', when }), 'cannot be read (ENOENT)');
  });
  assert.match(
    optionFaults(unchecked(script, { scripts: [{ file: 'a.cmd', when: 'never' }] }))[0]!,
    'must be one of first-boot, boot, logon',
  );
  assert.match(optionFaults(unchecked(script, { scripts: [{ file: 'a.cmd', when: 'boot', arguments: 'a\nb' }] }))[0]!, 'right form');
});

test('skips what is no Windows', async () => {
  assert.match((await runStep(script({ scripts: [] }), fakeImage())).skipped!, 'no Windows folder');
});

test.run();
