// The gate on a built image with decoys: every decoy is seen by its rule, alone and together.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LintResult } from '../../lint/result.ts';
import { makeDecoys, makeUnsafeImage } from '../../scripts/dev/fixtures.ts';
import { needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

e2e('each decoy alone makes an accepted image refused, by its own rule and at its place', async () => {
  await inWorkspace(async ({ build, output, folder }) => {
    assert.is((await build()).code, 0);
    const config = join(folder, 'build.config.ts');
    const decoys = makeDecoys();
    assert.ok(decoys.length >= 9);
    for (const [at, { title }] of decoys.entries()) {
      const path = join(folder, `unsafe-${at}.wim`);
      const [decoy] = await makeUnsafeImage(output, path, (candidate) => candidate.title === title);
      const { code, out, err } = await cli(['lint', path, '--config', config, '--json']);
      assert.is(code, 1, `${title}: ${err}${out.slice(0, 3000)}`);
      const result = JSON.parse(out) as LintResult;
      assert.is(result.verdict, 'rejected');
      const findings = result.images[0]!.findings.filter(({ rule, severity }) => rule === decoy!.rule && severity === 'error');
      assert.ok(
        findings.some(({ at: place }) => Object.values(place).some((text) => String(text).toLowerCase().includes(decoy!.at.toLowerCase()))),
        `${title}: ${JSON.stringify(findings)}`,
      );
    }
  });
});

test.run();
