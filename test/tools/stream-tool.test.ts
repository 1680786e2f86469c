// Streaming a tool's output: order, back-pressure, ends, kills.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { streamTool } from '../../tools/stream-tool.ts';
import type { Tool } from '../../tools/tool.ts';
import { withMockCommand } from '../helpers/mock-command.ts';

const tool: Tool = { name: 'wtgforge-mock', package: 'mock', purpose: 'test', versionArgs: [], versionPattern: /(x)/ };
const test = suite('stream-tool');

async function gather(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of streamTool(tool, args, { signal })) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('hands on everything and passes arguments unchanged', async () => {
  await withMockCommand(tool.name, 'seq 1 50000', async (mock) => {
    assert.is((await gather(['a b', '$(x)', "it's"])).split('\n').length, 50001);
    assert.equal(mock.calls(), [['a b', '$(x)', "it's"]]);
  });
});

test('a failure comes after the output, with what the tool said', async () => {
  await withMockCommand(tool.name, 'printf half; echo broken >&2; exit 3', async () => {
    const pieces: string[] = [];
    try {
      for await (const piece of streamTool(tool, [])) pieces.push(Buffer.from(piece).toString());
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ToolError);
      assert.match((error as ToolError).message, /exit code 3 \(broken\)/);
    }
    assert.is(pieces.join(''), 'half');
  });
});

test('a missing tool names its package', async () => {
  try {
    await gather([]);
    assert.unreachable();
  } catch (error) {
    assert.is((error as ToolError).code, 'TOOL_MISSING');
    assert.match((error as ToolError).message, /package mock/);
  }
});

test('who stops early kills the tool', async () => {
  await withMockCommand(tool.name, 'echo $$; exec yes', async () => {
    let pid = 0;
    for await (const piece of streamTool(tool, [])) {
      pid = Number.parseInt(Buffer.from(piece).toString(), 10);
      break;
    }
    assert.ok(pid > 0);
    assert.is(isRunning(pid), false);
  });
});

test('an abort kills the tool and throws the reason', async () => {
  await withMockCommand(tool.name, 'echo $$; exec sleep 60', async () => {
    const abort = new AbortController();
    let pid = 0;
    const reason = new Error('enough');
    try {
      for await (const piece of streamTool(tool, [], { signal: abort.signal })) {
        pid = Number.parseInt(Buffer.from(piece).toString(), 10);
        abort.abort(reason);
      }
      assert.unreachable();
    } catch (error) {
      assert.is(error, reason);
    }
    assert.is(isRunning(pid), false);
    try {
      await gather([], abort.signal);
      assert.unreachable();
    } catch (error) {
      assert.is(error, reason);
    }
  });
});

test('memory stays flat: the tool waits for a slow reader', async () => {
  await withMockCommand(tool.name, 'head -c 300000000 /dev/zero', async () => {
    let size = 0;
    let highest = 0;
    const before = process.memoryUsage().rss;
    for await (const piece of streamTool(tool, [])) {
      size += piece.length;
      if (size % (8 * 1024 * 1024) < piece.length) await new Promise((resolve) => setTimeout(resolve, 2));
      highest = Math.max(highest, process.memoryUsage().rss);
    }
    assert.is(size, 300_000_000);
    assert.ok(highest - before < 120 * 1024 * 1024, `grew by ${highest - before}`);
  });
});

test.run();
