// A file that a report or plan goes to: written, or refused with the place and a hint.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkReportFile, writeReport } from '../../cli/report-file.ts';
import { ConfigError } from '../../errors.ts';
import { withScratch } from '../../tools/scratch.ts';

test('the text is in the file; what cannot be written is named', async () => {
  await withScratch(async (folder) => {
    const file = join(folder, 'report.json');
    await writeReport(file, 'first and long');
    await writeReport(file, 'second');
    assert.is(readFileSync(file, 'utf8'), 'second');
    for (const [wrong, code] of [
      [folder, 'EISDIR'],
      [join(folder, 'absent/x'), 'ENOENT'],
    ] as const) {
      const error = await writeReport(wrong, 'x').then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.instance(error, ConfigError);
      assert.is((error as ConfigError).message, `${wrong}: cannot be written (${code})`);
      assert.ok((error as ConfigError).hint);
    }
  });
});

test('what cannot be written is said before, and nothing is made', async () => {
  await withScratch(async (folder) => {
    const file = join(folder, 'report.json');
    await checkReportFile(file);
    assert.is(existsSync(file), false);
    await writeReport(file, 'x');
    await checkReportFile(file);
    for (const [wrong, why] of [
      [folder, 'it is a folder'],
      [join(folder, 'absent/x'), 'ENOENT'],
      [join(file, 'x'), 'ENOTDIR'],
    ] as const) {
      const error = await checkReportFile(wrong).catch((reason: Error) => reason);
      assert.instance(error, ConfigError);
      assert.is((error as Error).message, `${wrong}: cannot be written (${why})`);
    }
  });
});

test.run();
