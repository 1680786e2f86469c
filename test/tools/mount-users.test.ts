// Programs that work in a folder: by working folder and by open file; others are not counted.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { usersOf } from '../../tools/mount-users.ts';
import { withScratch } from '../../tools/scratch.ts';
import { becomes } from '../helpers/mounts.ts';

test('a working folder and an open file count, a folder whose name only begins so does not', () =>
  withScratch(async (folder) => {
    const [at, beside] = [join(folder, 'a'), join(folder, 'ab')] as const;
    for (const one of [at, beside]) mkdirSync(join(one, 'deep'), { recursive: true });
    writeFileSync(join(at, 'file'), 'x');
    const starts: readonly (readonly [string, string[], string])[] = [
      ['sleep', ['60'], beside],
      ['sleep', ['60'], join(at, 'deep')],
      ['tail', ['-f', join(at, 'file')], '/'],
    ];
    const seen: (readonly string[])[] = [['sleep'], ['tail']];
    assert.equal(usersOf(at), []);
    for (const [index, [command, words, cwd]] of starts.entries()) {
      const child = spawn(command, words, { cwd, stdio: 'ignore' });
      const wanted = index === 0 ? [] : seen[index - 1]!;
      assert.ok(await becomes(() => JSON.stringify(usersOf(at)) === JSON.stringify(wanted)), `${command}: ${usersOf(at)}`);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      assert.equal(usersOf(at), []);
    }
  }));

test.run();
