// libwim's decoder through the foreign function interface: refuses damage without harm, and is absent where the library is.
import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nativeDecoder } from '../../tools/libwim.ts';
import { seeded } from '../helpers/seeded.ts';

test('noise is refused or decoded, never more', async () => {
  const random = seeded(3);
  for (const compression of ['lzx', 'xpress', 'lzms'] as const) {
    const decode = await nativeDecoder(compression, 32_768);
    if (!decode) continue;
    for (let run = 0; run < 200; run++) {
      const stored = Uint8Array.from({ length: 1 + Math.floor(random() * 400) }, () => Math.floor(random() * 256));
      const store = new Uint8Array(4096 + 64).fill(0xee);
      const answer = decode(stored, store.subarray(32, 32 + 4096));
      assert.type(answer, 'boolean');
      assert.ok(store.subarray(0, 32).every((byte) => byte === 0xee) && store.subarray(32 + 4096).every((byte) => byte === 0xee));
    }
  }
});

test('without the library there is no decoder', () => {
  const script = `import { nativeDecoder } from './tools/libwim.ts';
    Object.defineProperty(process, 'platform', { value: 'win32' });
    if (await nativeDecoder('lzx', 32768) !== undefined) process.exit(1);`;
  execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
});

test.run();
