// The step on-mount: its changes are those of the program; a plan does not start it; a second run changes nothing; what it refuses.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Image } from '../../image/image.ts';
import { openImage } from '../../image/open.ts';
import { resolveOptions } from '../../pipeline/options.ts';
import type { Plan } from '../../pipeline/plan.ts';
import { runSteps } from '../../pipeline/run.ts';
import type { ConfiguredStep } from '../../pipeline/step.ts';
import { onMount } from '../../steps/on-mount.ts';
import { fakeImage } from '../helpers/fake-image.ts';
import { makeWim } from '../helpers/make-wim.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { refusalOf } from '../helpers/refusal.ts';
import { optionFaults, runStep, unchecked } from '../helpers/step-tester.ts';
import { windowsTree } from '../helpers/windows-tree.ts';

const test = suite('on-mount');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools' });
const withFuse = needFuse(withTools as never);
const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

function run(steps: readonly ConfiguredStep[], image: Image, dry: boolean) {
  const planned = steps.map(({ step, given }) => ({ step, options: resolveOptions(step.options, given, step.id, []) }));
  return runSteps({ steps: planned, folder } as unknown as Plan, image, { dry });
}

async function withWim(use: (image: Image) => Promise<void>): Promise<void> {
  const wim = join(folder, 'a.wim');
  makeWim(wim, { images: [{ files: windowsTree() }] });
  const image = await openImage(wim);
  try {
    await use(image);
  } finally {
    await image.close();
  }
}

writeFileSync(join(folder, 'tool.sh'), '#!/bin/sh\nprintf "%s" "$2" > "$1/Windows/by-tool.txt"\n');
chmodSync(join(folder, 'tool.sh'), 0o755);
const tool = () => onMount({ program: './tool.sh', arguments: ['{mount}', 'said {x}'], inputs: ['tool.sh'] });

withFuse('what the program does is the change of the step; the program counts as an input', () =>
  withWim(async (image) => {
    const { steps, journal } = await run([tool()], image, false);
    assert.equal(
      steps[0]!.described.map(({ step, kind, at, after }) => [step, kind, at, after]),
      [['on-mount', 'write', '/Windows/by-tool.txt', '8 bytes']],
    );
    assert.ok(steps[0]!.unforeseen);
    assert.equal(
      steps[0]!.inputs.map(({ path }) => path),
      ['./tool.sh', 'tool.sh'],
    );
    assert.is(Buffer.from(await journal.draft('x').read('/Windows/by-tool.txt')).toString(), 'said {x}');
    // The same program over what came out: nothing.
    const again = await run([tool(), tool()], image, false);
    assert.equal(
      again.steps.map(({ changes }) => changes.length),
      [1, 0],
    );
  }),
);

test('a dry run reads the inputs and starts nothing', async () => {
  const { steps } = await run([tool()], fakeImage({ files: { '/Windows/a': 'x' } }), true);
  assert.equal([steps[0]!.changes, steps[0]!.unforeseen, steps[0]!.inputs.length], [[], true, 2]);
});

test('is skipped with a reason without a Windows', async () => {
  const { skipped } = await runStep(onMount({ program: 'true' }), fakeImage({}));
  assert.match(skipped ?? '', /no Windows folder/);
});

test('a program that would not know the folder, and an absent input, are refused', async () => {
  const image = fakeImage({ files: { '/Windows/a': 'x' } });
  assert.match(
    (await refusalOf(() => run([onMount({ program: 'true', arguments: ['x'] })], image, true))).message,
    /no argument holds \{mount\}/,
  );
  assert.is((await refusalOf(() => run([onMount({ program: 'true', inputs: ['absent'] })], image, true))).code, 'HOST_FILE_ABSENT');
});

withFuse('a failing program is an error of the step', () =>
  withWim(async (image) => {
    const error = await refusalOf(() => run([onMount({ program: 'false' })], image, false));
    assert.is(error.code, 'PROGRAM_FAILED');
    assert.match(error.message, /^on-mount: false: failed with exit code 1/);
  }),
);

test('a time limit of nothing is refused', () => {
  assert.equal(optionFaults(unchecked(onMount, { program: 'x', timeLimit: 0 })), ['on-mount.timeLimit: must be at least 1 (is 0)']);
  assert.equal(optionFaults(unchecked(onMount, {})), [
    "on-mount.program: is missing (A path from the config's folder, or a name that is sought in PATH)",
  ]);
});

test.run();
