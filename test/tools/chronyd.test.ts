// chronyd as a second opinion: how it is found and called, and what the real one says.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkChronyConf, chronydHere } from '../../tools/chronyd.ts';
import { toolVersion } from '../../tools/tool.ts';
import { withMockCommand } from '../helpers/mock-command.ts';

const real = chronydHere();
const installed = (await toolVersion(real)) !== undefined;

async function withoutOverride<T>(value: string | undefined, use: () => Promise<T>): Promise<T> {
  const before = process.env.WTGFORGE_CHRONYD;
  if (value === undefined) delete process.env.WTGFORGE_CHRONYD;
  else process.env.WTGFORGE_CHRONYD = value;
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env.WTGFORGE_CHRONYD;
    else process.env.WTGFORGE_CHRONYD = before;
  }
}

test('takes the path from WTGFORGE_CHRONYD before anything else', () => {
  assert.is(chronydHere({ WTGFORGE_CHRONYD: '/opt/chronyd', PATH: '/usr/sbin' }).name, '/opt/chronyd');
  assert.ok(['chronyd', '/usr/sbin/chronyd'].includes(chronydHere({ PATH: '' }).name));
});

test('asks it to parse and print, never to run', async () => {
  await withoutOverride(undefined, () =>
    withMockCommand('chronyd', 'cat "$3"', async (mock) => {
      assert.equal(await checkChronyConf('allow 10.0.0.0/8\n'), { kind: 'sound' });
      const [args] = mock.calls();
      assert.equal([args?.length, args?.slice(0, 2)], [3, ['-p', '-f']]);
      assert.match(args![2]!, /chrony\.conf$/);
    }),
  );
});

test('tells a fault without our temporary path, and an old chronyd from a faulty file', async () => {
  await withoutOverride(undefined, async () => {
    await withMockCommand('chronyd', 'echo "2026-01-02T03:04:05Z Fatal error : Bad line 2 in file $3" >&2; exit 1', async () => {
      assert.equal(await checkChronyConf('x'), { kind: 'faulty', fault: 'Fatal error : Bad line 2 in file chrony.conf' });
    });
    await withMockCommand('chronyd', 'echo "chronyd: invalid option -- p" >&2; exit 1', async () => {
      assert.equal(await checkChronyConf('x'), { kind: 'unchecked' });
    });
    await withMockCommand('chronyd', 'exit 3', async () => {
      try {
        await checkChronyConf('x');
        assert.unreachable();
      } catch (error) {
        assert.is((error as { code?: string }).code, 'TOOL_FAILED');
      }
    });
  });
});

test('an absent chronyd leaves the file unchecked', async () => {
  assert.equal(await withoutOverride('/nowhere/chronyd', () => checkChronyConf('x')), { kind: 'unchecked' });
});

const withChronyd = installed ? test : test.skip;
if (!installed) {
  if (process.env.WTGFORGE_NEED_TOOLS === '1') throw new Error('needs chronyd (package chrony; WTGFORGE_CHRONYD names the binary)');
  console.error('skipped: needs chronyd (package chrony)');
}

withChronyd('the real one takes a good file and names the line of a bad one', async () => {
  assert.equal(await checkChronyConf('server ntp.example iburst\nallow 10.0.0.0/8\nlocal stratum 10 orphan\n'), { kind: 'sound' });
  const verdict = await checkChronyConf('allow 10.0.0.0/8\nlocal stratum 16\n');
  assert.is(verdict.kind, 'faulty');
  assert.match((verdict as { fault: string }).fault, 'line 2');
});

test.run();
