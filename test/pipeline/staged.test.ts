// The staged file and what stands beside it: gone afterwards, gone before the next build, and nothing else is.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError, ToolError } from '../../errors.ts';
import { withStaged } from '../../pipeline/staged.ts';
import { withScratch } from '../../tools/scratch.ts';

const OURS = ['a.swm.staged', 'a.swm.staged.plain', 'a.swm2.staged', 'a.swm10.staged'];
const OTHERS = ['a.swm', 'a2.swm', 'a.swm.rejected', 'a.swm.stagedx', 'a.swmx.staged', 'b.swm.staged'];

test('files of an earlier build that was killed are gone before, ours afterwards; others stay', () =>
  withScratch(async (folder) => {
    for (const name of [...OURS, ...OTHERS]) writeFileSync(join(folder, name), 'old');
    mkdirSync(join(folder, 'a.swm.staged.folder'));
    await withStaged(join(folder, 'a.swm.staged'), async (staged) => {
      assert.equal(
        OURS.filter((name) => existsSync(join(folder, name))),
        [],
      );
      for (const name of OURS) writeFileSync(join(folder, name), 'new');
      assert.is(staged, join(folder, 'a.swm.staged'));
    });
    assert.equal(readdirSync(folder), [...OTHERS, 'a.swm.staged.folder'].sort());
  }));

test('what fails leaves nothing; a full disk is said in our words, unless it is that of temporary files', () =>
  withScratch(async (folder) => {
    const staged = join(folder, 'a.wim.staged');
    const failing = (error: Error) =>
      withStaged(staged, async () => {
        writeFileSync(staged, 'half');
        throw error;
      }).catch((reason: unknown) => reason);
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const said = (await failing(new Error('outer', { cause: full }))) as ConfigError;
    assert.instance(said, ConfigError);
    assert.is(said.code, 'OUTPUT_DISK_FULL');
    const scratch = new ToolError('SCRATCH_FULL', 'x', { cause: full });
    assert.is(await failing(scratch), scratch);
    assert.equal(readdirSync(folder), []);
  }));

test.run();
