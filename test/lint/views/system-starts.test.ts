// What runs with the rights of the system: of services, tasks and other starts; what runs as somebody else is not among it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { views } from '../../../lint/views/index.ts';
import { taskOf } from '../../corpus/tasks.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';

async function startsOf(spec: FakeSpec): Promise<{ readonly lines: readonly string[]; readonly unseen: readonly string[] }> {
  const unseen: string[] = [];
  const opened = new ViewStore(fakeImage(spec)).open(views, (reason) => void unseen.push(reason));
  const starts = (await opened.systemStarts()) ?? [];
  return { lines: starts.map(({ why, line, saidBy }) => `${why}: ${line}${saidBy === undefined ? '' : ` (${saidBy})`}`).sort(), unseen };
}

test('services, tasks and Run keys of the machine', async () => {
  const task = taskOf('\\Vendor\\Job', 'C:\\job.exe');
  const { lines, unseen } = await startsOf({
    files: { ...task.files },
    SOFTWARE: { ...task.SOFTWARE, 'Microsoft\\Windows\\CurrentVersion\\Run': { tray: 'C:\\tray.exe' } },
    SYSTEM: {
      Setup: { CmdLine: '' },
      'ControlSet001\\Services\\a': { ImagePath: 'C:\\a.exe', ObjectName: 'LocalSystem', FailureCommand: 'C:\\f.cmd' },
      'ControlSet001\\Services\\off': { ImagePath: 'C:\\off.exe', Start: 4 },
      'ControlSet001\\Services\\low': { ImagePath: 'C:\\low.exe', ObjectName: 'NT AUTHORITY\\LocalService' },
    },
    hives: { '/Users/me/NTUSER.DAT': { 'Software\\Microsoft\\Windows\\CurrentVersion\\Run': { own: 'C:\\own.exe' } } },
  });
  assert.equal(unseen, []);
  assert.equal(
    lines.filter((line) => !line.startsWith('the task')),
    ['a Run key of the machine: C:\\tray.exe', 'the service a: C:\\a.exe', 'the service a: C:\\f.cmd'],
  );
  const tasks = lines.filter((line) => line.startsWith('the task'));
  assert.ok(tasks.length > 0);
  assert.ok(
    tasks.every((line) => line.startsWith('the task Vendor\\Job: "C:\\job.exe"') && line.endsWith('(/Windows/System32/Tasks/Vendor/Job)')),
    tasks.join('\n'),
  );
});

test('what cannot be read is told, and the rest is there', async () => {
  const { lines, unseen } = await startsOf({ files: { ...taskOf('\\Job', 'C:\\job.exe', { only: 'file' }).files } });
  assert.ok(
    lines.some((line) => line.includes('C:\\job.exe')),
    lines.join('\n'),
  );
  assert.ok(unseen.some((reason) => reason.includes('SOFTWARE')) && unseen.some((reason) => reason.includes('SYSTEM')), unseen.join('\n'));
});

test.run();
