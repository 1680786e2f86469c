// wimlib-imagex into a named pipe: what it writes is read, how it ends is told, and nothing of it is left behind.
import { closeSync, mkdtempSync, readdirSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ToolError } from '../../errors.ts';
import { extractToFifo } from '../../tools/wimlib-fifo.ts';
import { withMockCommand } from '../helpers/mock-command.ts';

function all(fd: number): string {
  const buffer = Buffer.alloc(65_536);
  let text = '';
  for (let got = readSync(fd, buffer, 0, buffer.length, null); got > 0; got = readSync(fd, buffer, 0, buffer.length, null)) {
    text += buffer.toString('latin1', 0, got);
  }
  closeSync(fd);
  return text;
}

test('arguments, output and a good end', async () => {
  await withMockCommand('wimlib-imagex', 'cat "$(echo "$4" | cut -c2-)"; echo "$WIMLIB_IMAGEX_IGNORE_CASE"', async ({ calls }) => {
    const extraction = await extractToFifo('some.wim', 3, ['/a b', '/c']);
    assert.is(all(extraction.fd), '/a b\n/c\n0\n');
    assert.is(await extraction.ended(), undefined);
    const [argv] = await calls();
    assert.equal(argv!.slice(0, 1).concat(argv!.slice(2, 3)), ['extract', '3']);
  });
});

test('a bad end is said with what the tool said', async () => {
  await withMockCommand('wimlib-imagex', 'echo part; echo "it is broken" >&2; exit 9', async () => {
    const extraction = await extractToFifo('some.wim', 1, ['/a']);
    assert.is(all(extraction.fd), 'part\n');
    assert.is(await extraction.ended(), 'wimlib-imagex: failed with exit code 9 (it is broken)');
  });
});

test('stopped by us it did not fail', async () => {
  await withMockCommand('wimlib-imagex', 'echo begun; exec sleep 60', async () => {
    const extraction = await extractToFifo('some.wim', 1, ['/a']);
    assert.is(readSync(extraction.fd, Buffer.alloc(6), 0, 6, null), 6);
    extraction.stop();
    closeSync(extraction.fd);
    assert.is(await extraction.ended(), undefined);
  });
});

test('a tool that is not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wtgforge-test-'));
  const path = process.env.PATH;
  try {
    writeFileSync(join(folder, 'mkfifo'), '#!/bin/sh\nexec /usr/bin/mkfifo "$@"\n', { mode: 0o755 });
    process.env.PATH = folder;
    const extraction = await extractToFifo('some.wim', 1, ['/a']);
    assert.is(all(extraction.fd), '');
    let missing: unknown;
    await extraction.ended().catch((error: unknown) => {
      missing = error;
    });
    assert.ok(missing instanceof ToolError && missing.code === 'TOOL_MISSING');
    assert.equal(readdirSync(folder), ['mkfifo']);
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  }
});

test.run();
