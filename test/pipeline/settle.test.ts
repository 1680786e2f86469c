// Settling: only an accepted artifact becomes the output.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RELEASE } from '../../lint/profile.ts';
import type { LintResult, Verdict } from '../../lint/result.ts';
import { outputNames } from '../../pipeline/output.ts';
import { settle } from '../../pipeline/settle.ts';
import { withScratch } from '../../tools/scratch.ts';

const resultOf = (verdict: Verdict): LintResult => ({
  container: { path: 'x', format: 'wim' },
  profile: RELEASE,
  verdict,
  images: [],
  allowlist: { unused: [], expired: [], insufficient: [] },
  stats: { files: 0, blobs: 0, bytesScanned: 0, bytesSkipped: 0, seconds: 0 },
});

async function settled(folder: string, verdict: Verdict) {
  const output = join(folder, 'golden.wim');
  const staged = outputNames(output).staged;
  await writeFile(staged, `staged ${verdict}`);
  const artifact = await settle({ path: staged, sha256: 'abc' }, resultOf(verdict), output, {
    attachments: [{ step: 's', name: 'chrony.conf', content: 'server x' }],
    report: { hello: 1 },
  });
  return { output, artifact };
}

test('accepted: renamed into place with attachments and report', async () => {
  await withScratch(async (folder) => {
    const { output, artifact } = await settled(folder, 'accepted');
    assert.is(artifact.path, output);
    assert.is(await readFile(output, 'utf8'), 'staged accepted');
    assert.equal((await readdir(folder)).sort(), ['golden.chrony.conf', 'golden.wim', 'golden.wim.report.json']);
    assert.equal(JSON.parse(await readFile(artifact.report, 'utf8')), { hello: 1 });
  });
});

for (const verdict of ['rejected', 'undecided'] as const) {
  test(`${verdict}: kept aside with its report; an earlier output stays as it was`, async () => {
    await withScratch(async (folder) => {
      await settled(folder, 'accepted');
      const { output, artifact } = await settled(folder, verdict);
      assert.is(artifact.path, `${output}.rejected`);
      assert.is(await readFile(output, 'utf8'), 'staged accepted');
      assert.is(await readFile(artifact.path, 'utf8'), `staged ${verdict}`);
      assert.ok(existsSync(`${output}.rejected.json`));
      assert.not(existsSync(`${output}.staged`));
    });
  });
}

test('where a side file cannot be written, the output does not appear and nothing of ours stays', async () => {
  for (const blocked of ['golden.chrony.conf.staged/x', 'golden.wim.report.json.staged/x']) {
    await withScratch(async (folder) => {
      await mkdir(join(folder, blocked), { recursive: true });
      const failed = await settled(folder, 'accepted').then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code,
      );
      assert.is(failed, 'EISDIR');
      const left = await readdir(folder);
      assert.not(left.includes('golden.wim'), String(left));
      assert.not(left.includes('golden.chrony.conf'), String(left));
      assert.equal(await readdir(join(folder, blocked, '..')), ['x'], 'a folder of somebody else stays');
    });
  }
});

test('an accepted build clears what an earlier rejection left', async () => {
  await withScratch(async (folder) => {
    await settled(folder, 'rejected');
    const { output } = await settled(folder, 'accepted');
    assert.not(existsSync(`${output}.rejected`));
    assert.not(existsSync(`${output}.rejected.json`));
  });
});

test.run();
