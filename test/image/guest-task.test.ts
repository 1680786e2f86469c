// Tasks of the image: their XML file and the one line that registers it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTask, SYSTEM_SID, type TaskSpec } from '../../formats/task-xml/task.ts';
import { layTask, layTaskXml } from '../../image/guest-task.ts';
import { createJournal } from '../../image/journal.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const task: TaskSpec = {
  uri: '\\corp\\100% sure',
  description: '',
  triggers: [{ kind: 'boot' }],
  principal: { userId: SYSTEM_SID },
  highest: true,
  needsNetwork: false,
  timeLimit: 'PT1H',
  command: 'x.exe',
  arguments: '',
};
const draft = () => createJournal(fakeImage()).draft('test');

test('lays the XML beside the other guest files and hands it to schtasks as SYSTEM', async () => {
  const into = draft();
  const action = await layTask(into, 'sure', task);
  assert.is(parseTask(await into.read('/Windows/Setup/Scripts/wtgforge/sure.xml')).uri, task.uri);
  assert.equal(action, {
    id: 'sure',
    lines: [
      '"%SystemRoot%\\System32\\schtasks.exe" /Create /TN "\\corp\\100%% sure" /XML "%~dp0sure.xml" /RU SYSTEM /F',
      'exit /b %ERRORLEVEL%',
    ],
  });
});

test('another account keeps the principal of the XML', async () => {
  const { lines } = await layTask(draft(), 'users', { ...task, principal: { groupId: 'S-1-5-32-545' } });
  assert.not.match(lines[0]!, '/RU');
  const own = await layTaskXml(draft(), 'own', '\\own', new TextEncoder().encode('<Task/>'), false);
  assert.is(own.lines[0], '"%SystemRoot%\\System32\\schtasks.exe" /Create /TN "\\own" /XML "%~dp0own.xml" /F');
});

test.run();
