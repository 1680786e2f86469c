// A program of the user in a whole build: the plan says what it cannot know, the saved plan holds, the gate looks at what came out, a failure leaves nothing.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mountsBelow } from '../helpers/mounts.ts';
import { needFuse, needTools } from '../helpers/need.ts';
import { cli } from '../helpers/run-cli.ts';
import { ALL_STEPS, inWorkspace } from '../helpers/workspace.ts';

const test = suite('on-mount build');
const withTools = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl' });
const e2e = needFuse(withTools as never);
const STEPS = `${ALL_STEPS.trim().slice(0, -1)}, onMount({ program: './tool.sh' })]`;
const HEAD = "import { onMount } from 'wtgforge/steps';";

function writeTool(folder: string, text: string): void {
  writeFileSync(join(folder, 'tool.sh'), `#!/bin/sh\nset -e\n${text}\n`);
  chmodSync(join(folder, 'tool.sh'), 0o755);
}

e2e('plan, build after the plan, and the same program in other words', () =>
  inWorkspace(async ({ folder, configure, output, build }) => {
    writeTool(folder, 'mkdir -p "$1/Corp"; printf by-tool > "$1/Corp/tool.txt"');
    const config = await configure({ steps: STEPS, head: HEAD });
    const saved = join(folder, 'plan.json');
    const plan = await cli(['plan', config, '--out', saved]);
    assert.is(plan.code, 0, plan.err);
    assert.match(plan.out, /on-mount .*\n +runs a program of yours: what it changes is known only after a build/);
    const built = await build('--plan', saved);
    assert.is(built.code, 0, built.err);
    const text = execFileSync('wimlib-imagex', ['extract', output, '1', '/Corp/tool.txt', '--to-stdout', '--quiet'], { encoding: 'utf8' });
    assert.is(text, 'by-tool');
    execFileSync('wimlib-imagex', ['verify', output], { stdio: 'pipe' });
    const report = JSON.parse(readFileSync(`${output}.report.json`, 'utf8')) as {
      steps: { step: string; unforeseen: boolean; changes: { at: string }[] }[];
    };
    const step = report.steps.find(({ step: id }) => id === 'on-mount')!;
    assert.ok(step.unforeseen);
    assert.equal(
      step.changes.map(({ at }) => at),
      ['/Corp/tool.txt'],
    );
    writeTool(folder, 'printf other > "$1/Windows/other.txt"');
    const refused = await build('--plan', saved, '--force');
    assert.is(refused.code, 2);
    assert.match(refused.err, /would not change what the plan says/);
    assert.equal(mountsBelow(folder), []);
  }),
);

e2e('what the program brings in is gated like anything else', () =>
  inWorkspace(async ({ folder, configure, output, build }) => {
    // A password in plain text, as a careless tool would leave it.
    const answer = `<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><AutoLogon><Username>a</Username><Password><Value>Summer2020!</Value><PlainText>true</PlainText></Password></AutoLogon></component></settings></unattend>`;
    writeFileSync(join(folder, 'bad.xml'), answer);
    writeTool(folder, `cp "${join(folder, 'bad.xml')}" "$1/Windows/bad-unattend.xml"`);
    await configure({ steps: "[onMount({ program: './tool.sh' })]", head: HEAD });
    const { code } = await build();
    assert.is(code, 1);
    assert.not(existsSync(output));
    assert.ok(existsSync(`${output}.rejected`));
  }),
);

e2e('a program that fails is exit 2, one line, and nothing left', () =>
  inWorkspace(async ({ folder, configure, listing, build }) => {
    writeTool(folder, 'echo "no licence" >&2; exit 4');
    await configure({ steps: STEPS, head: HEAD });
    const before = listing();
    const { code, err } = await build();
    assert.is(code, 2);
    assert.match(err, /on-mount: .*tool\.sh: failed with exit code 4 \(no licence\)/);
    assert.equal(listing(), before);
    assert.equal(mountsBelow(folder), []);
  }),
);

test.run();
