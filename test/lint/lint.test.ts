// The gate on real WIM files: opened from disk, every image, real YARA-X, real hive damage.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ImageError, type WtgforgeError } from '../../errors.ts';
import { utf16Bytes } from '../../formats/bytes.ts';
import { type LintOptions, lintContainer } from '../../lint/lint.ts';
import type { Rule } from '../../lint/rule.ts';
import { kmsProtocolConstants } from '../../rules/activation/kms-protocol-constants.ts';
import { sppImageHijack } from '../../rules/activation/spp-image-hijack.ts';
import { productKey } from '../../rules/secrets/product-key.ts';
import { withScratch } from '../../tools/scratch.ts';
import { needTools } from '../helpers/need.ts';
import { madeKey } from '../helpers/product-keys.ts';

const withWimlib = needTools(test, { 'wimlib-imagex': 'wimtools' });
const RULES = [kmsProtocolConstants, productKey, sppImageHijack] as unknown as readonly Rule[];
const OPTIONS: LintOptions = { rules: RULES, policy: { kmsHosts: [] }, options: {}, allow: [] };

function lay(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function wimlib(...args: readonly string[]): void {
  const run = spawnSync('wimlib-imagex', args, { encoding: 'utf8' });
  assert.is(run.status, 0, run.stderr);
}

withWimlib('two images of a real WIM: contents found in both, damage and absence of a hive told', async () => {
  await withScratch(async (folder) => {
    const wim = join(folder, 'test.wim');
    const emulator = Buffer.concat([
      Buffer.from('MZ'),
      Buffer.alloc(5_000_000, 7),
      Buffer.from('05 3D 83 07 F9 E5 F0 88 A9 4A 41 95 E2 01 43 2D'.replaceAll(' ', ''), 'hex'),
    ]);
    const shared = { 'Windows/a/server.exe': emulator, 'Windows/b/copy.exe': emulator };
    const one = lay(join(folder, 'one'), {
      ...shared,
      'Windows/System32/config/SOFTWARE': Buffer.alloc(8192, 'no hive'),
      'Windows/Panther/Überprüfung.xml': utf16Bytes(`\ufeff<ProductKey>${madeKey(4)}</ProductKey>`),
    });
    wimlib('capture', one, wim, 'One', '--compress=lzx');
    wimlib('append', lay(join(folder, 'two'), { 'Windows/c/server.exe': emulator }), wim, 'Two');

    const result = await lintContainer(wim, OPTIONS);
    assert.is(result.verdict, 'rejected');
    const found = result.images.map(({ findings }) =>
      findings.map(({ messageId, at }) => `${messageId} ${'file' in at ? `${at.file} ${at.offset}` : ''}`).sort(),
    );
    assert.equal(found, [
      ['certain /Windows/a/server.exe 5000002', 'certain /Windows/b/copy.exe 5000002', 'textKey /Windows/Panther/Überprüfung.xml 26'],
      ['certain /Windows/c/server.exe 5000002'],
    ]);
    const reasons = result.images.map(({ outcomes }) => outcomes.map((one_) => ('reason' in one_ ? one_.reason : one_.outcome)));
    assert.match(reasons[0]![2]!, /^\/Windows\/System32\/config\/SOFTWARE: is not a sound hive/);
    assert.match(reasons[1]![2]!, /config\/SOFTWARE/);
    assert.not.match(JSON.stringify(result), madeKey(4));

    const second = await lintContainer(wim, { ...OPTIONS, images: [2], rules: [kmsProtocolConstants as unknown as Rule] });
    assert.is(second.images.length, 1);
    const sha256 = createHash('sha256').update(emulator).digest('hex');
    assert.is(second.images[0]!.findings[0]!.sha256, sha256);
    const allow = [{ rule: kmsProtocolConstants.id, sha256, reason: 'for the test', until: '9999-12-31' }];
    assert.is(
      (await lintContainer(wim, { ...OPTIONS, images: [2], rules: [kmsProtocolConstants as unknown as Rule], allow })).verdict,
      'accepted',
    );
  });
});

withWimlib('damaged content leaves it undecided', async () => {
  await withScratch(async (folder) => {
    const wim = join(folder, 'test.wim');
    const marker = Buffer.from('here stands some content that is found again');
    wimlib('capture', lay(join(folder, 'one'), { 'a.txt': marker, 'b.txt': 'other' }), wim, 'One', '--compress=none');
    const bytes = readFileSync(wim);
    const at = bytes.indexOf(marker);
    assert.ok(at > 0);
    bytes[at] = 0x48;
    writeFileSync(wim, bytes);
    const result = await lintContainer(wim, { ...OPTIONS, rules: [kmsProtocolConstants as unknown as Rule] });
    assert.is(result.verdict, 'undecided');
    assert.match(JSON.stringify(result.images[0]!.outcomes), '/a.txt: ');
    assert.is(result.stats.bytesSkipped, marker.length);
  });
});

test('what is no container is an error, whatever it is', async () => {
  await withScratch(async (folder) => {
    const text = join(folder, 'text.wim');
    writeFileSync(text, 'not a wim');
    for (const path of [text, folder, join(folder, 'absent.wim')]) {
      try {
        await lintContainer(path, OPTIONS);
        assert.unreachable();
      } catch (error) {
        assert.instance(error, ImageError);
      }
    }
  });
});

test('wrong options come before a missing file', async () => {
  try {
    await lintContainer('/absent.wim', { ...OPTIONS, options: { none: {} } });
    assert.unreachable();
  } catch (error) {
    assert.is((error as WtgforgeError).code, 'LINT_OPTIONS');
  }
});

test.run();
