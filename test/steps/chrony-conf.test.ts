// The chrony.conf step: both profiles, our own range checks, and the real chronyd where it is there.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { chronyConf } from '../../steps/chrony-conf.ts';
import { chronydHere } from '../../tools/chronyd.ts';
import { toolVersion } from '../../tools/tool.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';

const relay = { servers: ['ntp1.corp.example', '2001:db8::1'], allow: ['10.0.0.0/8', 'fd00::/8'] };
const installed = (await toolVersion(chronydHere())) !== undefined;

const directives = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('a relay asks its servers, serves its subnets and goes on alone', async () => {
  const { attachments, changes, notes } = await runStep(chronyConf(relay), fakeImage());
  assert.equal(changes, []);
  assert.equal(
    attachments.map(({ name }) => name),
    ['chrony.conf'],
  );
  assert.equal(directives(attachments[0]!.content), [
    'server ntp1.corp.example iburst',
    'server 2001:db8::1 iburst',
    'local stratum 10 orphan',
    'allow 10.0.0.0/8',
    'allow fd00::/8',
    'makestep 1.0 3',
    'rtcsync',
    'driftfile /var/lib/chrony/chrony.drift',
  ]);
  assert.is(notes.length, installed ? 0 : 1);
});

test('an isolated one is its own source', async () => {
  const { attachments, notes } = await runStep(
    chronyConf({ profile: 'isolated', allow: ['192.168.1.7'], stratum: 8, port: 1123, driftFile: '/run/drift' }),
    fakeImage(),
  );
  assert.equal(directives(attachments[0]!.content), [
    'local stratum 8',
    'manual',
    'allow 192.168.1.7',
    'port 1123',
    'makestep 1.0 3',
    'rtcsync',
    'driftfile /run/drift',
  ]);
  assert.match(notes.at(-1)!, 'port 1123');
});

test('says when no chronyd looked at it', async () => {
  const before = process.env.WTGFORGE_CHRONYD;
  process.env.WTGFORGE_CHRONYD = '/nowhere/chronyd';
  try {
    const { notes, attachments } = await runStep(chronyConf(relay), fakeImage());
    assert.match(notes[0]!, 'not checked by chronyd');
    assert.is(attachments.length, 1);
  } finally {
    if (before === undefined) delete process.env.WTGFORGE_CHRONYD;
    else process.env.WTGFORGE_CHRONYD = before;
  }
});

test('refuses what chronyd would take', async () => {
  const refusal = async (given: Readonly<Record<string, unknown>>) => {
    try {
      await runStep(unchecked(chronyConf, { ...relay, ...given }), fakeImage());
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(await refusal({ allow: ['10.0.0.0/33'] }), 'longer than 32 bits');
  assert.match(await refusal({ allow: ['fd00::/129'] }), 'longer than 128 bits');
  assert.match(await refusal({ allow: ['999.1.1.1/8'] }), 'is not an address');
  assert.match(await refusal({ allow: ['10/8'] }), 'is not an address');
  assert.match(await refusal({ allow: [] }), 'allow is empty');
  assert.match(await refusal({ allow: ['10.0.0.0/8', '10.0.0.0/8'] }), 'allow names 10.0.0.0/8 twice');
  assert.match(await refusal({ servers: [] }), 'at least one upstream');
  assert.match(await refusal({ servers: ['-a'] }), 'neither a host name');
  assert.match(await refusal({ servers: ['300.1.1.1'] }), 'neither a host name');
  assert.match(await refusal({ servers: ['a:b'] }), 'neither a host name');
  assert.match(await refusal({ profile: 'isolated' }), 'no upstream servers');
  assert.match(await refusal({ driftFile: '/var/../etc/passwd' }), 'not a plain path');
});

test('refuses options of the wrong form', () => {
  for (const [given, fault] of [
    [{ port: 99999 }, 'at most 65535'],
    [{ stratum: 16 }, 'at most 15'],
    [{ stratum: 0 }, 'at least 1'],
    [{ servers: ['a\nallow 0/0'] }, 'right form'],
    [{ allow: ['all'] }, 'right form'],
    [{ driftFile: 'relative' }, 'right form'],
    [{ profile: 'server' }, 'must be one of relay, isolated'],
  ] as const) {
    assert.match(optionFaults(unchecked(chronyConf, { ...relay, ...given }))[0]!, fault);
  }
  assert.match(optionFaults(unchecked(chronyConf, {}))[0]!, 'allow: is missing');
});

test('never skips: it looks at nothing of the image', () => {
  assert.is(chronyConf.step.skip, undefined);
});

test.run();
