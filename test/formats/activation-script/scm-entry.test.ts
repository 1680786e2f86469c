// What a service gives away: by its name, its program, its settings; the rules on services and drivers test each sign.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lookAtServiceStart, type ServiceStart } from '../../../formats/activation-script/scm-entry.ts';

const kinds = (service: Partial<ServiceStart>) =>
  lookAtServiceStart(
    { name: 'x', imagePath: '', library: '', onFailure: '', start: undefined, type: undefined, parameters: [], ...service },
    [],
  ).signs.map(({ kind, value }) => `${kind} ${value ?? ''}`.trim());

test('shells and scripts, also quoted and by their whole path; programs of like names are none', () => {
  for (const imagePath of [
    'cmd',
    'C:\\Windows\\System32\\cmd.exe /c x',
    '"C:\\a b\\pwsh.exe" -f x',
    'C:\\x\\run.cmd',
    '"C:\\a b\\run.ps1" x',
    'python3 x',
  ])
    assert.equal(kinds({ imagePath }), ['interpreter ImagePath'], imagePath);
  for (const imagePath of ['C:\\x\\mycmd.exe', 'C:\\cmd\\x.exe', 'C:\\x\\x.exe a.cmdx', '"C:\\Program Files\\bash tools\\x.exe"'])
    assert.equal(kinds({ imagePath }), [], imagePath);
  assert.equal(kinds({ onFailure: 'cmd /c x' }), []);
});

test('the port of activation as a setting: of a driver, of a program, of another name', () => {
  const told = (name: string, data: string, type?: number) => kinds({ parameters: [{ name, data }], type });
  assert.equal(told('listenport', '1688'), ['port']);
  assert.equal(told('port', '1688', 1), ['redirects']);
  assert.equal(told('bindto', '0.0.0.0:1688', 2), ['redirects']);
  assert.equal(told('buffers', '1688', 1), []);
  assert.equal(told('port', '16880', 1), []);
});

test.run();
