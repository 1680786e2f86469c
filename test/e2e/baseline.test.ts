// From a refused image to an accepted one: profiles, and a baseline whose reasons somebody has filled in.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LintResult } from '../../lint/result.ts';
import { makeUnsafeImage } from '../../scripts/dev/fixtures.ts';
import { needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });

e2e('a baseline lets through what it was made from once it has reasons, and nothing else', async () => {
  await inWorkspace(async ({ build, output, folder }) => {
    assert.is((await build()).code, 0);
    const unsafe = join(folder, 'unsafe.wim');
    const config = join(folder, 'build.config.ts');
    const baseline = join(folder, 'baseline.json');
    await makeUnsafeImage(output, unsafe);
    const lint = (path: string, ...words: string[]) => cli(['lint', path, '--config', config, '--json', ...words]);

    const written = await lint(unsafe, '--update-baseline', baseline);
    assert.is(written.code, 1, 'writing a baseline decides nothing');
    assert.match(written.err, /baseline\.json: \d+ finding\(s\), \d+ without a reason yet\n/);
    const open = await lint(unsafe, '--baseline', baseline);
    assert.is(open.code, 2);
    assert.match(open.err, /allow\[0\]\.reason: is missing/);

    const text = await readFile(baseline, 'utf8');
    await writeFile(baseline, text.replaceAll('"reason": ""', '"reason": "checked by hand"'));
    const { allow } = JSON.parse(text) as { allow: { sha256?: string; at?: string; until?: string }[] };
    assert.ok(allow.some(({ sha256, until }) => sha256 && until) && allow.some(({ at }) => at));
    const accepted = await lint(unsafe, '--baseline', baseline);
    const left = (JSON.parse(accepted.out) as LintResult).images.flatMap(({ findings }) =>
      findings.filter(({ severity, allowed }) => severity === 'error' && !allowed),
    );
    assert.equal(left, []);
    assert.is(accepted.code, 0, accepted.out.slice(0, 3000));
    assert.equal((JSON.parse(accepted.out) as LintResult).allowlist, undefined, 'every entry is of use');
  });
});

e2e('a profile is chosen by name, from the config or on the command line; one that is nobody’s is refused', async () => {
  await inWorkspace(async ({ build, configure, output, folder }) => {
    const config = await configure({ lint: "{ kmsHosts: ['kms.corp.example'], profile: 'lab', profiles: { lab: { weak: 'note' } } }" });
    assert.is((await build()).code, 0);
    const profileOf = async (...words: string[]) =>
      (JSON.parse((await cli(['lint', output, '--config', config, '--json', ...words])).out) as LintResult).profile;
    assert.equal(await profileOf(), { id: 'lab', strong: 'error', weak: 'note', opaque: 'error' });
    assert.is((await profileOf('--profile', 'dev')).id, 'dev');
    const refused = await cli(['build', config, '--profile', 'none', '--output', join(folder, 'b.wim')]);
    assert.is(refused.code, 2);
    assert.match(refused.err, /profile "none": is not known \(there are release, nightly, dev, lab\)/);
  });
});

test.run();
