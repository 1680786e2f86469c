// The policies of a workspace: registry values in the right control set, and WinRE off in the one answer file.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { workspacePolicy } from '../../steps/workspace-policy.ts';
import { parseAnswerFile, settingOf } from '../../unattend/model.ts';
import { type FakeSpec, fakeImage } from '../helpers/fake-image.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';

const WINRE = ['oobeSystem', 'Microsoft-Windows-WinRE-RecoveryAgent', 'UninstallWindowsRE'] as const;
const image = (more: FakeSpec = {}) =>
  fakeImage({
    SYSTEM: {
      Select: { Default: 2, Current: 1 },
      ControlSet001: {},
      'ControlSet002\\Services\\partmgr\\Parameters': { SanPolicy: 1 },
      'ControlSet002\\Control\\Session Manager\\Power': { HiberbootEnabled: 1 },
    },
    ...more,
  });

test('writes the policies into the control set that will start, and an answer file that takes WinRE away', async () => {
  const { lines, text } = await runStep(workspacePolicy(), image());
  assert.equal(lines, [
    'set SYSTEM ControlSet002\\Services\\partmgr\\Parameters!SanPolicy = 4',
    'set SYSTEM ControlSet002\\Control\\Session Manager\\Power!HiberbootEnabled = 0',
    'set SYSTEM ControlSet002\\Control\\Power!HibernateEnabled = 0',
    'set SYSTEM ControlSet002\\Policies\\Microsoft\\PortableOperatingSystem!Hibernate = 0',
    'set SYSTEM ControlSet002\\Policies\\Microsoft\\PortableOperatingSystem!Sleep = 0',
    'write /Windows/Panther/unattend.xml',
  ]);
  const file = parseAnswerFile(Buffer.from(await text('/Windows/Panther/unattend.xml')));
  assert.is(settingOf(file, ...WINRE, 'amd64'), 'true');
});

test('puts the setting into the answer file that Setup finds first and keeps the rest of it', async () => {
  const file = (comment: string) => `<unattend xmlns="urn:schemas-microsoft-com:unattend"><!-- ${comment} --></unattend>`;
  const { lines, text } = await runStep(
    workspacePolicy(),
    image({ files: { '/Windows/System32/Sysprep/unattend.xml': file('lower'), '/Windows/panther/Unattend.XML': file('mine') } }),
  );
  assert.equal(
    lines.filter((line) => line.includes('/')),
    ['replace /Windows/panther/Unattend.XML'],
  );
  const after = await text('/Windows/Panther/unattend.xml');
  assert.match(after, '<!-- mine -->');
  assert.is(settingOf(parseAnswerFile(Buffer.from(after)), ...WINRE), 'true');
});

test('reports the value of the file that it replaces', async () => {
  const file = `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="${WINRE[1]}" processorArchitecture="amd64"><UninstallWindowsRE>false</UninstallWindowsRE></component></settings></unattend>`;
  const { notes, text } = await runStep(workspacePolicy(), image({ files: { '/unattend.xml': file } }));
  assert.is(notes.length, 1);
  assert.match(notes[0]!, /UninstallWindowsRE: \/unattend\.xml:1:\d+ says "false", this step says "true"; the second is taken/);
  assert.is(settingOf(parseAnswerFile(Buffer.from(await text('/unattend.xml'))), ...WINRE), 'true');
});

test('the options turn each policy round', async () => {
  const { lines } = await runStep(
    workspacePolicy({ sanPolicy: 1, fastStartup: true, hibernate: true, sleep: false, recovery: 'keep' }),
    image(),
  );
  assert.equal(
    lines.map((line) => line.split('!')[1]),
    ['HibernateEnabled = 1', 'Hibernate = 1', 'Sleep = 1'],
  );
});

test('remarks an edition that was never licensed, and a pass that Setup has done already', async () => {
  const done = '<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem" wasPassProcessed="true"/></unattend>';
  const { notes } = await runStep(
    workspacePolicy(),
    image({ info: { edition: 'Professional' }, files: { '/Windows/Panther/unattend.xml': done } }),
  );
  assert.is(notes.length, 2);
  assert.match(notes[0]!, 'marked its oobeSystem pass');
  assert.match(notes[1]!, 'Professional');
  assert.equal((await runStep(workspacePolicy(), image({ info: { edition: 'EducationN' } }))).notes, []);
});

test('skips an image without a SYSTEM hive, refuses an unknown architecture and a file that is no answer file', async () => {
  const { skipped, changes } = await runStep(workspacePolicy(), fakeImage());
  assert.equal([skipped, changes.length], ['the image has no SYSTEM hive', 0]);
  try {
    await runStep(workspacePolicy(), image({ info: { architecture: 'unknown' } }));
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'workspace-policy: nothing in the image says its architecture');
  }
  try {
    await runStep(workspacePolicy(), image({ files: { '/unattend.xml': '<oobe/>' } }));
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, '/unattend.xml: cannot be read as an answer file');
  }
});

test('refuses an image of a domain, with a prepared join, or with keys of BitLocker, and says which', async () => {
  const refusal = async (more: FakeSpec) => {
    try {
      await runStep(workspacePolicy(), image(more));
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const join = (data: string) =>
    `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="specialize"><component name="Microsoft-Windows-UnattendedJoin" processorArchitecture="amd64"><Identification><Provisioning><AccountData>${data}</AccountData></Provisioning></Identification></component></settings></unattend>`;
  assert.match(
    await refusal({ files: { '/Windows/System32/Sysprep/unattend.xml': join('QUJD') } }),
    'unattend.xml: an offline domain join',
  );
  assert.is(await refusal({ files: { '/Windows/System32/Sysprep/unattend.xml': join('') } }), 'taken');
  assert.match(await refusal({ files: { '/Users/Public/BitLocker Recovery Key 1-2.TXT': 'x' } }), 'a key of BitLocker');
  const joined = { 'Policy\\Secrets\\$MACHINE.ACC': {}, 'Policy\\PolPrDmS': { '': new Uint8Array(24) } };
  assert.match(await refusal({ SECURITY: joined }), 'is joined to a domain');
  const { notes } = await runStep(workspacePolicy(), image({ files: { '/System Volume Information/FVE2.{e40ad34d}.1': 'x' } }));
  assert.match(notes[0]!, 'metadata of a BitLocker volume');
});

test('writes no PortableOperatingSystem value by itself', async () => {
  const { lines } = await runStep(workspacePolicy(), image());
  assert.equal(
    lines.filter((line) => line.includes('PortableOperatingSystem') && !line.includes('Policies\\Microsoft')),
    [],
  );
});

test('refuses values that mean nothing', () => {
  assert.match(optionFaults(workspacePolicy({ sanPolicy: 5 }))[0]!, 'must be at most 4');
  assert.match(optionFaults(unchecked(workspacePolicy, { recovery: 'no' }))[0]!, 'must be one of off, keep');
});

test.run();
