// What reg.exe is told; the hive is unloaded whatever happens, and no data is an argument.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { importIntoHive } from '../../tools/reg.ts';
import { withScratch } from '../../tools/scratch.ts';
import { withMockCommand } from '../helpers/mock-command.ts';
import { refusalOf } from '../helpers/refusal.ts';

const HIVE = 'C:\\mount\\Windows\\System32\\config\\SOFTWARE';
const text = (key: string) => `Windows Registry Editor Version 5.00\n\n[${key}\\Corp]\n"Name"="S3cret"\n`;

test('load, import, unload; the text is UTF-16 with a mark', () =>
  withScratch((folder) =>
    withMockCommand('reg.exe', '', async (mock) => {
      const file = join(folder, 'edits.reg');
      await importIntoHive(HIVE, file, text);
      const [load, imported, unload] = mock.calls();
      const key = load![1]!;
      assert.match(key, /^HKLM\\wtgforge-[0-9a-f]{16}$/);
      assert.equal(
        [load, imported, unload],
        [
          ['load', key, HIVE],
          ['import', file],
          ['unload', key],
        ],
      );
      const stored = readFileSync(file);
      assert.equal([...stored.subarray(0, 2)], [0xff, 0xfe]);
      const said = stored.subarray(2).toString('utf16le');
      assert.match(said, `[${key.replace('HKLM', 'HKEY_LOCAL_MACHINE')}\\Corp]\r\n`);
      assert.not.match(JSON.stringify(mock.calls()), 'S3cret');
    }),
  ));

test('an import that fails is told, and the hive is unloaded', () =>
  withScratch((folder) =>
    withMockCommand('reg.exe', '[ "$1" != import ] || { echo "ERROR: Error accessing the registry."; exit 1; }', async (mock) => {
      const error = await refusalOf(() => importIntoHive(HIVE, join(folder, 'edits.reg'), text));
      assert.match(error.message, /reg\.exe: failed with exit code 1 \(ERROR: Error accessing the registry\.\)/);
      assert.equal(
        mock.calls().map(([verb]) => verb),
        ['load', 'import', 'unload'],
      );
    }),
  ));

test('a hive that cannot be loaded is not unloaded', () =>
  withScratch((folder) =>
    withMockCommand('reg.exe', 'exit 1', async (mock) => {
      assert.is((await refusalOf(() => importIntoHive(HIVE, join(folder, 'edits.reg'), text))).code, 'TOOL_FAILED');
      assert.is(mock.calls().length, 1);
    }),
  ));

test.run();
