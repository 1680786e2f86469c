// The first boot of a built image, as far as Wine goes: SetupComplete.cmd as it lies in the WIM runs, and leaves a status and a log.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { needTools } from '../helpers/need.ts';
import { filesOfWim, openWineBox, WINE_TOOLS, type WineBox } from '../helpers/wine.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { ...WINE_TOOLS, 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const STATUS = 'HKLM\\SOFTWARE\\wtgforge\\FirstBoot';
const COMPLETE = '/Windows/Setup/Scripts/SetupComplete.cmd';
const OWNER = '@echo off\r\necho owner>C:\\owner.txt\r\nexit /b 0\r\n';

let box: WineBox | undefined;
test.after(() => box?.close());

e2e('every action runs in order, before the lines of the owner, and leaves a status and a log', async () => {
  let files: ReadonlyMap<string, Uint8Array> = new Map();
  await inWorkspace(
    async ({ build, configure, output }) => {
      await configure({ steps: '[generalizeAnswerFile(), sppCacheTask(), workspacePolicy()]' });
      const { code, err, out } = await build();
      assert.is(code, 0, err + out);
      files = filesOfWim(output, '/Windows/Setup/Scripts');
    },
    { extraFiles: { [COMPLETE]: OWNER } },
  );
  box = openWineBox();
  box.install(files);
  const { status } = box.run(COMPLETE);
  assert.is(status, 0);
  assert.match(box.text('/owner.txt'), 'owner');
  assert.equal(box.calls(), [
    'schtasks /Create /TN "\\wtgforge\\spp-cache" /XML "C:\\windows\\Setup\\Scripts\\wtgforge\\spp-cache-task.xml" /RU SYSTEM /F',
  ]);
  const key = box.registry(`${STATUS}\\spp-cache-task`);
  assert.equal([key?.Step, key?.Result], ['spp-cache-task', '0']);
  assert.match(key?.Time ?? '', /\d+[/.-]\d+[/.-]\d+ .*\d+:\d\d/);
  const log = box.text('/Windows/Logs/wtgforge/first-boot.log');
  assert.match(log, /spp-cache-task: starts\s[\s\S]*spp-cache-task: ended with 0\s/);
});

e2e('an action that fails or exits hands its code on, and the next one runs all the same', () => {
  const wine = box!;
  const runner = '/Windows/Setup/Scripts/wtgforge/first-boot.cmd';
  wine.put('/Windows/Setup/Scripts/wtgforge/leaves.cmd', '@echo off\r\necho seen in the log\r\nexit 7\r\n');
  wine.put(
    '/both.cmd',
    ['@echo off', 'call "%SystemRoot%\\Setup\\Scripts\\wtgforge\\first-boot.cmd" leaves', 'echo after>C:\\after.txt', ''].join('\r\n'),
  );
  wine.run('/both.cmd');
  assert.match(wine.text('/after.txt'), 'after');
  assert.is(wine.registry(`${STATUS}\\leaves`)?.Result, '7');
  assert.match(wine.text('/Windows/Logs/wtgforge/first-boot.log'), /seen in the log\s[\s\S]*leaves: ended with 7/);
  wine.stub('schtasks', 'exit /b 1');
  assert.is(wine.run(runner, 'spp-cache-task').status, 1);
  assert.is(wine.registry(`${STATUS}\\spp-cache-task`)?.Result, '1');
});

e2e('an action that is missing leaves a code other than 0', () => {
  const wine = box!;
  assert.is.not(wine.run('/Windows/Setup/Scripts/wtgforge/first-boot.cmd', 'absent').status, 0);
  assert.is.not(wine.registry(`${STATUS}\\absent`)?.Result, '0');
});

test.run();
