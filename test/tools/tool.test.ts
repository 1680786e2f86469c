// Starting a tool: arguments arrive as they are, failures become ToolErrors, an abort ends the tool.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { withScratch } from '../../tools/scratch.ts';
import { failureOf, isOlder, missingTool, runTool, type Tool, toolVersion } from '../../tools/tool.ts';
import { withMockCommand } from '../helpers/mock-command.ts';

const tool: Tool = {
  name: 'wtgforge-test-tool',
  package: 'testtools',
  purpose: 'to be tested',
  versionArgs: ['--version'],
  versionPattern: /tool (\d+\.\d+)/,
};

async function failed(run: Promise<unknown>): Promise<ToolError> {
  const outcome = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.instance(outcome, ToolError);
  return outcome as ToolError;
}

test('arguments arrive one by one, whatever is in them', async () => {
  const args = ['', 'a b', '$HOME', '`id`', '"', "'", '*', '-x', 'a\nb', '\\', 'ä', ';', '&&', '$(id)'];
  await withMockCommand(tool.name, '', async (mock) => {
    await runTool(tool, args);
    assert.equal(mock.calls(), [args]);
  });
});

test('output comes back whole: bytes on stdout, text on stderr', async () => {
  await withMockCommand(tool.name, "printf '\\377\\000x'; printf 'note' >&2", async () => {
    const { stdout, stderr, exitCode } = await runTool(tool, []);
    assert.equal([...stdout], [0xff, 0, 0x78]);
    assert.is(stderr, 'note');
    assert.is(exitCode, 0);
  });
});

test('a tool that ends before it has read its input is judged by how it ended', async () => {
  const input = Buffer.alloc(1_000_000, 'x'); // more than a pipe holds
  await withMockCommand(tool.name, 'exec <&-; exit 0', async () => assert.is((await runTool(tool, [], { input })).exitCode, 0));
  await withMockCommand(tool.name, "exec <&-; printf 'will not' >&2; exit 3", async () =>
    assert.match((await failed(runTool(tool, [], { input }))).message, 'will not'),
  );
});

test('input, environment and working folder reach the tool', async () => {
  await withMockCommand(tool.name, 'cat; printf "%s %s %s" "$MARK" "$LC_ALL" "$PWD"', async () => {
    const { stdout } = await runTool(tool, [], { input: 'in ', env: { MARK: 'out' }, cwd: '/' });
    assert.is(stdout.toString(), 'in out C.UTF-8 /');
  });
});

test('a bad exit is TOOL_FAILED with the last five lines that it said', async () => {
  await withMockCommand(tool.name, 'for i in 1 2 3 4 5 6 7; do echo "line $i" >&2; done; exit 3', async () => {
    const error = await failed(runTool(tool, ['--secret-free']));
    assert.is(error.code, 'TOOL_FAILED');
    assert.is(error.message, `${tool.name}: failed with exit code 3 (line 3 / line 4 / line 5 / line 6 / line 7)`);
    assert.equal((error.cause as { argv: unknown }).argv, [tool.name, '--secret-free']);
  });
});

test('an exit code that was said to be fine is fine', async () => {
  await withMockCommand(tool.name, 'exit 3', async () => {
    assert.is((await runTool(tool, [], { accept: [0, 3] })).exitCode, 3);
  });
});

test('a tool that is not there is TOOL_MISSING and names the package', async () => {
  const error = await failed(runTool(tool, []));
  assert.is(error.code, 'TOOL_MISSING');
  assert.match(error.message, 'testtools');
  assert.match(error.hint ?? '', 'apt-get install testtools');
  assert.equal([missingTool(tool).code, failureOf(tool, [], 127, '').code], ['TOOL_MISSING', 'TOOL_MISSING']);
});

test('a signal that ended the tool is named', () => {
  assert.match(failureOf(tool, [], -1, '', 'SIGSEGV').message, 'was ended by SIGSEGV');
});

test('an abort ends a running tool at once and gives the reason', async () => {
  await withMockCommand(tool.name, 'exec sleep 20', async () => {
    const controller = new AbortController();
    const began = Date.now();
    setTimeout(() => controller.abort(new Error('enough')), 50);
    try {
      await runTool(tool, [], { signal: controller.signal });
      assert.unreachable('the tool ended well');
    } catch (error) {
      assert.is((error as Error).message, 'enough');
    }
    assert.ok(Date.now() - began < 5000);
  });
});

test('after an abort nothing is started', async () => {
  await withMockCommand(tool.name, '', async (mock) => {
    const run = runTool(tool, [], { signal: AbortSignal.abort(new Error('before')) });
    await run.then(
      () => assert.unreachable('it ran'),
      (error: Error) => assert.is(error.message, 'before'),
    );
    assert.equal(mock.calls(), []);
  });
});

test('a process that exits in the middle takes its tools along', async () => {
  const source = (name: string) => JSON.stringify(new URL(`../../tools/${name}`, import.meta.url).href);
  await withMockCommand(tool.name, 'echo "$$" > "$1"; exec sleep 20', async () => {
    await withScratch(async (folder) => {
      for (const [name, call] of [
        ['tool.ts', 'runTool(tool, [file])'],
        ['stream-tool.ts', '(async () => { for await (const _ of streamTool(tool, [file])); })()'],
      ] as const) {
        const file = join(folder, name);
        const script = `import * as module from ${source(name)}; import { existsSync, readFileSync } from 'node:fs';
          const { runTool, streamTool } = module; const tool = ${JSON.stringify({ name: tool.name, package: 'p' })}; const file = ${JSON.stringify(file)};
          ${call}; setInterval(() => { if (existsSync(file) && readFileSync(file, 'utf8') !== '') process.exit(3); }, 10);`;
        const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
          encoding: 'utf8',
          timeout: 10_000,
        });
        assert.is(run.status, 3, run.stderr);
        const pid = Number(readFileSync(file, 'utf8'));
        const isGone = () => !existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
        for (let tries = 0; tries < 50 && !isGone(); tries++) await sleep(20);
        assert.ok(isGone(), `${name}: process ${pid} lives on`);
      }
    });
  });
});

test('the version is found on either stream, in spite of the exit code', async () => {
  assert.is(await withMockCommand(tool.name, 'echo "tool 1.12 (x)"', () => toolVersion(tool)), '1.12');
  assert.is(await withMockCommand(tool.name, 'echo "tool 2.5" >&2; exit 1', () => toolVersion(tool)), '2.5');
  assert.is(await withMockCommand(tool.name, 'echo "nothing"', () => toolVersion(tool)), 'unknown');
  assert.is(await toolVersion(tool), undefined);
});

test('versions are compared number by number', () => {
  for (const [version, minimum, older] of [
    ['1.13.5', '1.13', false],
    ['1.9.2', '1.13', true],
    ['2', '1.13', false],
    ['1', '1.13', true],
    ['4.0', '4.0', false],
  ] as const) {
    assert.is(isOlder(version, minimum), older, `${version} and ${minimum}`);
  }
});

test.run();
