// When a task starts and as whom, from its blob in the registry: the generated ones, and every task of real hives.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FormatError } from '../../../formats/bytes.ts';
import { openRegf } from '../../../formats/hive/hive.ts';
import { type CachedTriggers, parseTriggers } from '../../../formats/task-cache/triggers.ts';
import { triggersBlob } from '../../../scripts/dev/fixtures/tasks.ts';
import { survives } from '../../helpers/damage.ts';
import { needRealData } from '../../helpers/need.ts';
import { realHive } from '../../helpers/real-hive.ts';

const withReal = needRealData(test);
const CACHE = 'Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks';
const made = triggersBlob({ path: '\\T', trigger: 'none', principal: 'S-1-5-18', action: 'cmd.exe /c a b' });

test('a task without a trigger of its own', () => {
  const { xmlChecksum, ...rest } = parseTriggers(made);
  assert.type(xmlChecksum, 'number');
  assert.equal(rest, {
    principal: 'Any',
    account: 'S-1-5-18',
    enabled: true,
    hidden: false,
    highestRights: false,
    networkOnly: false,
    triggers: [],
  });
});

test('flags', () => {
  const flagged = Uint8Array.from(made);
  new DataView(flagged.buffer).setUint32(0x28, 0x1800080, true); // behind version and two times
  const { enabled, hidden, highestRights, networkOnly } = parseTriggers(flagged);
  assert.equal([enabled, hidden, highestRights, networkOnly], [false, true, true, true]);
});

test('an unknown trigger is a fault', () => {
  const more = Buffer.concat([made, Buffer.from([0x11, 0x11, 0, 0, 0, 0, 0, 0])]);
  assert.throws(() => parseTriggers(more), /trigger of kind 0x1111 is not known/);
});

test('damage ends in a FormatError or in other triggers', () => survives(made, parseTriggers, FormatError, 1000));

function tasksOf(name: string): readonly { readonly path: string; readonly triggers: CachedTriggers; readonly raw: Uint8Array }[] {
  const hive = openRegf(realHive(name));
  return hive.subkeys(hive.find(CACHE)!).map((task) => {
    const values = new Map(hive.values(task).map((value) => [value.name, value.raw]));
    const raw = values.get('Triggers')!;
    return { path: Buffer.from(values.get('Path')!).toString('utf16le').replaceAll('\0', ''), triggers: parseTriggers(raw), raw };
  });
}

withReal('every task of a real Windows 8.1 and 7: kinds of triggers, accounts, hidden ones', () => {
  for (const [name, tasks, hidden, kinds] of [
    ['win81ent-eval-x64.SOFTWARE.gz', 130, 41, { boot: 7, wnf: 21, time: 25, event: 19, idle: 8, logon: 22, session: 10, registration: 3 }],
    ['win7ult-x64.SOFTWARE.gz', 85, 23, { boot: 6, wnf: 0, time: 31, event: 12, idle: 1, logon: 16, session: 3, registration: 3 }],
  ] as const) {
    const all = tasksOf(name);
    assert.is(all.length, tasks, name);
    assert.is(all.filter(({ triggers }) => triggers.hidden).length, hidden, name);
    for (const [kind, count] of Object.entries(kinds)) {
      assert.is(
        all.flatMap(({ triggers }) => triggers.triggers).filter((trigger) => trigger.kind === kind).length,
        count,
        `${name} ${kind}`,
      );
    }
    assert.ok(
      all.every(({ triggers }) => /^(?:S-1-\d|AtServiceAccount$)/.test(triggers.account)),
      name,
    );
    const restart = all.find(({ path }) => path === '\\Microsoft\\Windows\\SoftwareProtectionPlatform\\SvcRestartTask')!;
    assert.is(restart.triggers.account, 'S-1-5-20');
  }
});

withReal('the query of an event trigger', () => {
  const network = tasksOf('win81ent-eval-x64.SOFTWARE.gz').find(({ path }) => path.endsWith('\\SvcRestartTaskNetwork'))!;
  assert.match(network.triggers.triggers[0]!.subscription ?? '', /^<QueryList>.*EventID=10000/);
});

withReal('damaged real triggers', () => {
  const event = tasksOf('win81ent-eval-x64.SOFTWARE.gz').filter(({ triggers }) => triggers.triggers.length > 1);
  for (const { raw } of event.slice(0, 8)) survives(raw, parseTriggers, FormatError, 100);
});

test.run();
