// The gate on a built image with archives in it: what a Windows brings is accepted, what is hidden in one is found, what stays closed counts where it is started.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { locationText } from '../../lint/location.ts';
import type { LintResult } from '../../lint/result.ts';
import { pack } from '../helpers/archives.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';
import { cli } from '../helpers/run-cli.ts';
import { stockShape } from '../helpers/stock-shape.ts';
import { inWorkspace } from '../helpers/workspace.ts';

const e2e = needTools(test, { 'wimlib-imagex': 'wimtools', hivexregedit: 'libwin-hivex-perl', '7zz': '7zip' });

/** Builds an image with these files and lints what came out; the steps do not touch them. */
async function lintWith(extraFiles: Readonly<Record<string, Uint8Array | string>>, ...words: string[]) {
  let said: { code: number; result: LintResult; findings: string[] } | undefined;
  await inWorkspace(
    async ({ build, output, folder }) => {
      const { err } = await build();
      const built = existsSync(output) ? output : `${output}.rejected`;
      const { code, out } = await cli(['lint', built, '--config', join(folder, 'build.config.ts'), '--json', ...words]);
      assert.ok(out.startsWith('{'), err);
      const result = JSON.parse(out) as LintResult;
      const findings = result.images.flatMap((image) =>
        image.findings.map(({ rule, severity, at }) => `${severity} ${rule} ${locationText(at)}`),
      );
      said = { code, result, findings };
    },
    { extraFiles },
  );
  return said!;
}

e2e('an image in the shape of a stock Windows is accepted for a release', async () => {
  const { code, result, findings } = await lintWith(await stockShape());
  assert.is(code, 0, JSON.stringify([findings, result.images[0]!.outcomes.filter(({ outcome }) => outcome === 'unable')]));
  assert.is(result.verdict, 'accepted');
  // 36 packages are 1 content, 9 WIM 1, 15 msi 1; 27 cabinets, 11 gz, 6 msix, 1 zip.
  assert.is(result.stats.archives?.opened, 48);
  assert.equal(
    findings.filter((line) => line.includes('opaque-content')),
    ['warning hygiene/opaque-content /Windows/Help/mui/0409/damaged.CHM'],
  );
});

const ANSWER = (body: string) =>
  `<?xml version="1.0" encoding="utf-8"?><unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="oobeSystem"><component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">${body}</component></settings></unattend>`;

e2e('what is hidden in archives is found at its place, and rejects', async () => {
  const key = madeKey(7);
  const inner = pack('7z', { 'notes/licence.txt': `ProductKey=${key}` });
  const { code, result, findings } = await lintWith({
    '/Drivers/net.png': pack('zip', { 'oem/inner.bin': inner, 'tool/AutoPico.exe': 'MZ' }),
    '/Drivers/answers.zip': pack('zip', {
      'deploy/autounattend.xml': ANSWER(
        '<ComputerName>a name with spaces</ComputerName><AutoLogon><Password><Value>hunter2</Value></Password></AutoLogon>',
      ),
    }),
  });
  assert.is(code, 1);
  for (const wanted of [
    'error secrets/product-key /Drivers/net.png!oem/inner.bin!notes/licence.txt',
    'error activation/activator-name /Drivers/net.png!tool/AutoPico.exe',
    'error secrets/answer-file-password /Drivers/answers.zip!deploy/autounattend.xml',
  ])
    assert.ok(findings.includes(wanted), `${wanted}\n${findings.join('\n')}`);
  assert.ok(
    findings.some((line) => /answer-file\/computer-name \/Drivers\/answers\.zip!deploy\/autounattend\.xml/.test(line)),
    findings.join('\n'),
  );
  assert.not.match(JSON.stringify(result), key);
  assert.not.match(JSON.stringify(result), 'hunter2');
});

e2e('a locked archive that Setup opens rejects; left closed, nothing is accepted', async () => {
  const files = {
    '/Windows/System32/oobe/info/data.bin': pack('7z', { 'a.exe': 'MZ' }, '-psecret', '-mhe=on'),
    '/Windows/Setup/Scripts/SetupComplete.cmd': '7za x -psecret %SystemRoot%\\System32\\oobe\\info\\data.bin\r\n',
  };
  const { code, findings } = await lintWith(files);
  assert.is(code, 1);
  assert.ok(findings.includes('error hygiene/opaque-content /Windows/System32/oobe/info/data.bin'), findings.join('\n'));
  const closed = await lintWith({ '/Drivers/a.zip': pack('zip', { 'AutoPico.exe': 'MZ' }) }, '--no-archives');
  assert.is(closed.code, 2);
  assert.is(closed.result.verdict, 'undecided');
  assert.is(closed.result.stats.archives, undefined);
});

test.run();
