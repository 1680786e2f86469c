// A full disk is told apart from a tool that fails.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../../errors.ts';
import { saysFull, writingTo } from '../../../image/containers/room.ts';
import { withScratch } from '../../../tools/scratch.ts';

const failed = (text: string) => new ToolError('TOOL_FAILED', text);

test('what a tool or the file system says of a full disk becomes ENOSPC of the file, also where temporary files are at hand', async () => {
  for (const full of [
    failed('cp: failed with exit code 1 (error writing: No space left on device)'),
    Object.assign(new Error('write'), { code: 'ENOSPC' }),
  ]) {
    const error = await withScratch(() => writingTo('/out/a', Promise.reject(full))).catch((reason: unknown) => reason);
    assert.not.instance(error, ToolError);
    assert.is(((error as Error).cause as NodeJS.ErrnoException).code, 'ENOSPC');
    assert.match((error as Error).message, /\/out\/a/);
  }
});

test('anything else stays what it is', async () => {
  assert.is(await writingTo('/out/a', Promise.resolve(7)), 7);
  for (const other of [failed('cp: cannot'), new ToolError('TOOL_MISSING', 'No space left on device'), new TypeError('x')]) {
    assert.is(await writingTo('/out/a', Promise.reject(other)).catch((reason: unknown) => reason), other);
    assert.not(saysFull(other));
  }
});

test.run();
