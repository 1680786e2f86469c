// How the answer of npm audit is judged: no service is no fault, a finding is.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeAudit, runCheck } from '../../../scripts/dev/checks.ts';

const answer = (high: number, critical: number) => JSON.stringify({ metadata: { vulnerabilities: { low: 3, high, critical } } });

test('holes of level high and critical fail, lesser ones do not', () => {
  assert.is(judgeAudit(0, answer(0, 0)), true);
  assert.is(judgeAudit(1, answer(1, 0)), false);
  assert.is(judgeAudit(1, answer(0, 2)), false);
});

test('a registry without audits is said, not failed', () => {
  for (const said of ['', 'not found', '{"statusCode":405,"error":{"summary":""}}', '{broken']) {
    assert.is(judgeAudit(1, said), 'the registry answers no audits');
  }
});

test('a check passes by its exit code, and a missing program fails it', async () => {
  const node = (code: number) => runCheck({ name: 'x', command: [process.execPath, '-e', `console.log('said'); process.exit(${code})`] });
  assert.is((await node(0)).passed, 1);
  const failed = await node(3);
  assert.is(failed.failed, 1);
  assert.match(failed.output, /said/);
  assert.is((await runCheck({ name: 'y', command: ['no-such-program-anywhere'] })).failed, 1);
});

test.run();
