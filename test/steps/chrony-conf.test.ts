// The chrony.conf step: both profiles, our own range checks, and the real chronyd where it is there.
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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

test('remarks a subnet that is everybody', async () => {
  const { notes } = await runStep(chronyConf({ ...relay, allow: ['10.0.0.0/8', '0.0.0.0/0'] }), fakeImage());
  assert.ok(notes.includes('allow 0.0.0.0/0 serves everybody who reaches the machine'));
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

/** Seconds from 1900, where NTP counts from, to 1970 (RFC 5905, figure 4). */
const NTP_EPOCH = 2_208_988_800;
/** Debian's nobody and nogroup: who serves when the test itself is root. */
const NOBODY = 65534;

interface Answer {
  readonly mode: number;
  readonly stratum: number;
  readonly offset: number;
}

const now = () => Date.now() / 1000;

/** One SNTP question (RFC 4330): 48 bytes there and back; undefined when nothing came within the time. */
async function askTime(port: number): Promise<Answer | undefined> {
  const socket = createSocket('udp4');
  try {
    const question = Buffer.alloc(48);
    question[0] = 0x23; // no leap warning, version 4, client
    const sent = now();
    // The server gives it back as the origin: an answer to something else is told apart.
    question.writeBigUInt64BE(BigInt(Math.floor(sent * 1e6)), 40);
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(300) });
    socket.send(question, port, '127.0.0.1');
    const [reply] = (await answered) as [Buffer];
    const back = now();
    assert.is(reply.length, 48);
    assert.equal(reply.subarray(24, 32), question.subarray(40, 48));
    const stamp = (at: number) => reply.readUInt32BE(at) - NTP_EPOCH + reply.readUInt32BE(at + 4) / 2 ** 32;
    return { mode: reply[0]! & 7, stratum: reply[1]!, offset: (stamp(32) - sent + (stamp(40) - back)) / 2 };
  } catch (error) {
    if ((error as Error).name === 'AbortError') return undefined;
    throw error;
  } finally {
    socket.close();
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

async function firstAnswer(port: number, server: ChildProcess): Promise<Answer | undefined> {
  for (let tries = 0; tries < 20 && server.exitCode === null; tries++) {
    const answer = await askTime(port);
    if (answer) return answer;
    await pause(50);
  }
  return undefined;
}

if (!installed) {
  if (process.env.WTGFORGE_NEED_TOOLS === '1') throw new Error('needs chronyd (package chrony; WTGFORGE_CHRONYD names the binary)');
  console.error('skipped: needs chronyd (package chrony)');
}

/** chronyd as a client of its own kind (`-Q` asks once and sets nothing): the seconds that it says this clock is wrong. */
async function askChronyd(port: number, folder: string, identity: readonly string[], how: object): Promise<number | undefined> {
  const client = spawn(
    chronydHere().name,
    [
      '-Q',
      '-x',
      '-U',
      ...identity,
      '-t',
      '20',
      'cmdport 0',
      `pidfile ${join(folder, 'client.pid')}`,
      `server 127.0.0.1 port ${port} iburst maxsamples 1`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], ...how },
  );
  const said: string[] = [];
  for (const stream of [client.stdout, client.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
  await once(client, 'exit');
  const wrong = /System clock wrong by (-?[\d.]+) seconds \(ignored\)/.exec(said.join(''))?.[1];
  return wrong === undefined ? undefined : Number(wrong);
}

/** An isolated relay, and one whose only upstream does not answer (no NTP server stands on loopback): it goes on alone. */
const SERVED = [
  { profile: 'isolated', stratum: 7 },
  { profile: 'relay', servers: ['127.0.0.1'], stratum: 9 },
] as const;

for (const profile of SERVED) {
  (installed ? test : test.skip)(
    `the real chronyd serves time with the generated ${profile.profile} file, without privileges`,
    async () => {
      const root = process.getuid?.() === 0;
      const folder = await mkdtemp(join(tmpdir(), 'chrony-'));
      const port = await freePort();
      const given = {
        ...profile,
        servers: [...('servers' in profile ? profile.servers : [])],
        allow: ['127.0.0.0/8'],
        port,
        driftFile: join(folder, 'drift'),
      };
      const { attachments } = await runStep(chronyConf(given), fakeImage());
      const generated = join(folder, 'generated.conf');
      const config = join(folder, 'chrony.conf');
      await writeFile(generated, attachments[0]!.content);
      // The generated file goes in as it is; around it only what keeps the server on loopback and out of the system's folders.
      await writeFile(config, `include ${generated}\nbindaddress 127.0.0.1\ncmdport 0\nbindcmdaddress /\npidfile ${join(folder, 'pid')}\n`);
      if (root) for (const path of [folder, generated, config]) await chown(path, NOBODY, NOBODY);
      await chmod(folder, 0o700);
      // -x: sets no clock; -U: needs no root; -u: the user it is already.
      const identity = ['-u', root ? 'nobody' : `${process.env.USER ?? process.getuid?.()}`];
      const how = root ? { uid: NOBODY, gid: NOBODY } : {};
      const server = spawn(chronydHere().name, ['-d', '-x', '-U', ...identity, '-f', config], {
        stdio: ['ignore', 'pipe', 'pipe'],
        ...how,
      });
      const said: string[] = [];
      for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
      const ended = once(server, 'exit');
      try {
        const answer = await firstAnswer(port, server);
        assert.ok(answer, `no answer: ${said.join('')}`);
        assert.is(answer.mode, 4, 'not the answer of a server');
        assert.is(answer.stratum, profile.stratum);
        assert.ok(Math.abs(answer.offset) < 0.5, `offset ${answer.offset} s`);
        const wrong = await askChronyd(port, folder, identity, how);
        assert.ok(wrong !== undefined && Math.abs(wrong) < 0.5, `chronyd -Q says ${wrong} s`);
        console.error(
          `chronyd served time on loopback (${profile.profile}): offset ${(answer.offset * 1000).toFixed(3)} ms by SNTP, ${(wrong * 1000).toFixed(3)} ms by chronyd -Q`,
        );
      } finally {
        server.kill();
        await ended;
        await rm(folder, { recursive: true });
      }
    },
  );
}

test.run();
