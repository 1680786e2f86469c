// Hives that Windows made, through the whole pipeline inside a WIM: 8.1 and 7 SOFTWARE, Windows 10 SYSTEM.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuildReport } from '../../pipeline/build.ts';
import { needRealData, realData } from '../helpers/need.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const real = needRealData(test);
const hive = (name: string) => gunzipSync(readFileSync(join(realData, 'hives', name)));

const PAIRS = [
  ['Windows 8.1 SOFTWARE', 'win81ent-eval-x64.SOFTWARE.gz'],
  ['Windows 7 SOFTWARE', 'win7ult-x64.SOFTWARE.gz'],
] as const;

for (const [name, software] of PAIRS) {
  real(`${name} and Windows 10 SYSTEM are edited, committed and gated`, async () => {
    await inWorkspace(
      async ({ build, output }) => {
        const { code, out, err } = await build('--json');
        assert.ok(code === 0 || code === 1, err + out.slice(0, 2000));
        const report = JSON.parse(out) as BuildReport & { artifact: { path: string } };
        assert.equal(
          report.lint.images[0]!.outcomes.filter(({ outcome }) => outcome === 'unable'),
          [],
        );
        const made = code === 0 ? output : `${output}.rejected`;
        assert.is(report.artifact.path, made);
        execFileSync('wimlib-imagex', ['verify', made], { stdio: 'pipe' });
        const changed = report.steps.flatMap(({ changes }) => changes.map(({ at }) => at));
        assert.ok(changed.some((at) => /KeyManagementServiceName$/.test(at)));
        assert.ok(changed.some((at) => /ControlSet001\\Services\\partmgr\\Parameters!SanPolicy$/.test(at)));
        // The lab machines were never generalized: the gate must say so, and it is the only thing that may keep them out.
        const errors = new Set(report.lint.images[0]!.findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule));
        assert.equal(
          [...errors].filter((rule) => rule !== 'hygiene/generalized' && rule !== 'secrets/product-key'),
          [],
        );
      },
      {
        hives: {
          '/Windows/System32/config/SOFTWARE': hive(software),
          '/Windows/System32/config/SYSTEM': hive('win10-2004.SYSTEM.gz'),
        },
      },
    );
  });
}

test.run();
