// Command lines of everything that Windows starts, for the system and for users; links stand for what they start.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ViewStore } from '../../../lint/view.ts';
import { views } from '../../../lint/views/index.ts';
import { shellLink } from '../../corpus/link.ts';
import { type FakeSpec, fakeImage } from '../../helpers/fake-image.ts';
import { execTask } from '../../helpers/started-file.ts';

async function linesOf(spec: FakeSpec): Promise<{ readonly lines: readonly string[]; readonly unseen: readonly string[] }> {
  const unseen: string[] = [];
  const opened = new ViewStore(fakeImage(spec)).open(views, (reason) => void unseen.push(reason));
  const starts = (await opened.startLines()) ?? [];
  return { lines: starts.map(({ by, line, folder }) => `${by}: ${line.trim()} in ${folder ?? '-'}`).sort(), unseen };
}

const RUN = 'Microsoft\\Windows\\CurrentVersion\\Run';

test('services with their libraries, tasks with their folder, entries of every user, links', async () => {
  const { lines, unseen } = await linesOf({
    SOFTWARE: { [RUN]: { tray: 'C:\\tray.exe' } },
    SYSTEM: {
      'ControlSet002\\Services\\low': { ImagePath: 'C:\\low.exe', ObjectName: 'NT AUTHORITY\\LocalService', FailureCommand: 'C:\\f.cmd' },
      'ControlSet002\\Services\\low\\Parameters': { ServiceDll: 'C:\\low.dll' },
    },
    hives: { '/Windows/ServiceProfiles/NetworkService/NTUSER.DAT': { [`Software\\${RUN}`]: { own: 'C:\\own.exe' } } },
    files: {
      '/Windows/System32/Tasks/T': execTask('a b.exe', '-x', 'S-1-5-32-545', '&quot;C:\\V&quot;'),
      '/Users/u/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/a.lnk': shellLink('C:\\V\\v.exe', '-y'),
    },
  });
  assert.equal(unseen, []);
  assert.equal(lines, [
    'the service low: C:\\f.cmd in /Windows/System32',
    'the service low: C:\\low.dll in /Windows/System32',
    'the service low: C:\\low.exe in /Windows/System32',
    'the start entry a.lnk: "C:\\V\\v.exe" -y in -',
    'the start entry own: C:\\own.exe in -',
    'the start entry tray: C:\\tray.exe in -',
    'the task \\T: "a b.exe" -x in /V',
  ]);
});

test('what cannot be read is told, a broken link among it; the rest is there', async () => {
  const path = '/ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/b.lnk';
  const broken = new Uint8Array(Buffer.from(shellLink('C:\\v.exe', '')).subarray(0, 78));
  const { lines, unseen } = await linesOf({ files: { '/Windows/System32/Tasks/T': execTask('a.exe', ''), [path]: broken } });
  assert.ok(lines.includes('the task \\T: "a.exe" in -'), lines.join('\n'));
  for (const part of ['SOFTWARE', 'SYSTEM', path])
    assert.ok(
      unseen.some((reason) => reason.includes(part)),
      `${part}: ${unseen.join('\n')}`,
    );
});

test.run();
