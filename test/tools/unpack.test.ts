// Unpacking a disc: everything comes out; what would be too much is refused before it begins; what is no disc fails.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { withScratch } from '../../tools/scratch.ts';
import { unpackAll } from '../../tools/unpack.ts';
import { run } from '../helpers/make-wim.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { needTools } from '../helpers/need.ts';

const test = suite('unpack');
const withTools = needTools(test, { '7zz': '7zip', xorriso: 'xorriso' });

withTools('an ISO of xorriso', () =>
  withScratch(async (folder) => {
    mkdirSync(join(folder, 'tree/sources'), { recursive: true });
    writeFileSync(join(folder, 'tree/sources/a.txt'), 'content');
    run('xorriso', ['-as', 'mkisofs', '-quiet', '-J', '-o', join(folder, 'a.iso'), join(folder, 'tree')]);
    mkdirSync(join(folder, 'out'));
    await unpackAll(join(folder, 'a.iso'), join(folder, 'out'));
    assert.is(readFileSync(join(folder, 'out/sources/a.txt'), 'utf8'), 'content');
    writeFileSync(join(folder, 'b.iso'), 'no disc');
    const error = await unpackAll(join(folder, 'b.iso'), join(folder, 'out')).then(
      () => undefined,
      (failure) => failure,
    );
    assert.instance(error, ToolError);
  }),
);

test('too many bytes are refused before anything is written', () =>
  withMockCommand('7zz', "echo '2020-01-01 00:00:00 99999999999999 10 3 files, 1 folders'", async (mock) => {
    await withScratch(async (folder) => {
      const error = await unpackAll('/x.iso', folder).then(
        () => undefined,
        (failure) => failure,
      );
      assert.is((error as ToolError).code, 'ARCHIVE_TOO_LARGE');
      assert.equal(
        mock.calls().map(([verb]) => verb),
        ['l'],
      );
    });
  }));

test.run();
