// Kinds of containers by their first bytes; made by the tools that write them where these are here.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contentKind, KIND_BYTES } from '../../formats/content-kind.ts';
import { needTools } from '../helpers/need.ts';

needTools(test, { '7zz': '7zip' })('archives as 7-Zip writes them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kind-'));
  try {
    writeFileSync(join(folder, 'a.txt'), 'content\n'.repeat(100));
    for (const kind of ['zip', '7z', 'tar', 'gzip', 'bzip2', 'xz', 'wim'] as const) {
      const file = join(folder, `out.${kind}`);
      execFileSync('7zz', ['a', `-t${kind}`, file, join(folder, 'a.txt')], { stdio: 'ignore' });
      assert.is(contentKind(readFileSync(file)), kind);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what lies far from the start is seen, and no further than is asked for', () => {
  const iso = new Uint8Array(KIND_BYTES);
  iso.set(Buffer.from('CD001'), 0x8001);
  assert.is(contentKind(iso), 'iso');
  assert.is(contentKind(iso.subarray(0, KIND_BYTES - 1)), undefined);
});

test('what only begins alike is nothing', () => {
  for (const text of ['', 'M', 'P', 'PK', 'PK\x03', 'MSCF', 'text', 'Rar!', 'BZ', '7z'])
    assert.is(contentKind(Buffer.from(text, 'latin1')), undefined);
  assert.is(contentKind(Buffer.from('MZ')), 'pe');
  assert.is(contentKind(gzipSync('x')), 'gzip');
});

test.run();
