// The list of KMS hosts in the image: its files, its task, and what goes when it is no longer wanted.
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTask } from '../../formats/task-xml/task.ts';
import { createJournal } from '../../image/journal.ts';
import { layHostList, removeHostList } from '../../image/kms-host-list.ts';
import { fakeImage } from '../helpers/fake-image.ts';

const FOLDER = '/Windows/Setup/Scripts/wtgforge';
const hosts = [
  { host: 'kms1.corp.example', port: 1688 },
  { host: '10.0.0.5', port: 1700 },
];

function open() {
  const notes: string[] = [];
  const ctx = {
    guest: async (name: string) => readFileSync(new URL(`../../scripts/guest/${name}`, import.meta.url), 'utf8'),
    note: (text: string) => void notes.push(text),
    fail: (message: string): never => {
      throw new Error(message);
    },
  };
  return { draft: createJournal(fakeImage()).draft('test'), notes, ctx };
}

test('lays the list, the script that walks it, the probe, and a task', async () => {
  const { draft, ctx } = open();
  await layHostList(draft, 'kms-client', hosts, ctx);
  assert.equal(JSON.parse(Buffer.from(await draft.read(`${FOLDER}/kms-hosts.json`)).toString()), {
    hosts: ['kms1.corp.example:1688', '10.0.0.5:1700'],
  });
  for (const name of ['kms-hosts.cmd', 'kms-probe.ps1', 'first-boot.cmd']) assert.ok(await draft.has(`${FOLDER}/${name}`), name);
  const task = parseTask(await draft.read(`${FOLDER}/kms-host-list.xml`));
  assert.equal(
    task.triggers.map(({ kind }) => kind),
    ['BootTrigger', 'EventTrigger'],
  );
  assert.equal(task.actions, [
    {
      kind: 'exec',
      command: '%SystemRoot%\\System32\\cmd.exe',
      arguments: '/d /c "%SystemRoot%\\Setup\\Scripts\\wtgforge\\kms-hosts.cmd"',
      workingDirectory: '',
    },
  ]);
  const before = draft.changes.length;
  await layHostList(draft, 'kms-client', hosts, ctx);
  assert.is(draft.changes.length, before);
});

test('takes an earlier list away with its script, and nothing when there is none', async () => {
  const { draft, ctx, notes } = open();
  await removeHostList(draft, 'kms-client', ctx);
  assert.equal(draft.changes, []);
  await layHostList(draft, 'kms-client', hosts, ctx);
  await removeHostList(draft, 'kms-client', ctx);
  for (const name of ['kms-hosts.json', 'kms-hosts.cmd', 'kms-host-list.xml']) assert.not.ok(await draft.has(`${FOLDER}/${name}`), name);
  assert.not.match(Buffer.from(await draft.read('/Windows/Setup/Scripts/SetupComplete.cmd')).toString(), 'kms-host');
  assert.is(notes.length, 1);
});

test.run();
