// What a task does, from its blob in the registry: every kind of action, and every task of real hives.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { openRegf } from '../../../formats/hive/hive.ts';
import { ACTIONS_MAX, type CachedAction, parseActions } from '../../../formats/task-cache/actions.ts';
import { actionsBlob } from '../../../scripts/dev/fixtures/tasks.ts';
import { survives } from '../../helpers/damage.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);
const u16 = (value: number) => Buffer.from([value & 255, value >> 8]);
const u32 = (value: number) => Buffer.from([value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]);
const text = (value: string) => Buffer.concat([u32(value.length * 2), Buffer.from(value, 'utf16le')]);
const exec = (command: string, version: number) =>
  Buffer.concat([u16(0x6666), text('id'), text(command), text('/args'), text('C:\\'), ...(version === 3 ? [u16(0)] : [])]);
const blob = (version: number, ...actions: Buffer[]) =>
  Buffer.concat([u16(version), ...(version === 3 ? [text('Author')] : []), ...actions]);

test('a program, before and since version 3', () => {
  const action: CachedAction = { kind: 'exec', id: 'id', command: 'a.exe', arguments: '/args', workingDirectory: 'C:\\' };
  assert.equal(parseActions(blob(1, exec('a.exe', 1))), { context: '', actions: [action] });
  assert.equal(parseActions(blob(3, exec('a.exe', 3), exec('a.exe', 3))), { context: 'Author', actions: [action, action] });
});

test('a class, a message and a mail', () => {
  const com = Buffer.concat([u16(0x7777), text(''), Buffer.from('0123456789abcdef0123456789abcdef', 'hex'), text('data')]);
  const message = Buffer.concat([u16(0x9999), text(''), text('title'), text('body')]);
  const mail = Buffer.concat([
    u16(0x8888),
    text(''),
    ...['from', 'to', 'cc', 'bcc', 'reply', 'server', 'subject', 'body'].map(text),
    u32(1),
    text('attached'),
    u32(1),
    text('name'),
    text('value'),
  ]);
  assert.equal(parseActions(blob(3, com, message, mail)).actions, [
    { kind: 'com', id: '', classId: '{67452301-ab89-efcd-0123-456789abcdef}', data: 'data' },
    { kind: 'message', id: '', title: 'title', body: 'body' },
    { kind: 'mail', id: '', to: 'to', server: 'server', subject: 'subject' },
  ]);
});

test('a thousand actions are read; a flood, unknown kinds and versions are refused', () => {
  assert.is(parseActions(blob(3, ...Array<Buffer>(1000).fill(exec('a', 3)))).actions.length, 1000);
  assert.throws(() => parseActions(blob(3, ...Array<Buffer>(ACTIONS_MAX + 1).fill(exec('', 3)))), /holds more than 4096 actions/);
  assert.throws(() => parseActions(blob(3, Buffer.concat([u16(0x5555), text('')]))), /kind 0x5555 is not known/);
  assert.throws(() => parseActions(blob(4)), /version 4 is not known/);
  assert.throws(() => parseActions(Buffer.concat([blob(3), u16(0x8888), ...Array<Buffer>(9).fill(text('')), u32(0xffffffff)])), /parts/);
});

test('damage ends in a FormatError or in other actions', () => {
  survives(actionsBlob({ path: '\\T', trigger: 'boot', principal: 'S-1-5-18', action: 'cmd.exe /c a b' }), parseActions, FormatError);
});

withReal('every action of the 130 tasks of a real Windows 8.1', () => {
  const hive = openRegf(realHive('win81ent-eval-x64.SOFTWARE.gz'));
  const tasks = hive.subkeys(hive.find('Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks')!);
  const actions = tasks.flatMap((task) => {
    const { raw } = hive.values(task).find(({ name }) => name === 'Actions')!;
    return parseActions(raw).actions;
  });
  const count = (kind: string) => actions.filter((action) => action.kind === kind).length;
  assert.equal([tasks.length, count('exec'), count('com')], [130, 50, 81]);
});

test.run();
